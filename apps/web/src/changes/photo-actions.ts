import type { AssetId } from '@everroll/protocol';
import { useMemo } from 'react';
import { strings } from '../strings/strings.ts';
import { type MakeChange, useChange } from './use-change.ts';

export interface PhotoActions {
  readonly favourite: (assets: readonly AssetId[], on: boolean) => void;
  readonly hide: (assets: readonly AssetId[], on: boolean) => void;
  readonly archive: (assets: readonly AssetId[], on: boolean) => void;
  readonly delete: (assets: readonly AssetId[]) => void;
  readonly recover: (assets: readonly AssetId[]) => void;
  readonly purge: (assets: readonly AssetId[]) => void;
}

/** What can be done with any photos, in one act each. */
export function usePhotoActions(): PhotoActions {
  const change = useChange();
  return useMemo(() => actionsBy(change), [change]);
}

function actionsBy(change: MakeChange): PhotoActions {
  const said = strings.timeline.done;
  return {
    favourite: (assets, on) => void change({ do: 'favourite', assets, on }, on ? said.favourite : said.unfavourite),
    hide: (assets, on) => void change({ do: 'hide', assets, on }, on ? said.hide : said.unhide),
    archive: (assets, on) => void change({ do: 'archive', assets, on }, on ? said.archive : said.unarchive),
    delete: (assets) => void change({ do: 'delete', assets }, said.delete),
    recover: (assets) => void change({ do: 'recover', assets }, said.recover),
    purge: (assets) => void change({ do: 'purge', assets }, said.purge),
  };
}
