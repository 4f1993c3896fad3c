import type { Driver } from '@everroll/engine';
import { type CollectionCounts, type CollectionKind, RowFlag, type Scope } from '../contract/collections.ts';
import { albumAssets } from './albums.ts';
import type { Catalogue } from './catalogue.ts';
import { SlotState } from './columns.ts';
import { AWAY, inLibrary } from './index-of.ts';
import { collectionKinds, isOfKind } from './kinds.ts';
import { searchSlots } from './search.ts';

/** The slots of a collection, in its order. */
export function slotsOf(driver: Driver, catalogue: Catalogue, scope: Scope): Uint32Array<ArrayBuffer> {
  const { columns, live, trashed } = catalogue;
  const { flags, states } = columns.data;
  const flagsAt = (slot: number): number => flags[slot] ?? 0;
  switch (scope.of) {
    case 'library':
      return inLibrary(columns, live);
    case 'favourites':
      return live.filter((slot) => (flagsAt(slot) & (AWAY | RowFlag.favourite)) === RowFlag.favourite);
    case 'archive':
      return live.filter((slot) => (flagsAt(slot) & AWAY) === RowFlag.archived);
    case 'hidden':
      return live.filter((slot) => (flagsAt(slot) & RowFlag.hidden) !== 0);
    case 'deleted':
      return trashed.slice();
    case 'kind':
      return live.filter((slot) => (flagsAt(slot) & AWAY) === 0 && isOfKind(catalogue, slot, scope.kind));
    case 'album':
      return these(catalogue, albumAssets(driver, scope.album));
    case 'these':
      return these(catalogue, scope.assets);
    case 'search':
      return searchSlots(driver, catalogue, scope.query);
  }

  function these({ columns: all }: Catalogue, ids: readonly string[]): Uint32Array<ArrayBuffer> {
    return Uint32Array.from(ids.map((id) => all.find(id)).filter((slot) => slot >= 0 && states[slot] === SlotState.live && (flagsAt(slot) & RowFlag.hidden) === 0));
  }
}

export function countsOf(catalogue: Catalogue): Omit<CollectionCounts, 'isRemembered'> {
  const { live, trashed, columns } = catalogue;
  const kinds = Object.fromEntries(collectionKinds.map((kind) => [kind, 0])) as Record<CollectionKind, number>;
  const counts = { library: 0, favourites: 0, archive: 0, hidden: 0, deleted: trashed.length };
  for (const slot of live) {
    const flags = columns.data.flags[slot] ?? 0;
    if ((flags & RowFlag.hidden) !== 0) counts.hidden += 1;
    else if ((flags & RowFlag.archived) !== 0) counts.archive += 1;
    else {
      counts.library += 1;
      if ((flags & RowFlag.favourite) !== 0) counts.favourites += 1;
      for (const kind of collectionKinds) if (isOfKind(catalogue, slot, kind)) kinds[kind] += 1;
    }
  }
  return { ...counts, kinds };
}
