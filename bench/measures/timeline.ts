import type { LibraryId } from '@everroll/protocol';
import { periodsOf } from '../../apps/web/src/timeline/periods.ts';
import { photoAt } from '../libraries/photos.ts';
import { type Options, scaled, type Table } from '../measure.ts';
import { median, spread } from '../statistics.ts';

const ASSETS = 1_100_000;
const TURNS = 50;
const DAY_MS = 86_400_000;

/** The months of a whole timeline with their numbers of photos, from the columns that the browser keeps of its replica. */
export async function timeline(options: Options): Promise<Table> {
  const assets = scaled(ASSETS, options);
  const days = Int32Array.from({ length: assets }, (_, index) => Math.floor(photoAt(index, assets, '0'.repeat(32) as LibraryId).capturedAt / DAY_MS))
    .toSorted()
    .toReversed();
  const columns = { days, count: assets, ratios: new Uint16Array(assets) };
  const samples: number[] = [];
  let months = 0;
  for (let turn = 0; turn <= TURNS; turn += 1) {
    const began = performance.now();
    months = periodsOf(columns, 'months').length;
    if (turn > 0) samples.push(performance.now() - began);
  }
  return {
    figures: { timeline: `${median(samples).toFixed(3)} ms` },
    title: `The months of a timeline of ${assets.toLocaleString('en')} photos, from the replica`,
    columns: ['months', 'ms', 'quarters'],
    rows: [[months, median(samples).toFixed(3), spread(samples, 3)]],
    notes: ['Aim: <= 5 ms. The strongest peer, which asks its server, measured elsewhere: 362 ms. How a browser scrolls through them: `npm run bench -- web`.'],
  };
}
