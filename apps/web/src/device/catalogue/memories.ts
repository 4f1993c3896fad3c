import type { AssetId } from '@everroll/protocol';
import type { Memory } from '../contract/assets.ts';
import { RowFlag } from '../contract/collections.ts';
import type { Catalogue } from './catalogue.ts';

const DAY_MS = 86_400_000;
const LEFT_OUT = RowFlag.hidden | RowFlag.archived | RowFlag.noPicture;
/** Fewer photos of a day make no memory. */
const FEWEST = 2;

/** What was taken on this day of earlier years, the latest year first. @param today `2026-11-23` */
export function memoriesOf({ columns, live }: Catalogue, today: string): Memory[] {
  const [year, monthAndDay] = [Number(today.slice(0, 4)), today.slice(5)];
  const memories: Memory[] = [];
  const oldest = live.at(-1);
  const firstYear = oldest === undefined ? year : new Date(columns.data.localTimes[oldest] ?? 0).getUTCFullYear();
  for (let of = year - 1; of >= firstYear; of -= 1) {
    const from = Date.parse(`${String(of).padStart(4, '0')}-${monthAndDay}T00:00:00Z`);
    // The 29th of February is no day of most years.
    if (Number.isNaN(from) || new Date(from).toISOString().slice(5, 10) !== monthAndDay) continue;
    const slots = [...live.subarray(firstBefore(columns.data.localTimes, live, from + DAY_MS), firstBefore(columns.data.localTimes, live, from))].filter((slot) => ((columns.data.flags[slot] ?? 0) & LEFT_OUT) === 0);
    const cover = slots.find((slot) => ((columns.data.flags[slot] ?? 0) & RowFlag.favourite) !== 0) ?? slots[0];
    if (cover === undefined || slots.length < FEWEST) continue;
    memories.push({ year: of, yearsAgo: year - of, assets: slots.map((slot) => columns.idAt(slot) as AssetId), cover: { id: columns.idAt(cover) as AssetId, shown: columns.shownAt(cover) } });
  }
  return memories;
}

/** The first position whose time lies before `time`; the order is newest first. */
function firstBefore(times: Float64Array, order: Uint32Array, time: number): number {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[order[middle] ?? 0] ?? 0) >= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
