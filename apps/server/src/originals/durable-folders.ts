import { dirname } from 'node:path';
import type { DiskFs } from './disk-fs.ts';

/**
 * Folders whose own names are durable up to the root. A folder that exists may stand only in the
 * page cache, made by a process that was killed before it synced the parent; so the first use in
 * each process syncs the parent once, whether the folder was there or not.
 */
export class DurableFolders {
  readonly #known = new Map<string, Promise<void>>();
  readonly #fs: DiskFs;
  readonly #root: string;

  constructor(fs: DiskFs, root: string) {
    this.#fs = fs;
    this.#root = root;
  }

  ensure(path: string): Promise<void> {
    const known = this.#known.get(path);
    if (known) return known;
    const made = this.#make(path);
    this.#known.set(path, made);
    made.catch(() => this.#known.delete(path));
    return made;
  }

  forget(path: string): void {
    this.#known.delete(path);
  }

  /** What is there may be another disk now. */
  forgetAll(): void {
    this.#known.clear();
  }

  async #make(path: string): Promise<void> {
    const parent = dirname(path);
    if (path !== this.#root) await this.ensure(parent);
    await this.#fs.makeFolder(path);
    await this.#fs.syncFolder(parent);
  }
}
