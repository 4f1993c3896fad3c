import type { Capture, Place, Sha256 } from '@everroll/protocol';
import type { Result } from './failure.ts';
import type { Bytes } from './server-client.ts';

/** A file as a listing shows it. */
export interface SourceEntry {
  /**
   * Names the file within its source for the source itself; opaque to the engine, stable while the
   * file is not moved. A folder uses the relative path exactly as the disk spells it.
   */
  readonly localId: string;
  /** The file's own name, for people and for the library. Valid Unicode in NFC. */
  readonly name: string;
  readonly bytes: number;
  readonly modifiedAt: number;
  /** Follows the file when it is moved (device and inode); empty where there is no such thing. */
  readonly identity: string;
}

/** What only reading the whole file tells. */
export interface Inspection {
  /** The entry while it was read: size and time were the same before and after. */
  readonly entry: SourceEntry;
  readonly sha256: Sha256;
  /** False: neither its content nor its name is that of a photo, a video or a sidecar. */
  readonly isMedia: boolean;
  readonly kind: 'photo' | 'video' | 'raw' | 'sidecar';
  readonly mediaType: string;
  readonly capture: Capture | null;
  readonly place: Place | null;
  /** The identifier that both halves of a Live Photo carry. */
  readonly contentIdentifier: string | null;
  /** Of a picture that Everroll put in an original's place: that original's hash; null: a file of its own. */
  readonly previewOf: Sha256 | null;
}

export type Listed =
  | { readonly what: 'entries'; readonly entries: readonly SourceEntry[] }
  /** A folder or file that could not be looked at: what lies under it is unknown, not gone. */
  | { readonly what: 'unreadable'; readonly localId: string; readonly detail: string };

/**
 * Where a device's own new photos come from. Read, never written.
 *
 * `list` yields everything there is; only an iteration that ends by itself is complete. It throws
 * `SourceGone` (source_missing, source_access_revoked) rather than ending early: a source that is
 * unmounted, moved or unreadable is never an empty one.
 */
export interface Source {
  list(signal: AbortSignal): AsyncIterable<Listed>;
  /** undefined: there is no such file now. */
  stat(localId: string): Promise<Result<SourceEntry | undefined>>;
  /** Fails with `vanished`, `unreadable`, `changed_during_upload`, or as `list` does. */
  inspect(localId: string, signal: AbortSignal): Promise<Result<Inspection>>;
  /**
   * `length` bytes from `from`. The iteration throws `TransferError` with `changed_during_upload` if
   * the file is no longer the one of `expected`, before or after; `vanished`, `unreadable`.
   */
  read(expected: SourceEntry, from: number, length: number): Bytes;
}

/**
 * The two-way library folder: the library as plain files. Every write is durable when its promise
 * resolves, and nothing half-written is ever seen under its final name.
 */
export interface LibraryFolder extends Source {
  /** Bytes of this original that an earlier, interrupted download left behind. */
  staged(sha256: Sha256): Promise<number>;
  /**
   * Adds `body` to what is staged from `from` on; its chunks are not to be used any more. What came to its end is
   * durable only when it is placed. Fails with `device_full`, or the code of a TransferError.
   */
  stage(sha256: Sha256, from: number, body: Bytes, signal: AbortSignal): Promise<Result<number>>;
  /**
   * Checks the staged bytes' hash and puts them under `folder/name`, or a name beside it that is free
   * (also for a file system that folds case or Unicode). Fails with `bit_rot` (the staged bytes are
   * dropped), `device_full`, or as `list` does.
   */
  place(sha256: Sha256, wanted: Placement): Promise<Result<SourceEntry>>;
  /**
   * Keeps a picture, marked with the hash of the original that it shows, where no listing shows it.
   * Durable. Fails with `unsupported_media` where its type cannot be marked, `device_full`, or as `list` does.
   */
  stagePreview(sha256: Sha256, picture: Picture): Promise<Result<void>>;
  /** Puts the staged picture into the folder as `place` does an original. Fails with `vanished` where none is staged. */
  placePreview(sha256: Sha256, wanted: Placement): Promise<Result<SourceEntry>>;
  /**
   * Puts the staged picture under `name`, or a name that is free, beside the original and, as soon as
   * that is durable, removes the original, if it still is the one of `expected`. Otherwise the picture
   * goes again and all is as it was. It waits for nothing but the disk: what was confirmed about the
   * original a moment ago still holds.
   */
  evict(expected: SourceEntry, sha256: Sha256, name: string): Promise<Result<Evicted>>;
  /** Removes what earlier downloads left staged of originals that are not to come any more. A folder that is not there is left as it is. */
  tidy(isToCome: (sha256: Sha256) => boolean): Promise<void>;
  /** Room on the folder's disk now; null where the system does not tell, or the folder is not there. */
  room(): Room | null;
  /** Removes the file if it still is the one of `expected`; `changed` leaves it. */
  remove(expected: SourceEntry): Promise<Result<'removed' | 'changed' | 'gone'>>;
}

export interface Placement {
  readonly folder: string;
  readonly name: string;
  readonly modifiedAt: number;
  /** A file in whose folder it is to lie, as that folder is: `folder` counts only where it is not there. */
  readonly beside?: string;
}

export interface Picture {
  readonly mediaType: string;
  readonly content: Uint8Array;
}

export type Evicted =
  | { readonly what: 'evicted'; readonly preview: SourceEntry }
  /** Somebody changed it, or took it away, meanwhile. */
  | { readonly what: 'changed' | 'gone' };

export interface Room {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Thrown from within an iteration of bytes. */
export class TransferError extends Error {
  readonly code: 'changed_during_upload' | 'vanished' | 'unreadable' | 'server_unreachable' | 'proxy_interferes';
  constructor(code: TransferError['code'], detail: string) {
    super(detail);
    this.name = 'TransferError';
    this.code = code;
  }
}

/** Thrown from within a listing that cannot be complete. */
export class SourceGone extends Error {
  readonly code: 'source_missing' | 'source_access_revoked';
  constructor(code: SourceGone['code'], detail: string) {
    super(detail);
    this.name = 'SourceGone';
    this.code = code;
  }
}
