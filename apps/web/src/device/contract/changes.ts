import type { Album, AlbumId, AssetId, Capture, Operation, Place, ReasonCode, Recipe, RevisionId } from '@everroll/protocol';
import type { Result, Watched } from './watched.ts';

/** What a person does. It is shown at once, kept, and sent when the server can be reached. */
export type Change =
  | { readonly do: 'favourite' | 'hide' | 'archive'; readonly assets: readonly AssetId[]; readonly on: boolean }
  | { readonly do: 'caption'; readonly asset: AssetId; readonly caption: string | null }
  | { readonly do: 'capture'; readonly assets: readonly AssetId[]; readonly capture: Capture }
  /** Moves each capture by the same time, in milliseconds (a camera whose clock was wrong). */
  | { readonly do: 'shift_capture'; readonly assets: readonly AssetId[]; readonly byMs: number; readonly offsetMinutes?: number | null }
  | { readonly do: 'place'; readonly assets: readonly AssetId[]; readonly place: Place | null }
  /** Back to the date, or the place, that the photos came with (rule M11). */
  | { readonly do: 'own_capture' | 'own_place'; readonly assets: readonly AssetId[] }
  /**
   * Another look over the same file; null: as it was taken. `revision` is random: the look's name from now on. `base`
   * is the one that the person saw when they began: what came meanwhile is kept beside it (rule E2).
   */
  | { readonly do: 'adjust'; readonly asset: AssetId; readonly recipe: Recipe | null; readonly revision: RevisionId; readonly base: RevisionId | null }
  /** Of two looks that were made beside each other: takes the one that is offered, or dismisses what is offered (rule E4). */
  | { readonly do: 'take_look'; readonly asset: AssetId; readonly revision: RevisionId }
  | { readonly do: 'keep_look'; readonly asset: AssetId }
  /** To Recently Deleted, and back. */
  | { readonly do: 'delete' | 'recover'; readonly assets: readonly AssetId[] }
  /** Of copies keeps one, with what people said of the others, which go to Recently Deleted. */
  | { readonly do: 'merge'; readonly groups: readonly { readonly keep: AssetId; readonly others: readonly AssetId[] }[] }
  /** For good: only what lies in Recently Deleted. It cannot be undone. */
  | { readonly do: 'purge'; readonly assets: readonly AssetId[] }
  | { readonly do: 'empty_recently_deleted' }
  | { readonly do: 'create_album'; readonly name: string; readonly assets: readonly AssetId[] }
  | { readonly do: 'rename_album'; readonly album: AlbumId; readonly name: string }
  | { readonly do: 'delete_album'; readonly album: AlbumId }
  | { readonly do: 'add_to_album' | 'remove_from_album'; readonly album: AlbumId; readonly assets: readonly AssetId[] }
  /** Puts these, in this order, before another one of the album; null: at its end. */
  | { readonly do: 'move_in_album'; readonly album: AlbumId; readonly assets: readonly AssetId[]; readonly before: AssetId | null };


/** Takes a change back; plain data, which may be kept and sent later. */
export type Undo = readonly Operation[];

export interface Changed {
  /** How many photos (or albums) are other than before. */
  readonly count: number;
  /** null: it cannot be taken back, or nothing changed. */
  readonly undo: Undo | null;
  /** Of `create_album`. */
  readonly album: AlbumId | null;
}

/** A change that the server refused after it had been shown here. */
export interface RefusedChange {
  readonly code: ReasonCode;
  readonly at: number;
  readonly operation: Operation['op'];
}

export interface Changes {
  /** Fails with the rule's own code (`not_found`, `not_in_recently_deleted`, `album_deleted`, `invalid_request`). */
  make(change: Change): Promise<Result<Changed>>;
  undo(undo: Undo): Promise<Result<Changed>>;
  /** Made here and not yet answered. */
  readonly pending: Watched<{ readonly count: number; readonly refused: readonly RefusedChange[] }>;
}

export interface AlbumSummary {
  readonly id: AlbumId;
  readonly name: Album['name'];
  readonly createdAt: number;
  readonly count: number;
  /** The first one of its order; null: it is empty. */
  readonly cover: { readonly id: AssetId; readonly shown: string } | null;
  /** Captures of its first and last by time, local, as `CollectionRows.localTimes`; null: it is empty. */
  readonly span: { readonly from: number; readonly to: number } | null;
}

export interface Albums {
  /** By name. */
  readonly list: Watched<readonly AlbumSummary[]>;
}
