import type { Whereabouts, Why } from '@everroll/engine';
import type { AlbumId, Asset, AssetId, Recipe, Sha256 } from '@everroll/protocol';
import type { Result } from './watched.ts';

/** Everything about one photo. */
export interface AssetView {
  readonly asset: Asset;
  /** Names what is shown (`shownKey` of the protocol): the adjusted look, else the file. */
  readonly shown: string;
  /** The file that is shown where nobody adjusted it: the newest rendered edit, else the primary. */
  readonly unadjusted: Sha256;
  /** Of what is shown as an adjusted look: what it is a look of, and how it looks. */
  readonly look: { readonly over: Sha256; readonly recipe: Recipe } | null;
  /** Its renditions and originals can be asked of the server. */
  readonly onServer: boolean;
  /** Changes of it that the server has not answered yet. */
  readonly pendingChanges: number;
  readonly albums: readonly { readonly id: AlbumId; readonly name: string }[];
  /** Where the bytes of each file are. */
  readonly where: readonly Whereabouts[];
  /** What this device has of it and how far each file is; empty for what came from elsewhere. */
  readonly here: readonly Why[];
  /** In Recently Deleted: when it goes for good. */
  readonly purgedAt: number | null;
  /** The photos of its burst, itself included, in order of capture; empty where it is of none. */
  readonly burst: readonly AssetId[];
}

/** Told while an original is fetched. */
export interface Fetching {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

/** What it takes to show a photo small. */
export interface Face {
  readonly id: AssetId;
  readonly shown: string;
  /** Bits of `RowFlag`. */
  readonly flags: number;
  readonly ratio: number;
}

/** Points of a map, column by column, newest capture first. */
export interface Places {
  readonly ids: readonly AssetId[];
  readonly latitudes: Float32Array;
  readonly longitudes: Float32Array;
}

/** "On this day": a choice of what was taken on this day of an earlier year, or on a day beside it. */
export interface Memory {
  /** Days since 1970, by the camera's wall clock. */
  readonly day: number;
  readonly yearsAgo: number;
  readonly isToday: boolean;
  /** All photos of that day. */
  readonly total: number;
  /** The choice, as the day went. */
  readonly assets: readonly AssetId[];
  readonly cover: { readonly id: AssetId; readonly shown: string };
  /** Where most of them were taken; null: not known. */
  readonly place: string | null;
}

/** Photos that hold the same bytes, or show the same moment twice. The first is the one that is best kept. */
export interface DuplicateGroup {
  readonly why: 'same_file' | 'same_moment' | 'same_picture';
  readonly assets: readonly { readonly id: AssetId; readonly shown: string; readonly name: string; readonly bytes: number }[];
}

export interface Assets {
  /** null: there is none of that id, or it was purged. */
  get(id: AssetId): Promise<AssetView | null>;
  /** Gives the view now and whenever it changes. @returns ends it. */
  watch(id: AssetId, onView: (view: AssetView | null) => void): () => void;
  /**
   * Fetches an original, going on where a broken connection left off. Fails with `bit_rot` where the
   * bytes are not those of the hash, `metered_consent_needed`, or a code of the connection.
   */
  fetchOriginal(id: AssetId, sha256: Sha256, options: { readonly onProgress?: (fetching: Fetching) => void; readonly signal?: AbortSignal; readonly consent?: boolean }): Promise<Result<Blob>>;
  /** The bytes of a file that this browser still holds (what it is about to send); null: it holds none. */
  localPicture(id: AssetId): Promise<Blob | null>;
  /** Of these, in their order; those that are no longer there are left out. */
  faces(ids: readonly AssetId[]): Promise<readonly Face[]>;
  /** All that have a place, of what the timeline shows. */
  places(): Promise<Result<Places>>;
  /** @param day the day that it is, as the person sees it: `2026-11-23`. */
  memories(day: string): Promise<Result<readonly Memory[]>>;
  duplicates(): Promise<Result<readonly DuplicateGroup[]>>;
}
