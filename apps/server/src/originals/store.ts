import type { Sha256, UploadId } from '@everroll/protocol';

/**
 * Where originals are kept: a port, with the local disk behind it now and S3 later. Each original
 * is whole under its hash or not there at all; what is still arriving lies in staging, under the
 * id of its upload. `contract.ts` says what every implementation does.
 */
export interface OriginalStore {
  /** Bytes that staging holds of this upload, whichever process stored them; undefined if it holds nothing. */
  stagedBytes(upload: UploadId): Promise<number | undefined>;
  /**
   * Makes what another process staged this one's own, before it is read, gone on with or committed. What
   * is whole nobody writes any more, and it is moved; into a part the other process may still be
   * writing, so it is copied. Nothing happens where it is this one's already.
   * @returns what this process has staged then; undefined if there is nothing.
   */
  takeOver(upload: UploadId, how: 'whole' | 'part'): Promise<OwnStaged | undefined>;
  /** Goes on writing at `offset`, cutting off what lies behind it. Begins the file at offset 0. */
  stage(upload: UploadId, offset: number): Promise<StagingWriter>;
  readStaged(upload: UploadId): AsyncIterable<Uint8Array>;
  /** Nothing happens if staging does not hold it. */
  discard(upload: UploadId): Promise<void>;
  listStaged(): AsyncIterable<Staged>;

  /**
   * Makes the staged bytes the original of this hash, in place of one that may be there (whose
   * bytes may have rotted). Resolves when content and name are durable. The caller has compared the
   * hash. The staged copy stays until `discard`, as the proof, across a crash, that this upload and
   * not another one sent these bytes; a store that cannot keep both names lets it go, and so does
   * one that failed to make the content durable.
   * @returns false where another process took over what was staged: nothing is changed.
   */
  commit(upload: UploadId, sha256: Sha256): Promise<boolean>;

  /** Size of the original; undefined if there is none. */
  bytesOf(sha256: Sha256): Promise<number | undefined>;
  /**
   * The bytes from `start` to before `end`; undefined if there is no such original. Ends in
   * `OriginalShort` where the file has fewer, never early without an error.
   */
  read(sha256: Sha256, start: number, end: number): Promise<ReadableStream<Uint8Array> | undefined>;
  /**
   * The same bytes for whoever gives them on: the returned function is called once, with what takes each
   * piece, and resolves when all were taken. A piece is the taker's until its promise resolves, no longer;
   * where that rejects, so does the whole.
   */
  pieces(sha256: Sha256, start: number, end: number): Promise<((take: (piece: Uint8Array) => Promise<void>) => Promise<void>) | undefined>;
  /** The original as a file that another program can open; undefined if there is none. */
  file(sha256: Sha256): Promise<OriginalFile | undefined>;
  list(): AsyncIterable<Sha256>;

  /** Moves an original that nothing names out of the way, filed under `now`'s day. */
  setAside(sha256: Sha256, now: number): Promise<void>;
  /** Moves an original whose bytes are not its own out of the way, for good: nothing removes it there. */
  setAsideDamaged(sha256: Sha256, now: number): Promise<void>;
  /** Brings the newest one that was set aside back, unless the original is there again. True if it is there afterwards. */
  restore(sha256: Sha256): Promise<boolean>;
  /** What was set aside on a day that ended before `time`. */
  listSetAside(time: number): AsyncIterable<SetAside>;
  removeSetAside(entry: SetAside): Promise<void>;

  /**
   * What was written by `setMark`, by which this store is told from an empty folder in its place;
   * undefined if there is nothing. Durable when `setMark` resolves.
   */
  mark(): Promise<string | undefined>;
  setMark(text: string): Promise<void>;
  /** Bytes that can still be stored; Infinity where the store has no such bound. */
  freeBytes(): Promise<number>;
}

export interface StagingWriter {
  /** Bytes that are written. Only ever moves by what was stored. */
  readonly offset: number;
  /** Appends all the chunks. When it fails, `close` and ask `stagedBytes`: a part may be stored. */
  append(chunks: readonly Uint8Array[]): Promise<void>;
  /** Cuts back to `offset`. */
  truncate(offset: number): Promise<void>;
  /** Makes what is written durable, so that a commit that follows has it done. Fails as `commit` does. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface OwnStaged {
  readonly bytes: number;
  /** Another process stored them: what this one knows of the upload says nothing about them. */
  readonly wasAnothers: boolean;
}

export interface Staged {
  readonly upload: UploadId;
  /** Time of the last write. */
  readonly modifiedAt: number;
}

export interface OriginalFile {
  /** Absolute. It is only read: it may be the original itself. */
  readonly path: string;
  /** A store elsewhere lends a copy, and takes it away here. */
  release(): Promise<void>;
}

export interface SetAside {
  readonly sha256: Sha256;
  /** UTC day as 2026-07-31. */
  readonly day: string;
}

/** The original has fewer bytes than were asked for. */
export class OriginalShort extends Error {
  override readonly name = 'OriginalShort';
}
