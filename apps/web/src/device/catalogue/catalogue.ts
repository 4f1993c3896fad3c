import type { Driver } from '@everroll/engine';
import type { Asset } from '@everroll/protocol';
import { changedAfter, lastChange } from './changes.ts';
import { Columns, SlotState } from './columns.ts';
import { describe } from './describe.ts';
import { orderOf, reorder, sortSlots } from './order.ts';

/** Rows that are taken over before the changes so far are shown and messages are looked at. */
const BATCH = 2000;

/** What one look at the database brought. */
export interface Taken {
  readonly assets: number;
  /** Ids of the assets that changed. */
  readonly ids: ReadonlySet<string>;
  readonly albums: boolean;
  /** More is noted. */
  readonly more: boolean;
}

/**
 * All assets that are shown, in columns and in order: what the timeline, the albums and the filters
 * read. It follows the replica through the changes that SQLite notes.
 */
export class Catalogue {
  readonly #driver: Driver;
  columns: Columns;
  /** Slots of what is live, newest capture first, and of Recently Deleted, newest deletion first. */
  live: Uint32Array<ArrayBuffer>;
  trashed: Uint32Array<ArrayBuffer>;
  /** Grows with each change, and from one leading tab to the next. */
  version = Date.now();
  /** The last change that is in it. */
  taken: number;

  /** @param saved columns that hold all but the changes noted after `taken`. */
  constructor(driver: Driver, saved: { readonly columns: Columns; readonly taken: number } | null) {
    this.#driver = driver;
    this.columns = saved?.columns ?? new Columns();
    this.taken = saved?.taken ?? lastChange(driver);
    if (saved === null) for (const asset of readAll(driver)) this.#put(asset.asset, asset.isOnlyHere);
    this.live = orderOf(this.columns, SlotState.live);
    this.trashed = orderOf(this.columns, SlotState.trashed);
  }

  get size(): number {
    return this.live.length + this.trashed.length;
  }

  /** Takes over what changed since, a batch of it. */
  take(): Taken {
    const rows = changedAfter(this.#driver, this.taken, BATCH);
    const moved = new Set<number>();
    const ids = new Set<string>();
    let albums = false;
    for (const { n, key, asset, isOnlyHere } of rows) {
      this.taken = n;
      if (!key.startsWith('asset:')) {
        albums = true;
        continue;
      }
      const id = key.slice('asset:'.length);
      ids.add(id);
      const slot = asset === null ? this.columns.remove(id) : this.#put(asset, isOnlyHere, id);
      if (slot >= 0) moved.add(slot);
    }
    if (moved.size > 0) {
      this.live = reorder(this.columns, this.live, SlotState.live, moved);
      this.trashed = reorder(this.columns, this.trashed, SlotState.trashed, moved);
    }
    if (rows.length > 0) this.version += 1;
    return { assets: ids.size, ids, albums, more: rows.length === BATCH };
  }

  /** These slots in the order of the timeline. */
  inOrder(slots: Iterable<number>): Uint32Array<ArrayBuffer> {
    return sortSlots(this.columns, Uint32Array.from(slots));
  }

  /** @returns the slot that changed; -1: none. */
  #put(asset: Asset, isOnlyHere: boolean, id: string = asset.id): number {
    const described = describe(asset, isOnlyHere);
    return described === null ? this.columns.remove(id) : this.columns.put(described).slot;
  }
}

function readAll(driver: Driver): Iterable<{ readonly asset: Asset; readonly isOnlyHere: boolean }> {
  return driver
    .prepare("SELECT seq, row FROM entity WHERE kind = 'asset' AND state IN ('live', 'trashed')")
    .all()
    .map((row) => ({ asset: JSON.parse(String(row['row'])) as Asset, isOnlyHere: row['seq'] === 0 }));
}
