import type { Driver } from '@everroll/engine';
import { type CollectionCounts, type CollectionKind, RowFlag, type Scope } from '../contract/collections.ts';
import { albumAssets } from './albums.ts';
import type { Catalogue } from './catalogue.ts';
import { SlotState } from './columns.ts';
import { kindBit } from './describe.ts';
import { searchSlots } from './search.ts';

const AWAY = RowFlag.hidden | RowFlag.archived;

/** The slots of a collection, in its order. */
export function slotsOf(driver: Driver, catalogue: Catalogue, scope: Scope): Uint32Array<ArrayBuffer> {
  const { columns, live, trashed } = catalogue;
  const { flags, states } = columns.data;
  const flagsAt = (slot: number): number => flags[slot] ?? 0;
  switch (scope.of) {
    case 'library':
      return live.filter((slot) => (flagsAt(slot) & AWAY) === 0);
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

/** Whether the order is by time, so that days are sorted. */
export function isOfKind({ columns }: Catalogue, slot: number, kind: CollectionKind | 'photos'): boolean {
  const flags = columns.data.flags[slot] ?? 0;
  const has = (flag: number): boolean => (flags & flag) !== 0;
  const marked = (bit: number): boolean => ((columns.data.kinds[slot] ?? 0) & bit) !== 0;
  switch (kind) {
    case 'photos':
      return !has(RowFlag.video);
    case 'videos':
      return has(RowFlag.video);
    case 'live_photos':
      return has(RowFlag.livePhoto);
    case 'raw':
      return has(RowFlag.raw);
    case 'panoramas':
      return has(RowFlag.panorama);
    case 'bursts':
      return has(RowFlag.burst);
    case 'animated':
      return has(RowFlag.animated);
    case 'motion_photos':
      return has(RowFlag.motionPhoto);
    case 'screenshots':
      return marked(kindBit.screenshot);
    case 'portraits':
      return marked(kindBit.portrait);
    case 'slow_motion':
      return marked(kindBit.slow_motion);
    case 'time_lapse':
      return marked(kindBit.time_lapse);
  }
}

export const collectionKinds: readonly CollectionKind[] = ['videos', 'live_photos', 'raw', 'panoramas', 'screenshots', 'portraits', 'slow_motion', 'time_lapse', 'bursts', 'animated', 'motion_photos'];

export function countsOf(catalogue: Catalogue): CollectionCounts {
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
