import type { AssetId } from '@everroll/protocol';
import type { Face } from '../contract/assets.ts';
import type { Catalogue } from './catalogue.ts';

/** What it takes to show these photos small, in their order. */
export function facesOf({ columns }: Catalogue, ids: readonly AssetId[]): Face[] {
  return ids.flatMap((id) => {
    const slot = columns.find(id);
    return slot < 0 ? [] : [{ id, shown: columns.shownAt(slot), flags: columns.data.flags[slot] ?? 0, ratio: (columns.data.ratios[slot] ?? 1000) / 1000 }];
  });
}
