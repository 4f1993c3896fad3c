import type { StagedFile } from './staged.ts';

/**
 * The bytes that a person gave to this browser, until the server has them: files of the origin's
 * private file system, or of memory where there is none.
 */
export interface Store {
  /** It outlives this page. */
  readonly persisted: boolean;
  get(id: string): Promise<Blob | undefined>;
  put(id: string, content: Blob): Promise<void>;
  remove(id: string): Promise<void>;
  /** Files that were copied completely and of which nobody was told: their tab ended in between. */
  orphans(): Promise<StagedFile[]>;
  /** What `orphans` would tell of this file is known now. */
  settle(id: string): Promise<void>;
  clear(): Promise<void>;
}
