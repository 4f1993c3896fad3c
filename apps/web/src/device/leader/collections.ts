import type { AssetId } from '@everroll/protocol';
import type { Driver } from '@everroll/engine';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { HASH_BYTES } from '../catalogue/columns.ts';
import { packedMean } from '../catalogue/mean-colour.ts';
import { slotsOf } from '../catalogue/scopes.ts';
import { type CollectionIndex, type CollectionRows, ROWS_MAX, ROWS_PAGE, type Scope } from '../contract/collections.ts';

const DAY_MS = 86_400_000;
/** Collections whose order is kept for the next question about their rows. */
const KEPT = 6;

interface Followed {
  readonly scope: Scope;
  readonly tell: (index: CollectionIndex) => void;
  told: number;
}

/** The collections that pages look at. */
export class Collections {
  readonly #driver: Driver;
  readonly #catalogue: Catalogue;
  readonly #followed = new Set<Followed>();
  /** Resolves when the first page was told a collection. */
  readonly shown: Promise<void>;
  readonly #onShown: () => void;
  readonly #kept = new Map<string, { readonly version: number; readonly slots: Uint32Array }>();

  constructor(driver: Driver, catalogue: Catalogue) {
    this.#driver = driver;
    this.#catalogue = catalogue;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.shown = promise;
    this.#onShown = resolve;
  }

  /** Tells the index now, and again after each change. @returns ends it. */
  follow(scope: Scope, tell: (index: CollectionIndex) => void): () => void {
    const followed: Followed = { scope, tell, told: this.#catalogue.version };
    this.#followed.add(followed);
    tell(this.#index(scope));
    this.#onShown();
    return () => void this.#followed.delete(followed);
  }

  /** The catalogue has changed. */
  refresh(): void {
    const { version } = this.#catalogue;
    for (const followed of this.#followed) {
      if (followed.told === version) continue;
      followed.told = version;
      followed.tell(this.#index(followed.scope));
    }
  }

  rows(scope: Scope, version: number, from: number, count: number): CollectionRows | null {
    const slots = this.#part(scope, version, from, Math.min(count, ROWS_MAX));
    return slots && this.#rowsOf(slots, from);
  }

  #rowsOf(slots: Uint32Array, from: number): CollectionRows {
    const { columns, version } = this.#catalogue;
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

  ids(scope: Scope, version: number, from: number, count: number): AssetId[] | null {
    const slots = this.#part(scope, version, from, count);
    return slots && Array.from(slots, (slot) => this.#catalogue.columns.idAt(slot) as AssetId);
  }

  find(scope: Scope, asset: AssetId): { readonly version: number; readonly position: number } | null {
    const position = this.#slots(scope).indexOf(this.#catalogue.columns.find(asset));
    return position < 0 ? null : { version: this.#catalogue.version, position };
  }

  /** null: that version is no more. */
  #part(scope: Scope, version: number, from: number, count: number): Uint32Array | null {
    return version === this.#catalogue.version ? this.#slots(scope).subarray(from, from + count) : null;
  }

  #slots(scope: Scope): Uint32Array {
    const key = JSON.stringify(scope);
    const kept = this.#kept.get(key);
    if (kept?.version === this.#catalogue.version) return kept.slots;
    const slots = slotsOf(this.#driver, this.#catalogue, scope);
    this.#kept.delete(key);
    this.#kept.set(key, { version: this.#catalogue.version, slots });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return slots;
  }

  #index(scope: Scope): CollectionIndex {
    const slots = this.#slots(scope);
    const { data } = this.#catalogue.columns;
    const times = scope.of === 'deleted' ? data.orderedBy : data.localTimes;
    const [ratios, days, colours] = [new Uint16Array(slots.length), new Int32Array(slots.length), new Uint16Array(slots.length)];
    for (let at = 0; at < slots.length; at += 1) {
      const slot = slots[at] ?? 0;
      ratios[at] = data.ratios[slot] ?? 0;
      days[at] = Math.floor((times[slot] ?? 0) / DAY_MS);
      colours[at] = packedMean(data.hashes, slot * HASH_BYTES + 1, data.hashes[slot * HASH_BYTES] ?? 0);
    }
    return { version: this.#catalogue.version, count: slots.length, ratios, days, colours, head: this.#rowsOf(slots.subarray(0, ROWS_PAGE), 0) };
  }
}
