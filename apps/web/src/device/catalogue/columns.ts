import type { Described } from './describe.ts';
import { bytesOfHex, hexOf, writeHex } from './hex.ts';
import { IdTable } from './id-table.ts';

/** A thumbhash has some 25 bytes; the first of its 32 says how many. A longer one is passed over. */
export const HASH_BYTES = 32;

/** The columns and their bytes for each asset: 106 in all, so that a million assets are 106 MB. */
export interface ColumnData {
  readonly ids: Uint8Array<ArrayBuffer>;
  readonly shown: Uint8Array<ArrayBuffer>;
  readonly hashes: Uint8Array<ArrayBuffer>;
  readonly localTimes: Float64Array<ArrayBuffer>;
  readonly orderedBy: Float64Array<ArrayBuffer>;
  readonly durations: Uint32Array<ArrayBuffer>;
  readonly ratios: Uint16Array<ArrayBuffer>;
  readonly flags: Uint16Array<ArrayBuffer>;
  readonly kinds: Uint8Array<ArrayBuffer>;
  /** Live or in Recently Deleted; 0: the slot is free. */
  readonly states: Uint8Array<ArrayBuffer>;
}

export const SlotState = { free: 0, live: 1, trashed: 2 } as const;

export function emptyColumns(capacity: number): ColumnData {
  return {
    ids: new Uint8Array(capacity * 16),
    shown: new Uint8Array(capacity * 32),
    hashes: new Uint8Array(capacity * HASH_BYTES),
    localTimes: new Float64Array(capacity),
    orderedBy: new Float64Array(capacity),
    durations: new Uint32Array(capacity),
    ratios: new Uint16Array(capacity),
    flags: new Uint16Array(capacity),
    kinds: new Uint8Array(capacity),
    states: new Uint8Array(capacity),
  };
}

/** What each asset is, in slots that it keeps while it is there. */
export class Columns {
  data: ColumnData;
  /** Slots that were ever used. */
  end: number;
  #known: IdTable | null = null;
  readonly #free: number[] = [];

  constructor(data: ColumnData = emptyColumns(1024), end = 0) {
    this.data = data;
    this.end = end;
    for (let slot = 0; slot < end; slot += 1) if (data.states[slot] === SlotState.free) this.#free.push(slot);
  }

  /** Made when a photo is first looked for by its id: showing what a file holds needs none. */
  get #table(): IdTable {
    if (this.#known !== null) return this.#known;
    this.#known = new IdTable((slot) => this.data.ids.subarray(slot * 16, slot * 16 + 16), this.end);
    for (let slot = 0; slot < this.end; slot += 1) if (this.data.states[slot] !== SlotState.free) this.#known.add(slot);
    return this.#known;
  }

  /** -1: there is none. */
  find(id: string): number {
    return this.#table.find(bytesOfHex(id));
  }

  /** @returns the slot, and whether anything in it is another than before. */
  put(row: Described): { readonly slot: number; readonly changed: boolean } {
    const known = this.find(row.id);
    const slot = known >= 0 ? known : this.#take();
    const { data } = this;
    const state = row.isTrashed ? SlotState.trashed : SlotState.live;
    if (known < 0) writeHex(row.id, data.ids, slot * 16);
    const hash = row.thumbhash.length < HASH_BYTES ? row.thumbhash : row.thumbhash.subarray(0, 0);
    if (known >= 0 && this.#isAt(slot, row, state, hash)) return { slot, changed: false };
    writeHex(row.shown, data.shown, slot * 32);
    data.hashes[slot * HASH_BYTES] = hash.length;
    data.hashes.set(hash, slot * HASH_BYTES + 1);
    data.localTimes[slot] = row.localTime;
    data.orderedBy[slot] = row.orderedBy;
    data.durations[slot] = row.durationMs;
    data.ratios[slot] = row.ratio;
    data.flags[slot] = row.flags;
    data.kinds[slot] = row.kinds;
    data.states[slot] = state;
    if (known < 0) this.#table.add(slot);
    return { slot, changed: true };
  }

  #isAt(slot: number, row: Described, state: number, hash: Uint8Array): boolean {
    const { data } = this;
    const at = slot * HASH_BYTES;
    return (
      data.states[slot] === state &&
      data.orderedBy[slot] === row.orderedBy &&
      data.localTimes[slot] === row.localTime &&
      data.durations[slot] === row.durationMs &&
      data.ratios[slot] === row.ratio &&
      data.flags[slot] === row.flags &&
      data.kinds[slot] === row.kinds &&
      data.hashes[at] === hash.length &&
      hash.every((byte, index) => data.hashes[at + 1 + index] === byte) &&
      this.shownAt(slot) === row.shown
    );
  }

  /** -1: there was none. */
  remove(id: string): number {
    const bytes = bytesOfHex(id);
    const slot = this.#table.find(bytes);
    if (slot < 0) return slot;
    this.#table.remove(bytes);
    this.data.states[slot] = SlotState.free;
    this.#free.push(slot);
    return slot;
  }

  idAt(slot: number): string {
    return hexOf(this.data.ids.subarray(slot * 16, slot * 16 + 16));
  }

  shownAt(slot: number): string {
    return hexOf(this.data.shown.subarray(slot * 32, slot * 32 + 32));
  }

  thumbhashAt(slot: number): Uint8Array {
    const at = slot * HASH_BYTES;
    return this.data.hashes.slice(at + 1, at + 1 + (this.data.hashes[at] ?? 0));
  }

  #take(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.end === this.data.states.length) this.#grow();
    this.end += 1;
    return this.end - 1;
  }

  #grow(): void {
    const larger = emptyColumns(this.data.states.length * 2);
    for (const name of Object.keys(larger) as (keyof ColumnData)[]) larger[name].set(this.data[name]);
    this.data = larger;
  }
}
