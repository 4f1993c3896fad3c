import type { Driver } from '@everroll/engine';
import type { Member } from '../contract/session.ts';
import type { Catalogue, Saved } from './catalogue.ts';
import { type ColumnData, type Columns, emptyColumns, SlotState } from './columns.ts';
import { readColumns, writeColumns } from './columns-file.ts';
import type { Early } from './early.ts';
import type { StandingFile } from './standing.ts';

/**
 * The catalogue as a file, so that the timeline opens without reading a row of the database: a
 * million assets in some 50 ms instead of some 20 s.
 *
 * There are two files, written in turns. The database says which one holds (`web_file`), in the same
 * transaction that forgets the changes which are in it. A tab that is killed at any moment leaves the
 * one that holds untouched, and all changes after it noted.
 */
export class CatalogueFile {
  readonly #driver: Driver;
  readonly #isKept: boolean;
  readonly #standing: StandingFile | null;
  #member: Member | null = null;
  /** Of the file that was read or written here. */
  #known = 0;

  /** @param standing null: this browser keeps none. */
  constructor(driver: Driver, isKept: boolean, standing: StandingFile | null) {
    this.#driver = driver;
    this.#isKept = isKept;
    this.#standing = standing;
  }

  /**
   * @param early what was read before the database was open: that, if it is the file that holds.
   * @returns null: there is none, or none that fits.
   */
  async read(early: Early | null): Promise<Saved | null> {
    const generation = this.#generation();
    if (!this.#isKept || generation === 0) return null;
    const saved = early?.generation === generation ? early : await readColumns(generation);
    if (saved !== null) this.#known = generation;
    return saved;
  }

  /** Writes what the catalogue holds; then the changes up to `taken` need not be noted any more. */
  async write(catalogue: Catalogue): Promise<void> {
    if (!this.#isKept) return;
    const { columns, taken } = catalogue;
    const generation = this.#generation() + 1;
    // All of it in this one step: the columns go on changing.
    const data = compacted(columns, catalogue.stored(catalogue.live), catalogue.stored(catalogue.trashed));
    if (!(await writeColumns(generation, data, taken))) return;
    this.#driver.transaction(() => {
      this.#driver.exec('DELETE FROM web_file');
      this.#driver.prepare('INSERT INTO web_file (generation) VALUES (?)').run(generation);
      this.#driver.prepare('DELETE FROM web_change WHERE n <= ?').run(taken);
    });
    this.#known = generation;
    this.#stand();
  }

  /** @param member who is signed in, and nothing stands against showing their photos at once when this browser starts next; null: ask the database first. */
  standFor(member: Member | null): void {
    this.#member = member;
    if (member === null) this.#standing?.empty();
    else this.#stand();
  }

  /** Whatever comes, the next start asks the database. */
  endStanding(): void {
    this.standFor(null);
    this.#standing?.close();
  }

  #stand(): void {
    const [generation, member] = [this.#generation(), this.#member];
    if (member === null || generation === 0 || generation !== this.#known) return;
    if (this.#driver.prepare('SELECT 1 AS found FROM web_change LIMIT 1').get() === undefined) this.#standing?.write({ generation, member });
  }

  #generation(): number {
    return Number(this.#driver.prepare('SELECT generation FROM web_file').get()?.['generation'] ?? 0);
  }
}

/** Without free slots, in order: reading it sorts nothing. */
function compacted({ data }: Columns, live: Uint32Array, trashed: Uint32Array): ColumnData {
  const packed = emptyColumns(live.length + trashed.length);
  const copy = (slots: Uint32Array, from: number): void => {
    for (const [at, slot] of slots.entries()) {
      const to = from + at;
      packed.ids.set(data.ids.subarray(slot * 16, slot * 16 + 16), to * 16);
      packed.shown.set(data.shown.subarray(slot * 32, slot * 32 + 32), to * 32);
      packed.hashes.set(data.hashes.subarray(slot * 32, slot * 32 + 32), to * 32);
      packed.localTimes[to] = data.localTimes[slot] ?? 0;
      packed.orderedBy[to] = data.orderedBy[slot] ?? 0;
      packed.durations[to] = data.durations[slot] ?? 0;
      packed.ratios[to] = data.ratios[slot] ?? 0;
      packed.flags[to] = data.flags[slot] ?? 0;
      packed.kinds[to] = data.kinds[slot] ?? 0;
      packed.states[to] = data.states[slot] ?? SlotState.free;
    }
  };
  copy(live, 0);
  copy(trashed, live.length);
  return packed;
}
