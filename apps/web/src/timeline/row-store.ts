import { type CollectionIndex, type CollectionRows, type Collections, RowFlag, ROWS_PAGE, type Scope } from '../device/contract.ts';

/** One photo of a collection, as the timeline shows it. */
export interface Photo {
  readonly position: number;
  readonly id: CollectionRows['ids'][number];
  readonly shown: string;
  readonly flags: number;
  readonly localTime: number;
  readonly durationMs: number;
  readonly thumbhash: Uint8Array | null;
}

export const has = (photo: Photo, flag: keyof typeof RowFlag): boolean => (photo.flags & RowFlag[flag]) !== 0;

/**
 * What is known of the photos of one version of a collection: read page by page as they come into
 * view. Pages of a version never change, so that what was read is kept.
 */
export class RowStore {
  readonly version: number;
  readonly #collections: Collections;
  readonly #scope: Scope;
  readonly #count: number;
  readonly #pages = new Map<number, CollectionRows>();
  readonly #asked = new Map<number, Promise<void>>();
  readonly #photos = new Map<number, Photo>();
  readonly #listeners = new Set<() => void>();

  constructor(collections: Collections, scope: Scope, { version, count, head }: Pick<CollectionIndex, 'version' | 'count' | 'head'>) {
    this.#collections = collections;
    this.#scope = scope;
    this.version = version;
    this.#count = count;
    this.#pages.set(0, head);
    this.#asked.set(0, Promise.resolve());
  }

  /** undefined: not read yet; ask for it by `want`. */
  photo(position: number): Photo | undefined {
    const known = this.#photos.get(position);
    if (known) return known;
    const rows = this.#pages.get(Math.floor(position / ROWS_PAGE));
    const at = rows === undefined ? -1 : position - rows.from;
    const id = rows?.ids[at];
    if (rows === undefined || id === undefined) return undefined;
    const thumbhash = rows.thumbhashes[at];
    const photo: Photo = {
      position,
      id,
      shown: rows.shown[at] ?? '',
      flags: rows.flags[at] ?? 0,
      localTime: rows.localTimes[at] ?? 0,
      durationMs: rows.durations[at] ?? 0,
      thumbhash: thumbhash !== undefined && thumbhash.length > 0 ? thumbhash : null,
    };
    this.#photos.set(position, photo);
    return photo;
  }

  /** Resolves when these positions have been read (or cannot be, as there is a newer version). */
  async want(first: number, end: number): Promise<void> {
    const pages: Promise<void>[] = [];
    for (let page = Math.floor(Math.max(0, first) / ROWS_PAGE); page * ROWS_PAGE < Math.min(end, this.#count); page += 1) pages.push(this.#page(page));
    await Promise.all(pages);
  }

  #page(page: number): Promise<void> {
    const asked = this.#asked.get(page) ?? this.#read(page);
    this.#asked.set(page, asked);
    return asked;
  }

  async #read(page: number): Promise<void> {
    const rows = await this.#collections.rows(this.#scope, this.version, page * ROWS_PAGE, ROWS_PAGE);
    if (rows === null) return;
    this.#pages.set(page, rows);
    for (const listener of this.#listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
