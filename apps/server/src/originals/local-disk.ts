import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Sha256, UploadId } from '@everroll/protocol';
import { type DiskFile, type DiskFs, diskErrorCode, noHardLinks } from './disk-fs.ts';
import { DurableFolders } from './durable-folders.ts';
import { dayOf, Layout, sha256OfName, stagedName } from './layout.ts';
import { eachPiece, readAll, streamRange } from './reading.ts';
import type { OriginalFile, OriginalStore, OwnStaged, SetAside, Staged, StagingWriter } from './store.ts';

/**
 * Originals on a local disk: `originals/ab/cd/<sha256>`, `uploads/<upload>.<writer>`, `set-aside/<day>/<sha256>`,
 * `damaged/<day>/<sha256>-<time>` below one root, all on one file system, so that a rename is atomic.
 *
 * A staged file becomes the original by getting its name, so whoever still has it open could write into
 * the original. Therefore a process writes to files alone that it made itself: their names end in its own,
 * and to go on with what another process staged it makes a copy. The other one may be slow rather than
 * dead; what it writes late goes into a file that has no name any more.
 */
export class LocalDiskStore implements OriginalStore {
  readonly #fs: DiskFs;
  readonly #layout: Layout;
  readonly #folders: DurableFolders;
  /** Uploads whose staged bytes are durable and were not written since. */
  readonly #synced = new Set<UploadId>();
  /** Uploads of which this process made a staged file. */
  readonly #made = new Set<UploadId>();

  /** @param writer names this process, as no other one that uses the folder: hex digits. */
  constructor(fs: DiskFs, root: string, writer: string = randomBytes(8).toString('hex')) {
    this.#fs = fs;
    this.#layout = new Layout(root, writer);
    this.#folders = new DurableFolders(fs, root);
  }

  async stagedBytes(upload: UploadId): Promise<number | undefined> {
    return (await this.#fs.stat(this.#layout.staged(upload)))?.bytes ?? (await this.#stagedByAnother(upload))?.bytes;
  }

  /** A copy that was broken off lies beside what it was made of, and is the shorter one. */
  async #stagedByAnother(upload: UploadId): Promise<{ readonly path: string; readonly bytes: number } | undefined> {
    let longest: { readonly path: string; readonly bytes: number } | undefined;
    for (const { path, isCommitting } of await this.#stagedNames(upload)) {
      const found = isCommitting || path === this.#layout.staged(upload) ? undefined : await this.#fs.stat(path);
      if (found && found.bytes > (longest?.bytes ?? -1)) longest = { path, bytes: found.bytes };
    }
    return longest;
  }

