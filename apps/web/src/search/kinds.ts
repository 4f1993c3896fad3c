import type { CollectionKind } from '../device/contract.ts';

export const collectionKinds = ['videos', 'live_photos', 'portraits', 'panoramas', 'slow_motion', 'time_lapse', 'bursts', 'motion_photos', 'screenshots', 'raw', 'animated'] as const satisfies readonly CollectionKind[];

export const isCollectionKind = (text: string): text is CollectionKind => (collectionKinds as readonly string[]).includes(text);
