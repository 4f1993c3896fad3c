import type { Driver } from '@everroll/engine';
import type { Catalogue } from './catalogue.ts';
import { type ColumnData, Columns, emptyColumns, SlotState } from './columns.ts';

/** Another layout of the columns is another version: an older file is passed over and written anew. */
const VERSION = 1;
const FOLDER = 'everroll-catalogue';
const HEADER_BYTES = 32;

type Access = { getSize(): number; read(into: Uint8Array, at: { at: number }): number; write(from: Uint8Array, at: { at: number }): number; truncate(size: number): void; flush(): void; close(): void };
type WithAccess = FileSystemFileHandle & { createSyncAccessHandle(): Promise<Access> };

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

  constructor(driver: Driver, isKept: boolean) {
    this.#driver = driver;
    this.#isKept = isKept;
  }

  /** null: there is none, or none that fits. */
  async read(): Promise<{ readonly columns: Columns; readonly taken: number } | null> {
    const generation = this.#generation();
    if (!this.#isKept || generation === 0) return null;
    const file = await this.#open(generation, false);
    if (file === undefined) return null;
    try {
      const header = new Float64Array(HEADER_BYTES / 8);
      file.read(new Uint8Array(header.buffer), { at: 0 });
      const [version, written, count, taken] = header;
      if (version !== VERSION || written !== generation || count === undefined || taken === undefined) return null;
      const data = emptyColumns(count);
      let at = HEADER_BYTES;
      for (const column of columnsOf(data)) {
        if (file.read(column, { at }) !== column.length) return null;
        at += column.length;
      }
      return { columns: new Columns(data, count), taken };
    } finally {
      file.close();
    }
  }

  /** Writes what the catalogue holds; then the changes up to `taken` need not be noted any more. */
  async write(catalogue: Catalogue): Promise<void> {
    if (!this.#isKept) return;
    const { columns, taken } = catalogue;
    const [live, trashed] = [catalogue.stored(catalogue.live), catalogue.stored(catalogue.trashed)];
    const generation = this.#generation() + 1;
    // All of it in this one step: the columns go on changing.
    const data = compacted(columns, live, trashed);
    const file = await this.#open(generation, true);
    if (file === undefined) return;
    try {
      const header = Float64Array.of(VERSION, generation, live.length + trashed.length, taken);
      file.truncate(0);
      let at = file.write(new Uint8Array(header.buffer), { at: 0 });
      for (const column of columnsOf(data)) at += file.write(column, { at });
      file.flush();
    } finally {
      file.close();
    }
    this.#driver.transaction(() => {
      this.#driver.exec('DELETE FROM web_file');
      this.#driver.prepare('INSERT INTO web_file (generation) VALUES (?)').run(generation);
      this.#driver.prepare('DELETE FROM web_change WHERE n <= ?').run(taken);
    });
  }

  #generation(): number {
    return Number(this.#driver.prepare('SELECT generation FROM web_file').get()?.['generation'] ?? 0);
  }

  async #open(generation: number, create: boolean): Promise<Access | undefined> {
    try {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create });
      const handle = (await folder.getFileHandle(`columns-${generation % 2}`, { create })) as WithAccess;
      return await handle.createSyncAccessHandle();
    } catch {
      // No such file, or no room for one: the database has it all.
      return undefined;
    }
  }
}

/** Removes it from this browser. */
export async function removeCatalogueFile(): Promise<void> {
  await navigator.storage?.getDirectory().then((root) => root.removeEntry(FOLDER, { recursive: true })).catch(() => undefined);
}

const columnsOf = (data: ColumnData): Uint8Array[] => Object.values(data).map((column: ColumnData[keyof ColumnData]) => new Uint8Array(column.buffer, column.byteOffset, column.byteLength));

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