  async #stagedNames(upload: UploadId): Promise<{ readonly path: string; readonly isCommitting: boolean }[]> {
    const names = await this.#fs.list(this.#layout.staging);
    return names.flatMap(({ name }) => {
      const found = stagedName(name);
      return found?.upload === upload ? [{ path: join(this.#layout.staging, name), isCommitting: found.isCommitting }] : [];
    });
  }

  async takeOver(upload: UploadId, how: 'whole' | 'part'): Promise<OwnStaged | undefined> {
    const own = this.#layout.staged(upload);
    const there = await this.#fs.stat(own);
    if (there) return { bytes: there.bytes, wasAnothers: false };
    const other = await this.#stagedByAnother(upload);
    if (!other) return undefined;
    this.#made.add(upload);
    this.#synced.delete(upload);
    try {
      if (how === 'whole') await this.#fs.rename(other.path, own);
      else await this.#fs.copy(other.path, own);
    } catch (error) {
      await this.#fs.unlink(own);
      // It was ended, or taken over by a third one.
      if (diskErrorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
    if (how === 'part') await this.#fs.unlink(other.path);
    const taken = await this.#fs.stat(own);
    return taken && { bytes: taken.bytes, wasAnothers: true };
  }

  async stage(upload: UploadId, offset: number): Promise<StagingWriter> {
    await this.#folders.ensure(this.#layout.staging);
    const path = this.#layout.staged(upload);
    this.#synced.delete(upload);
    this.#made.add(upload);
    const file = await this.#fs.open(path, offset === 0 ? 'create' : 'write');
    try {
      if (offset > 0) await cutTo(file, offset);
    } catch (error) {
      await file.close();
      throw error;
    }
    return new LocalWriter(file, offset, () => this.#sync(upload, file));
  }

  async *readStaged(upload: UploadId): AsyncGenerator<Uint8Array> {
    yield* readAll(await this.#fs.open(this.#layout.staged(upload), 'read'));
  }

  async discard(upload: UploadId): Promise<void> {
    this.#synced.delete(upload);
    const paths = this.#made.delete(upload) ? [this.#layout.staged(upload), this.#layout.committing(upload)] : (await this.#stagedNames(upload)).map(({ path }) => path);
    for (const path of paths) await this.#fs.unlink(path);
  }

  async *listStaged(): AsyncGenerator<Staged> {
    for (const { name } of await this.#fs.list(this.#layout.staging)) {
      const upload = stagedName(name)?.upload;
      const found = upload && (await this.#fs.stat(join(this.#layout.staging, name)));
      if (upload && found) yield { upload, modifiedAt: found.modifiedAt };
    }
  }

  /**
   * The order is the argument: content durable, then the name, which appears whole in one atomic
   * step, then the folder durable. Killed in between, the original is whole or absent, and the
   * staged file is still there to begin again from.
   */
  async commit(upload: UploadId, sha256: Sha256): Promise<boolean> {
    const folder = this.#layout.originalFolder(sha256);
    try {
      await Promise.all([this.#syncStaged(upload), this.#folders.ensure(folder)]);
      await this.#name(upload, this.#layout.original(sha256));
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT' && !(await this.#fs.stat(this.#layout.staged(upload)))) return false;
      throw error;
    }
    await this.#fs.syncFolder(folder);
    return true;
  }

  async #syncStaged(upload: UploadId): Promise<void> {
    if (this.#synced.has(upload)) return;
    const file = await this.#fs.open(this.#layout.staged(upload), 'write');
    try {
      await this.#sync(upload, file);
    } finally {
      await file.close();
    }
  }

  async #sync(upload: UploadId, file: DiskFile): Promise<void> {
    try {
      await file.sync();
      this.#synced.add(upload);
    } catch (error) {
      // The kernel may have dropped what it could not write and show it as clean: to read it back
      // proves nothing, and to sync again reports success. The bytes have to come again.
      await this.#fs.unlink(this.#layout.staged(upload));
      throw error;
    }
  }

  /** Gives the staged file its name as an original, keeping the staged name where there are hard links. */
  async #name(upload: UploadId, original: string): Promise<void> {
    const staged = this.#layout.staged(upload);
    const outcome = await this.#link(staged, original);
    if (outcome === 'linked') return;
    if (outcome === 'no hard links') return await this.#fs.rename(staged, original);
    // An original of this hash is there: replaced by a rename, which needs a name of its own to move.
    const committing = this.#layout.committing(upload);
    await this.#fs.unlink(committing);
    await this.#fs.link(staged, committing);
    await this.#fs.rename(committing, original);
    // Where both were one file already, a rename does nothing and leaves the name (POSIX, rename).
    await this.#fs.unlink(committing);
  }

  async #link(existing: string, path: string): Promise<'linked' | 'taken' | 'no hard links'> {
    try {
      await this.#fs.link(existing, path);
      return 'linked';
    } catch (error) {
      const code = diskErrorCode(error) ?? '';
      if (code === 'EEXIST') return 'taken';
      if (noHardLinks.has(code)) return 'no hard links';
      throw error;
    }
  }

  async bytesOf(sha256: Sha256): Promise<number | undefined> {
    return (await this.#fs.stat(this.#layout.original(sha256)))?.bytes;
  }

  async read(sha256: Sha256, start: number, end: number): Promise<ReadableStream<Uint8Array> | undefined> {
    const file = await this.#open(sha256);
    return file && streamRange(file, start, end);
  }

  async pieces(sha256: Sha256, start: number, end: number): Promise<((take: (piece: Uint8Array) => Promise<void>) => Promise<void>) | undefined> {
    const file = await this.#open(sha256);
    return file && ((take) => eachPiece(file, start, end, take));
  }

  async #open(sha256: Sha256): Promise<DiskFile | undefined> {
    try {
      return await this.#fs.open(this.#layout.original(sha256), 'read');
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async file(sha256: Sha256): Promise<OriginalFile | undefined> {
    if ((await this.bytesOf(sha256)) === undefined) return undefined;
    return { path: resolve(this.#layout.original(sha256)), release: () => Promise.resolve() };
  }

  async *list(): AsyncGenerator<Sha256> {
    for await (const folder of this.#foldersIn(this.#layout.originals)) {
      for await (const inner of this.#foldersIn(folder)) {
        for (const { name } of await this.#fs.list(inner)) {
          const sha256 = sha256OfName(name);
          if (sha256) yield sha256;
        }
      }
    }
  }

  async setAside(sha256: Sha256, now: number): Promise<void> {
    await this.#moveAway(sha256, this.#layout.setAsideFolder(dayOf(now)), sha256);
  }

  async setAsideDamaged(sha256: Sha256, now: number): Promise<void> {
    await this.#moveAway(sha256, this.#layout.damagedFolder(dayOf(now)), `${sha256}-${now}`);
  }

  async #moveAway(sha256: Sha256, folder: string, name: string): Promise<void> {
    await this.#folders.ensure(folder);
    try {
      await this.#fs.rename(this.#layout.original(sha256), join(folder, name));
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return;
      throw error;
    }
    // The new name first: between the two a crash may leave both names, never none.
    await this.#fs.syncFolder(folder);
    await this.#fs.syncFolder(this.#layout.originalFolder(sha256));
  }

  async restore(sha256: Sha256): Promise<boolean> {
    if ((await this.bytesOf(sha256)) !== undefined) return true;
    for (const day of await this.#daysNewestFirst()) {
      const path = join(this.#layout.setAsideFolder(day), sha256);
      if (!(await this.#fs.stat(path))) continue;
      const folder = this.#layout.originalFolder(sha256);
      await this.#folders.ensure(folder);
      try {
        await this.#fs.rename(path, this.#layout.original(sha256));
      } catch (error) {
        // Somebody else who asked for it has just put it back.
        if (diskErrorCode(error) === 'ENOENT') continue;
        throw error;
      }
      await this.#fs.syncFolder(folder);
      return true;
    }
    return (await this.bytesOf(sha256)) !== undefined;
  }

  async *listSetAside(time: number): AsyncGenerator<SetAside> {
    for (const day of await this.#daysNewestFirst()) {
      if (day >= dayOf(time)) continue;
      const entries = await this.#fs.list(this.#layout.setAsideFolder(day));
      if (entries.length === 0) await this.#removeDay(day);
      for (const { name } of entries) {
        const sha256 = sha256OfName(name);
        if (sha256) yield { sha256, day };
      }
    }
  }

  async removeSetAside({ sha256, day }: SetAside): Promise<void> {
    await this.#fs.unlink(join(this.#layout.setAsideFolder(day), sha256));
  }

  async #removeDay(day: string): Promise<void> {
    const folder = this.#layout.setAsideFolder(day);
    this.#folders.forget(folder);
    await this.#fs.removeEmptyFolder(folder);
  }

  async mark(): Promise<string | undefined> {
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of readAll(await this.#fs.open(this.#layout.mark, 'read'))) chunks.push(chunk);
      return Buffer.concat(chunks).toString('utf8');
    } catch (error) {
      if (diskErrorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async setMark(text: string): Promise<void> {
    this.#folders.forgetAll();
    await this.#folders.ensure(this.#layout.originals);
    const file = await this.#fs.open(this.#layout.mark, 'create');
    try {
      await file.writev([Buffer.from(text, 'utf8')], 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await this.#fs.syncFolder(this.#layout.originals);
  }

  async freeBytes(): Promise<number> {
    await this.#folders.ensure(this.#layout.staging);
    return this.#fs.freeBytes(this.#layout.staging);
  }

  async *#foldersIn(path: string): AsyncGenerator<string> {
    for (const { name, kind } of await this.#fs.list(path)) if (kind === 'folder') yield join(path, name);
  }

  async #daysNewestFirst(): Promise<string[]> {
    const entries = await this.#fs.list(this.#layout.setAside);
    return entries
      .filter(({ kind, name }) => kind === 'folder' && /^\d{4}-\d{2}-\d{2}$/.test(name))
      .map(({ name }) => name)
      .toSorted()
      .toReversed();
  }
}

/** Refuses a hole: a device that goes on behind what is stored would never send what lies between. */
async function cutTo(file: DiskFile, offset: number): Promise<void> {
  const bytes = await file.bytes();
  if (bytes < offset) throw new Error(`staging holds ${bytes} bytes, ${offset} expected`);
  if (bytes > offset) await file.truncate(offset);
}

class LocalWriter implements StagingWriter {
  offset: number;
  readonly sync: () => Promise<void>;
  readonly #file: DiskFile;

  constructor(file: DiskFile, offset: number, sync: () => Promise<void>) {
    this.#file = file;
    this.offset = offset;
    this.sync = sync;
  }

  async append(chunks: readonly Uint8Array[]): Promise<void> {
    await this.#file.writev(chunks, this.offset);
    for (const chunk of chunks) this.offset += chunk.byteLength;
  }

  async truncate(offset: number): Promise<void> {
    await this.#file.truncate(offset);
    this.offset = offset;
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
