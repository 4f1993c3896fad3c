import type { Driver } from '@everroll/engine';
import type { Asset } from '@everroll/protocol';
import { changedAfter, lastChange } from './changes.ts';
import { Columns, SlotState } from './columns.ts';
import type { SavedColumns } from './columns-file.ts';
import { describe } from './describe.ts';
import type { Shown } from './early.ts';
import { Towns } from './places.ts';
import { orderOf, reorder, sortSlots } from './order.ts';
import { describeUnchecked } from './unchecked.ts';

/** Rows that are taken over before the changes so far are shown and messages are looked at. */
const BATCH = 2000;
/**
 * Rows that are stored just as they were shown before change what questions to the database find, not what is seen: pages
 * learn of them when no more come, and no later than this. Each new version has them read anew what they show.
 */
const STORED_WITHIN_MS = 10_000;

/** Columns that hold all but the changes noted after `taken`. */
export interface Saved extends SavedColumns {
  /** What pages were shown of them already. */
  readonly told?: { readonly version: number; readonly live: Uint32Array<ArrayBuffer> };
}

/** What one look at the database brought. */
export interface Taken {
  readonly assets: number;
  /** Ids of the assets that changed, but for those that are just as they were shown ahead. */
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
  readonly towns: Towns;
  columns: Columns;
  /** Slots of what is live, newest capture first, and of Recently Deleted, newest deletion first. */
  live: Uint32Array<ArrayBuffer>;
  trashed: Uint32Array<ArrayBuffer>;
  /** Grows with each change, and from one leading tab to the next. */
  version: number;
  /** The last change that is in it. */
  taken: number;
  /** Slots of assets whose rows do not lie in the database yet. */
  readonly #ahead = new Set<number>();
  /** When the first row was stored as it was shown, of which no version tells yet. */
  #storedSince: number | null = null;

  constructor(driver: Driver, saved: Saved | null) {
    this.#driver = driver;
    this.towns = new Towns(driver);
    this.columns = saved?.columns ?? new Columns();
    this.taken = saved?.taken ?? lastChange(driver);
    if (saved === null) for (const asset of readAll(driver)) this.#put(asset.asset, asset.isOnlyHere);
    this.live = saved?.told?.live ?? orderOf(this.columns, SlotState.live);
    this.version = saved?.told?.version ?? Date.now();
    this.trashed = orderOf(this.columns, SlotState.trashed);
  }

  /** Goes on from what pages were shown before the database was open, of which nothing is stored. Once, before anything is shown from here. */
  goOnFrom({ columns, told }: Pick<Shown, 'columns' | 'told'>): void {
    // Somebody has stored something meanwhile: that comes first.
    if (this.columns.end > 0) return;
    this.columns = columns;
    this.live = told.live;
    this.trashed = orderOf(columns, SlotState.trashed);
    this.version = told.version;
    for (let slot = 0; slot < columns.end; slot += 1) this.#ahead.add(slot);
  }

  /** Some of what it shows is not in the database yet. */
  get isAhead(): boolean {
    return this.#ahead.size > 0;
  }

  /** A version is due of what was stored: `take` brings it. */
  get isVersionDue(): boolean {
    return this.#storedSince !== null;
  }

  /** Of an order, what lies in the database. */
  stored(order: Uint32Array): Uint32Array {
    return this.isAhead ? order.filter((slot) => !this.#ahead.has(slot)) : order;
  }

  /**
   * Shows assets before their rows are stored: each stays until its row comes, or until `forgetAhead`.
   * @param entries of the log, unchecked: what is no asset is passed over, and the database says later what holds.
   */
  showAhead(entries: readonly unknown[]): void {
    const moved = new Set<number>();
    for (const entry of entries) {
      const described = describeUnchecked(entry);
      if (described === null || this.columns.find(described.id) >= 0) continue;
      const { slot } = this.columns.put(described);
      this.#ahead.add(slot);
      moved.add(slot);
    }
    this.#moved(moved);
  }

  /** The rows have come: what was shown ahead and has none is not there. */
  forgetAhead(): void {
    const moved = new Set<number>();
    for (const slot of this.#ahead) {
      this.columns.remove(this.columns.idAt(slot));
      moved.add(slot);
    }
    this.#ahead.clear();
    this.#moved(moved);
  }

  get size(): number {
    return this.live.length + this.trashed.length;
  }

  /** Takes over what changed since, a batch of it. */
  take(): Taken {
    const rows = changedAfter(this.#driver, this.taken, BATCH);
    const moved = new Set<number>();
    const ids = new Set<string>();
    let [albums, isNews] = [false, false];
    for (const { n, key, asset, isOnlyHere } of rows) {
      this.taken = n;
      if (!key.startsWith('asset:')) {
        [albums, isNews] = [true, true];
        continue;
      }
      const id = key.slice('asset:'.length);
      const { slot, changed } = asset === null ? { slot: this.columns.remove(id), changed: true } : this.#put(asset, isOnlyHere, id);
      if (this.#ahead.delete(slot) && !changed) {
        this.#storedSince ??= Date.now();
        continue;
      }
      isNews = true;
      ids.add(id);
      if (slot >= 0) moved.add(slot);
    }
    if (moved.size > 0) this.#reorder(moved);
    if (this.#storedSince !== null && (rows.length === 0 || Date.now() - this.#storedSince >= STORED_WITHIN_MS)) isNews = true;
    if (isNews) {
      this.version += 1;
      this.#storedSince = null;
    }
    return { assets: ids.size, ids, albums, more: rows.length === BATCH };
  }

  /** These slots in the order of the timeline. */
  inOrder(slots: Iterable<number>): Uint32Array<ArrayBuffer> {
    return sortSlots(this.columns, Uint32Array.from(slots));
  }

  #moved(slots: ReadonlySet<number>): void {
    if (slots.size === 0) return;
    this.#reorder(slots);
    this.version += 1;
  }

  #reorder(slots: ReadonlySet<number>): void {
    this.live = reorder(this.columns, this.live, SlotState.live, slots);
    this.trashed = reorder(this.columns, this.trashed, SlotState.trashed, slots);
  }

  /** @returns its slot (-1: none), and whether anything in it is another than before. */
  #put(asset: Asset, isOnlyHere: boolean, id: string = asset.id): { readonly slot: number; readonly changed: boolean } {
    const described = describe(asset, isOnlyHere);
    return described === null ? { slot: this.columns.remove(id), changed: true } : this.columns.put(described);
  }
}

function readAll(driver: Driver): Iterable<{ readonly asset: Asset; readonly isOnlyHere: boolean }> {
  return driver
    .prepare("SELECT seq, row FROM entity WHERE kind = 'asset' AND state IN ('live', 'trashed')")
    .all()
    .map((row) => ({ asset: JSON.parse(String(row['row'])) as Asset, isOnlyHere: row['seq'] === 0 }));
}
