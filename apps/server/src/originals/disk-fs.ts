/**
 * The few operations of a disk that the local store needs, so that a simulator can supply a disk
 * that fails, fills up or loses what was not synced. Paths are absolute. Failures are Node's system
 * errors (`code` says ENOSPC, EIO …); only `stat` and `list` answer an absent path as a value.
 */
export interface DiskFs {
  /** `create` begins an empty file, in place of one that is there; `write` opens one that is there as it is. */
  open(path: string, mode: 'read' | 'write' | 'create'): Promise<DiskFile>;
  /** A second name for a file. Fails with EEXIST, and with one of `noHardLinks` where the file system has none. */
  link(existing: string, path: string): Promise<void>;
  /** Another file with the content of the first, which may be written meanwhile: then with a part of it. Replaces what has the name. */
  copy(from: string, to: string): Promise<void>;
  /** Replaces atomically what has the new name. */
  rename(from: string, to: string): Promise<void>;
  /** Nothing happens if it is not there. */
  unlink(path: string): Promise<void>;
  /** One level; nothing happens if it is there already. */
  makeFolder(path: string): Promise<void>;
  removeEmptyFolder(path: string): Promise<void>;
  /** Makes the names in the folder durable (fsync of the folder). */
  syncFolder(path: string): Promise<void>;
  stat(path: string): Promise<DiskEntryStat | undefined>;
  /** Empty if the folder is not there. */
  list(path: string): Promise<DiskEntry[]>;
  /** Bytes that an unprivileged process can still write. */
  freeBytes(path: string): Promise<number>;
}

export interface DiskFile {
  /** Writes all of the chunks from `position` on; a part of them may be stored when it fails. */
  writev(chunks: readonly Uint8Array[], position: number): Promise<void>;
  /** Bytes read, 0 at the end of the file. */
  read(into: Uint8Array, position: number): Promise<number>;
  bytes(): Promise<number>;
  truncate(bytes: number): Promise<void>;
  /** Makes the content durable (fsync). After a failure nothing is known about the content. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface DiskEntryStat {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

export interface DiskEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
}

/** What `link` fails with on exFAT, some network shares and some FUSE file systems. */
export const noHardLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** The disk, or the user's share of it, is full. */
const full: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

export function diskErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function isDiskFull(error: unknown): boolean {
  return full.has(diskErrorCode(error) ?? '');
}
