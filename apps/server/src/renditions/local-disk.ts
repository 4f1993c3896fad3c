import { join, parse } from 'node:path';
import type { Sha256 } from '@everroll/protocol';
import type { Random } from '../context.ts';
import { type DiskFs, diskErrorCode } from '../originals/disk-fs.ts';
import { sha256OfName } from '../originals/layout.ts';
import { streamRange } from '../originals/reading.ts';
import type { OpenRendition, RenditionStore } from './store.ts';

/** Enough that two processes which make the same at once do not meet. */
const TAG_DIGITS = 8;

/**
 * `renditions/ab/cd/<sha256>/thumb-<tag>.webp` below the data folder; `renditions/work/<id>` holds
 * what is being made, on the same file system, so that a rename brings it in whole.
 */
export class LocalRenditionStore implements RenditionStore {
  readonly #fs: DiskFs;
  readonly #random: Random;
  readonly #parent: string;
  readonly #root: string;
  readonly #work: string;

  /** @param dataFolder absolute, since processes with other working folders write there */
  constructor(fs: DiskFs, dataFolder: string, random: Random) {
    this.#fs = fs;
    this.#random = random;
    this.#parent = dataFolder;
    this.#root = join(dataFolder, 'renditions');
    this.#work = join(this.#root, 'work');
  }

  async workFolder(): Promise<string> {
    const folder = join(this.#work, this.#random.id());
    await this.#make([this.#root, this.#work, folder]);
    return folder;
  }

  async put(sha256: Sha256, folder: string, file: string): Promise<string> {
    const { name, ext } = parse(file);
    const named = `${name}-${this.#random.id().slice(0, TAG_DIGITS)}${ext}`;
    const [first, second, own] = this.#foldersOf(sha256);
    await this.#make([this.#root, first, second, own]);
    await this.#fs.rename(join(folder, file), join(own, named));
    return named;
  }

  async discard(folder: string): Promise<void> {
    for (const { name, kind } of await this.#fs.list(folder)) if (kind === 'file') await this.#fs.unlink(join(folder, name));
    await this.#removeFolder(folder);
  }

  async open(sha256: Sha256, file: string): Promise<OpenRendition | undefined> {
    try {
      const opened = await this.#fs.open(this.#path(sha256, file), 'read');
      return { bytes: await opened.bytes(), stream: (start, end) => streamRange(opened, start, end), close: () => opened.close() };
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async has(sha256: Sha256, file: string): Promise<boolean> {
    return (await this.#fs.stat(this.#path(sha256, file))) !== undefined;
  }

  async keep(sha256: Sha256, named: () => Promise<ReadonlySet<string> | null>): Promise<void> {
    const [, , own] = this.#foldersOf(sha256);
    const there = await this.#fs.list(own);
    const files = await named();
    if (files === null) return;
    for (const { name, kind } of there) if (kind === 'file' && !files.has(name)) await this.#fs.unlink(join(own, name));
    if (files.size === 0) await this.#removeFolder(own);
  }

  async *list(): AsyncGenerator<Sha256> {
    for (const first of await this.#fs.list(this.#root)) {
      if (!/^[0-9a-f]{2}$/.test(first.name)) continue;
      for (const second of await this.#fs.list(join(this.#root, first.name))) {
        for (const { name } of await this.#fs.list(join(this.#root, first.name, second.name))) {
          const sha256 = sha256OfName(name);
          if (sha256) yield sha256;
        }
      }
    }
  }

  async removeWorkBefore(time: number): Promise<number> {
    let count = 0;
    for (const { name } of await this.#fs.list(this.#work)) {
      const folder = join(this.#work, name);
      const found = await this.#fs.stat(folder);
      if (!found || found.modifiedAt >= time) continue;
      await this.discard(folder);
      count += 1;
    }
    return count;
  }

  freeBytes(): Promise<number> {
    return this.#fs.freeBytes(this.#parent);
  }

  #foldersOf(sha256: Sha256): readonly [string, string, string] {
    const first = join(this.#root, sha256.slice(0, 2));
    const second = join(first, sha256.slice(2, 4));
    return [first, second, join(second, sha256)];
  }

  #path(sha256: Sha256, file: string): string {
    return join(this.#foldersOf(sha256)[2], file);
  }

  async #make(folders: readonly string[]): Promise<void> {
    for (const folder of folders) await this.#fs.makeFolder(folder);
  }

  async #removeFolder(folder: string): Promise<void> {
    try {
      await this.#fs.removeEmptyFolder(folder);
    } catch (error) {
      // Another process has just put something in.
      if (!['ENOTEMPTY', 'EEXIST'].includes(diskErrorCode(error) ?? '')) throw error;
    }
  }
}
