import type { Sha256 } from '@everroll/protocol';

/**
 * Where renditions are kept: a port, with the local disk behind it now. Everything in it can be made
 * again, so nothing is made durable; but a file is whole under its name or not there at all, and a
 * name never stands for other bytes later.
 */
export interface RenditionStore {
  /** A new empty folder for one job, which `put` and `discard` end. */
  workFolder(): Promise<string>;
  /** Moves a file of a work folder to the renditions of a hash. Returns the name that it has there. */
  put(sha256: Sha256, folder: string, file: string): Promise<string>;
  /** Nothing happens if it is not there. */
  discard(folder: string): Promise<void>;
  /** undefined if it is not there: the owner may delete renditions at any time. */
  open(sha256: Sha256, file: string): Promise<OpenRendition | undefined>;
  has(sha256: Sha256, file: string): Promise<boolean>;
  /**
   * Removes the files of a hash that are not named. Which are is asked after it has looked what is there,
   * so that a file which comes meanwhile stays; null: nobody can tell now, and all stay.
   */
  keep(sha256: Sha256, named: () => Promise<ReadonlySet<string> | null>): Promise<void>;
  /** The hashes that there are files of. */
  list(): AsyncIterable<Sha256>;
  /** Removes work folders that nobody has touched since, and says how many. */
  removeWorkBefore(time: number): Promise<number>;
  freeBytes(): Promise<number>;
}

export interface OpenRendition {
  readonly bytes: number;
  /** From `start` to before `end`; closes when it was read or is given up. */
  stream(start: number, end: number): ReadableStream<Uint8Array>;
  /** For whoever takes no stream. */
  close(): Promise<void>;
}
