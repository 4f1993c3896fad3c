import type { AssetId, FreeUpItem, FreeUpSection } from '@everroll/protocol';
import { type ReactNode, useCallback, useState } from 'react';
import { useAsked } from '../app/asked.ts';
import { useDevice } from '../app/device-context.tsx';
import { useChange } from '../changes/use-change.ts';
import { formatBytes } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';
import { Picture } from '../timeline/picture.tsx';
import { Button } from '../ui/button.tsx';
import { Confirmation, Dialog } from '../ui/dialog.tsx';
import { Loading } from '../ui/progress.tsx';
import { Problem } from '../ui/reason.tsx';
import { useShown } from './shown.ts';

const SHOWN = 60;
const words = strings.storage;

export interface FreeUpDialogProps {
  readonly section: FreeUpSection;
  readonly onClose: () => void;
  readonly onFreed: () => void;
}

/** The photos of one section, to choose from, with what it frees before one confirms. */
export function FreeUpDialog({ section, onClose, onFreed }: FreeUpDialogProps): ReactNode {
  const { storage } = useDevice();
  const { asked } = useAsked(useCallback(() => storage.freeUpItems(section, null, SHOWN), [storage, section]));
  const change = useChange();
  const [chosen, setChosen] = useState<ReadonlySet<AssetId>>(new Set());
  const [isAsking, setAsking] = useState(false);
  const isForGood = section === 'recentlyDeleted';
  const items = asked.state === 'here' ? asked.value.items : [];
  const bytes = items.filter(({ assetId }) => chosen.has(assetId)).reduce((sum, { freesBytes }) => sum + freesBytes, 0);
  const free = async (): Promise<void> => {
    const assets = [...chosen];
    await change(isForGood ? { do: 'purge', assets } : { do: 'delete', assets }, isForGood ? strings.timeline.done.purge : strings.timeline.done.delete);
    onFreed();
    onClose();
  };
  const toggle = (id: AssetId): void => setChosen((before) => (before.has(id) ? new Set([...before].filter((one) => one !== id)) : new Set([...before, id])));
  return (
    <Dialog title={words.sections[section]} isOpen onClose={onClose} isWide>
      <p className="lead">{isForGood ? strings.timeline.purgeText : words.goesToDeleted}</p>
      {asked.state === 'loading' && <Loading />}
      {asked.state === 'failed' && <Problem failure={asked.failure} />}
      <div className="free-items">
        {items.map((item) => (
          <FreeItem key={item.assetId} item={item} isChosen={chosen.has(item.assetId)} onToggle={() => toggle(item.assetId)} />
        ))}
      </div>
      <div className="actions">
        <Button onPress={onClose}>{strings.actions.cancel}</Button>
        <Button look="danger filled" isDisabled={chosen.size === 0} onPress={() => (isForGood ? setAsking(true) : void free())}>
          {chosen.size === 0 ? strings.actions.delete : words.deleteChosen(chosen.size, formatBytes(bytes))}
        </Button>
      </div>
      <Confirmation isOpen={isAsking} onClose={() => setAsking(false)} title={strings.timeline.purgeTitle(chosen.size)} text={strings.timeline.purgeText} action={strings.actions.deleteForGood} onConfirm={() => void free()} />
    </Dialog>
  );
}

function FreeItem({ item, isChosen, onToggle }: { readonly item: FreeUpItem; readonly isChosen: boolean; readonly onToggle: () => void }): ReactNode {
  const shown = useShown(item.assetId);
  return (
    <label>
      <input type="checkbox" checked={isChosen} onChange={onToggle} aria-label={item.name} />
      {shown !== null && <Picture id={item.assetId} shown={shown} rendition="thumb" onlyHere={false} alt="" />}
      <span className="figures">{formatBytes(item.freesBytes)}</span>
    </label>
  );
}
