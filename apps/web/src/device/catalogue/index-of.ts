import type { AssetId } from '@everroll/protocol';
import { type CollectionIndex, type CollectionRows, RowFlag, ROWS_PAGE } from '../contract/collections.ts';
import { type Columns, HASH_BYTES } from './columns.ts';
import { packedMean } from './mean-colour.ts';

const DAY_MS = 86_400_000;

/** What stands in the timeline neither hidden nor archived. */
export const AWAY = RowFlag.hidden | RowFlag.archived;

/** Of the order of what is live, what the timeline shows. */
export function inLibrary({ data: { flags } }: Columns, live: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  return live.filter((slot) => ((flags[slot] ?? 0) & AWAY) === 0);
}

/** @param byDeletion its days are those of the deletion. */
export function indexOf(columns: Columns, version: number, slots: Uint32Array, byDeletion = false): CollectionIndex {
  const { data } = columns;
  const times = byDeletion ? data.orderedBy : data.localTimes;
  const [ratios, days, colours] = [new Uint16Array(slots.length), new Int32Array(slots.length), new Uint16Array(slots.length)];
  for (let at = 0; at < slots.length; at += 1) {
    const slot = slots[at] ?? 0;
    ratios[at] = data.ratios[slot] ?? 0;
    days[at] = Math.floor((times[slot] ?? 0) / DAY_MS);
    colours[at] = packedMean(data.hashes, slot * HASH_BYTES + 1, data.hashes[slot * HASH_BYTES] ?? 0);
  }
  return { version, count: slots.length, ratios, days, colours, head: rowsOf(columns, version, slots.subarray(0, ROWS_PAGE), 0) };
}

export function rowsOf(columns: Columns, version: number, slots: Uint32Array, from: number): CollectionRows {
  const all = [...slots];
  return {
    version,
    from,
    count: slots.length,
    ids: all.map((slot) => columns.idAt(slot) as AssetId),
    shown: all.map((slot) => columns.shownAt(slot)),
    flags: Uint16Array.from(slots, (slot) => columns.data.flags[slot] ?? 0),
    localTimes: Float64Array.from(slots, (slot) => columns.data.localTimes[slot] ?? 0),
    durations: Uint32Array.from(slots, (slot) => columns.data.durations[slot] ?? 0),
    thumbhashes: all.map((slot) => columns.thumbhashAt(slot)),
  };
}
