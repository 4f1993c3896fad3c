import type { AlbumId, AssetId } from '@everroll/protocol';
import type { SearchQuery } from './search.ts';
import type { Result } from './watched.ts';

/**
 * A row of photos in one order: the timeline, an album, what a search found. All are read the same
 * way, in columns, so that one layout shows them all and a million assets are a few megabytes.
 */
export type Scope =
  /** What is live and neither hidden nor archived, newest capture first. */
  | { readonly of: 'library' }
  | { readonly of: 'favourites' }
  | { readonly of: 'archive' }
  | { readonly of: 'hidden' }
  /** Recently Deleted, the newest deletion first. */
  | { readonly of: 'deleted' }
  | { readonly of: 'kind'; readonly kind: CollectionKind }
  /** In the album's own order. */
  | { readonly of: 'album'; readonly album: AlbumId }
  | { readonly of: 'search'; readonly query: SearchQuery }
  /** These, in this order; those that are no longer live are left out. */
  | { readonly of: 'these'; readonly assets: readonly AssetId[] };

export type CollectionKind = 'videos' | 'live_photos' | 'raw' | 'panoramas' | 'screenshots' | 'portraits' | 'slow_motion' | 'time_lapse' | 'bursts' | 'animated' | 'motion_photos';

/**
 * All of a collection that laying it out takes, and what stands for each photo until its row is read: for a
 * million assets 8 MB. Position `i` is the i-th
 * photo in the collection's order; `rows` tells the rest of the positions that are on screen.
 */
export interface CollectionIndex {
  /** Grows with each change of the collection. Positions of one version mean nothing in another. */
  readonly version: number;
  readonly count: number;
  /** Width divided by height as shown, times 1000; 1000 where it is not known. 1 to 65535. */
  readonly ratios: Uint16Array;
  /**
   * The local day of the capture, in days since 1970-01-01 (negative before). In Recently Deleted the
   * day of the deletion. Sorted, newest first, except in albums and `these`.
   */
  readonly days: Int32Array;
  /** The mean colour of each photo's placeholder, as `mean-colour.ts` packs it; 0: nothing is known of its looks. */
  readonly colours: Uint16Array;
  /** The rows that it begins with: what is on screen at first need not be asked for. */
  readonly head: CollectionRows;
}

/** Bits of `CollectionRows.flags`. */
export const RowFlag = {
  favourite: 1,
  hidden: 2,
  archived: 4,
  video: 8,
  livePhoto: 16,
  raw: 32,
  /** A video lies behind the still in the same file. */
  motionPhoto: 64,
  panorama: 128,
  /** It is shown with an edit. */
  edited: 256,
  /** It has no picture: damaged, or of a kind that cannot be shown. */
  noPicture: 512,
  /** The server does not have this photo yet: there is no rendition of it, only `Assets.localPicture`. */
  onlyHere: 1024,
  /** A place is known. */
  placed: 2048,
  hasCaption: 4096,
  animated: 8192,
  /** Part of a burst: `Assets.get` tells which. */
  burst: 16384,
} as const;

/** Some positions of a collection, column by column; all columns have `count` entries. */
export interface CollectionRows {
  readonly version: number;
  readonly from: number;
  readonly count: number;
  readonly ids: readonly AssetId[];
  /** The hash of what is shown, for `renditionUrl`. */
  readonly shown: readonly string[];
  readonly flags: Uint16Array;
  /** Milliseconds since 1970 by the camera's wall clock: format it as UTC. */
  readonly localTimes: Float64Array;
  /** Milliseconds; 0 of a still. */
  readonly durations: Uint32Array;
  /** Each placeholder's bytes (thumbhash); empty where there is none. */
  readonly thumbhashes: readonly Uint8Array[];
}

/** Rows that are read together: some screens of photos. */
export const ROWS_PAGE = 256;

/** The most rows of one question. */
export const ROWS_MAX = 2000;

export interface Collections {
  /** Gives the index now and whenever it changes, not more often than is useful. @returns ends it. */
  open(scope: Scope, onIndex: (index: CollectionIndex) => void): () => void;
  /**
   * Positions `from` to `from + count` of this version; fewer at the end. null: there is a newer
   * version, whose index comes, or has come, by `open`.
   */
  rows(scope: Scope, version: number, from: number, count: number): Promise<CollectionRows | null>;
  /** Where an asset stands now; null: it is not in it. */
  find(scope: Scope, asset: AssetId): Promise<{ readonly version: number; readonly position: number } | null>;
  /** All ids of a range, for selecting (may be the whole collection). null as of `rows`. */
  ids(scope: Scope, version: number, from: number, count: number): Promise<readonly AssetId[] | null>;
  /** How many each has, for the side bar: cheap, and quickly there. */
  counts(): Promise<Result<CollectionCounts>>;
  /** The first pictures of a collection are on screen, or cannot come: what waited so that they have the processor to themselves begins. */
  drawn(): void;
}

export interface CollectionCounts {
  readonly library: number;
  readonly favourites: number;
  readonly archive: number;
  readonly hidden: number;
  readonly deleted: number;
  readonly kinds: Readonly<Record<CollectionKind, number>>;
  /** There are photos of this day of earlier years. */
  readonly isRemembered: boolean;
}
