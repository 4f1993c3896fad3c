import type { Measure } from '../measure.ts';
import { changes } from './changes.ts';
import { deviceSync } from './device-sync.ts';
import { firstSync } from './first-sync.ts';
import { idle } from './idle.ts';
import { ingest } from './ingest.ts';
import { photos } from './photos.ts';
import { propagation } from './propagation.ts';
import { renditions } from './renditions.ts';
import { rescan } from './rescan.ts';
import { stalled } from './stalled.ts';
import { timeline } from './timeline.ts';
import { web } from './web.ts';

/** In the order of docs/performance.md. */
export const measures: ReadonlyMap<string, Measure> = new Map<string, Measure>([
  ['idle', idle],
  ['ingest', ingest],
  ['photos', photos],
  ['renditions', renditions],
  ['first-sync', firstSync],
  ['changes', changes],
  ['timeline', timeline],
  ['web', web],
  ['propagation', propagation],
  ['stalled', stalled],
  ['rescan', rescan],
  ['device-sync', deviceSync],
]);
