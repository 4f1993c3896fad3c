import type { AlbumId } from '@everroll/protocol';
import type { CollectionKind } from './collections.ts';

/** All that is given holds together. An empty one finds everything. */
export interface SearchQuery {
  /** Words, each of which stands in a file name, a caption, a keyword, an album's name, a camera's or a place's. */
  readonly text?: string;
  /** Local days of the capture, both included: `2026-11-23`. */
  readonly from?: string;
  readonly to?: string;
  /** A day of any year, `11-23`. */
  readonly dayOfYear?: string;
  readonly camera?: string;
  readonly lens?: string;
  readonly kind?: CollectionKind | 'photos';
  readonly album?: AlbumId;
  readonly favourite?: true;
  /** Whose nearest town it is, or whose country: ISO 3166-1, two letters. */
  readonly place?: { readonly town?: string; readonly country: string };
  /** WGS 84 degrees; `west` may be greater than `east` (across the 180th meridian). */
  readonly box?: { readonly south: number; readonly west: number; readonly north: number; readonly east: number };
}

export interface Suggestion {
  readonly kind: 'date' | 'place' | 'camera' | 'lens' | 'kind' | 'name' | 'caption' | 'keyword' | 'album';
  /** As a person reads it, for what is data (a camera's name, an album's); of a `kind` its `CollectionKind`, of a date `2026`, `2026-11` or `2026-11-23`. */
  readonly label: string;
  /** What it searches for, in place of the text that was typed. */
  readonly query: SearchQuery;
  readonly count: number;
}

export interface Search {
  /** For what is typed so far; the best first, some ten. For an empty text: cameras, kinds and years that there are most of. */
  suggest(text: string): Promise<readonly Suggestion[]>;
}
