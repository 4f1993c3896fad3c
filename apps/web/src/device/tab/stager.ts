import { isMediaName } from '@everroll/media/names';
import type { Sha256 } from '@everroll/protocol';
import { randomId } from '../leader/random.ts';
import type { Copying } from '../rpc/tab-messages.ts';
import type { StagedFile } from '../staging/staged.ts';
import { stagingFolder } from '../staging/store.ts';

type Access = { write(from: Uint8Array, at: { at: number }): number; flush(): void; close(): void };
type WithAccess = FileSystemFileHandle & { createSyncAccessHandle(): Promise<Access> };

interface Picked {
  readonly id: string;
  readonly file: File;
  readonly path: string;
}

interface Copied {
  readonly staged: StagedFile;
  readonly content: Blob;
}

/** What could not be handed over is handed over again after this. */
const AGAIN_MS = 15_000;
/** A message with every chunk would cost more than the copying. */
const TELL_EVERY_MS = 200;
/** What is copied is handed over in groups, so that the parts of one photo go together. */
const GROUP = 20;

/**
 * Copies what a person chose into this browser's store and hashes it on the way: one pass, and from
 * then on the page may be closed. It works in the tab where the files were chosen, whichever leads.
 */
export class Stager {
  readonly #tell: (files: readonly Copying[]) => void;
  readonly #handOver: (files: readonly StagedFile[], contents: readonly Blob[] | null) => Promise<void>;
  readonly #queue: Picked[] = [];
  readonly #copying = new Map<string, Copying>();
  /** Copied, and the tab that leads could not take them. */
  readonly #untaken: Copied[] = [];
  #isRunning = false;
  #toldAt = 0;

  constructor(tell: (files: readonly Copying[]) => void, handOver: (files: readonly StagedFile[], contents: readonly Blob[] | null) => Promise<void>) {
    this.#tell = tell;
    this.#handOver = handOver;
  }

  /** @returns names that no photo, video or sidecar has. */
  pick(files: readonly { readonly file: File; readonly path: string }[]): { readonly added: number; readonly passedOver: readonly string[] } {
    const media = files.filter(({ file }) => isMediaName(file.name) || /^(?:image|video)\//.test(file.type));
    for (const { file, path } of media) {
      const id = randomId();
      this.#queue.push({ id, file, path: path.normalize('NFC') });
      this.#copying.set(id, { id, name: file.name.normalize('NFC'), path, bytes: file.size, doneBytes: 0, failed: null });
    }
    this.#say(true);
    void this.#run();
    return { added: media.length, passedOver: files.filter((picked) => !media.includes(picked)).map(({ file }) => file.name) };
  }

  /** @param ids null: all of them. */
  stop(ids: readonly string[] | null): void {
    for (const id of ids ?? [...this.#copying.keys()]) this.#copying.delete(id);
    this.#say(true);
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      await this.#copyAll();
    } finally {
      this.#isRunning = false;
    }
    if (this.#queue.length > 0) void this.#run();
    else if (this.#untaken.length > 0) setTimeout(() => void this.#run(), AGAIN_MS);
  }

  async #copyAll(): Promise<void> {
    const folder = await stagingFolder();
    let group: Copied[] = [];
    for (const copied of this.#untaken.splice(0)) {
      if (this.#copying.has(copied.staged.id)) group.push(copied);
      // Stopped meanwhile: whoever leads next would find it and take it over.
      else for (const name of [copied.staged.id, `${copied.staged.id}.json`]) await folder?.removeEntry(name).catch(() => undefined);
    }
    const handOver = async (): Promise<void> => {
      const files = group;
      group = [];
      try {
        if (files.length > 0) await this.#handOver(files.map(({ staged }) => staged), folder === undefined ? files.map(({ content }) => content) : null);
        for (const { staged } of files) this.#copying.delete(staged.id);
      } catch {
        // They are copied, and stay to be taken over: a second time does no harm.
        this.#untaken.push(...files);
      }
      this.#say(true);
    };
    for (let picked = this.#queue.shift(); picked !== undefined; picked = this.#queue.shift()) {
      if (!this.#copying.has(picked.id)) continue;
      try {
        const staged = await this.#copy(picked, folder);
        if (staged === null) continue;
        group.push({ staged, content: picked.file });
      } catch (error) {
        this.#fail(picked, error);
        await folder?.removeEntry(picked.id).catch(() => undefined);
      }
      if (group.length >= GROUP || this.#queue.length === 0) await handOver();
    }
    await handOver();
  }

  /** null: a person stopped it. */
  async #copy({ id, file, path }: Picked, folder: FileSystemDirectoryHandle | undefined): Promise<StagedFile | null> {
    const handle = await folder?.getFileHandle(id, { create: true });
    const access = await (handle as WithAccess | undefined)?.createSyncAccessHandle();
    const { createSHA256 } = await import('hash-wasm');
    const hash = await createSHA256();
    hash.init();
    let bytes = 0;
    const reader = file.stream().getReader();
    try {
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        const copying = this.#copying.get(id);
        if (copying === undefined) break;
        hash.update(read.value);
        access?.write(read.value, { at: bytes });
        bytes += read.value.length;
        this.#copying.set(id, { ...copying, doneBytes: bytes });
        this.#say(false);
      }
      access?.flush();
    } finally {
      await reader.cancel().catch(() => undefined);
      access?.close();
    }
    if (!this.#copying.has(id)) {
      await folder?.removeEntry(id).catch(() => undefined);
      return null;
    }
    const staged: StagedFile = { id, name: fileName(file.name), path, bytes, modifiedAt: file.lastModified, sha256: hash.digest('hex') as Sha256, addedAt: Date.now() };
    if (folder !== undefined) await note(folder, staged);
    return staged;
  }

  #fail({ id }: Picked, error: unknown): void {
    const copying = this.#copying.get(id);
    const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
    if (copying !== undefined) this.#copying.set(id, { ...copying, failed: { code: isFull ? 'device_full' : 'unreadable', detail: String(error), since: Date.now() } });
    this.#say(true);
  }

  #say(now: boolean): void {
    if (!now && Date.now() - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = Date.now();
    this.#tell([...this.#copying.values()]);
  }
}

/** Written when the copy is complete: it is found again even if nobody could be told. */
async function note(folder: FileSystemDirectoryHandle, staged: StagedFile): Promise<void> {
  const access = await ((await folder.getFileHandle(`${staged.id}.json`, { create: true })) as WithAccess).createSyncAccessHandle();
  access.write(new TextEncoder().encode(JSON.stringify(staged)), { at: 0 });
  access.flush();
  access.close();
}

/** A name as the protocol takes it: a browser may hand over control characters that a disk allows. */
function fileName(name: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are exactly what is replaced
  return name.normalize('NFC').replaceAll(/[/\\\u0000-\u001f\u007f]/g, '_').slice(0, 255) || 'unnamed';
}
