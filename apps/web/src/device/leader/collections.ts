import type { AssetId } from '@everroll/protocol';
import type { Driver } from '@everroll/engine';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { indexOf, rowsOf } from '../catalogue/index-of.ts';
import { slotsOf } from '../catalogue/scopes.ts';
import type { Pace } from './pace.ts';
import { type CollectionIndex, type CollectionRows, ROWS_MAX, type Scope } from '../contract/collections.ts';

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
  readonly #pace: Pace;
  readonly #followed = new Set<Followed>();
  /** Resolves when the first page was told a collection. */
  readonly shown: Promise<void>;
  readonly #onShown: () => void;
  readonly #kept = new Map<string, { readonly version: number; readonly slots: Uint32Array }>();

  constructor(driver: Driver, catalogue: Catalogue, pace: Pace) {
    this.#driver = driver;
    this.#pace = pace;
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
    this.#pace.asked();
    const slots = this.#part(scope, version, from, Math.min(count, ROWS_MAX));
    return slots && rowsOf(this.#catalogue.columns, version, slots, from);
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
    return indexOf(this.#catalogue.columns, this.#catalogue.version, this.#slots(scope), scope.of === 'deleted');
  }
}
