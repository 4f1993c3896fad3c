import { type CollectionKind, RowFlag } from '../contract/collections.ts';
import type { Catalogue } from './catalogue.ts';
import { kindBit } from './describe.ts';

/** Whether the asset in a slot is of a kind, by its flags. */
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
