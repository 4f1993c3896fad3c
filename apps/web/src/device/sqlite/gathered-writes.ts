import type { Access } from '../catalogue/columns-file.ts';

/** SQLite writes a page into its journal as three writes, and pages that lie behind each other one by one. */
const GATHERED_BYTES = 512 * 1024;

/**
 * A file whose writes behind each other go to the browser as one: each costs some 35 µs there, whatever its size, and
 * those of SQLite were half of the time of a first sync.
 *
 * Nothing is durable sooner or later than without it: that is what `flush` says, before which a file system may keep and
 * order writes as it likes, and SQLite counts on nothing else.
 */
export class GatheredWrites implements Access {
  readonly #file: Access;
  #bytes: Uint8Array | null = null;
  #at = 0;
  #length = 0;

  constructor(file: Access) {
    this.#file = file;
  }

  write(from: Uint8Array | Uint32Array, { at }: { at: number }): number {
    const bytes = new Uint8Array(from.buffer, from.byteOffset, from.byteLength);
    if (at !== this.#at + this.#length || this.#length + bytes.length > GATHERED_BYTES) this.#put();
    if (bytes.length > GATHERED_BYTES) return this.#file.write(bytes, { at });
    // Files that are never written, as most of a pool's, need no memory for it.
    this.#bytes ??= new Uint8Array(GATHERED_BYTES);
    if (this.#length === 0) this.#at = at;
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return bytes.length;
  }

  read(into: Uint8Array, { at }: { at: number }): number {
    // A write makes the file longer as well, so that more than what it wrote is read otherwise.
    this.#put();
    return this.#file.read(into, { at });
  }

  getSize(): number {
    this.#put();
    return this.#file.getSize();
  }

  truncate(size: number): void {
    this.#put();
    this.#file.truncate(size);
  }

  flush(): void {
    this.#put();
    this.#file.flush();
  }

  close(): void {
    this.#put();
    this.#file.close();
  }

  #put(): void {
    const length = this.#length;
    if (length === 0 || this.#bytes === null) return;
    // Also where it fails: whoever hears of that rolls back.
    this.#length = 0;
    const written = this.#file.write(this.#bytes.subarray(0, length), { at: this.#at });
    if (written !== length) throw new Error(`${written} of ${length} bytes were written`);
  }
}

interface Handles {
  createSyncAccessHandle: (this: Handles) => Promise<Access>;
}

/** SQLite's pool opens its files itself: those that are opened by `open` gather their writes. */
export async function gatheringWrites<T>(open: () => Promise<T>): Promise<T> {
  const handles = FileSystemFileHandle.prototype as unknown as Handles;
  const plain = handles.createSyncAccessHandle;
  handles.createSyncAccessHandle = async function gathered(this: Handles) {
    return new GatheredWrites(await plain.call(this));
  };
  try {
    return await open();
  } finally {
    handles.createSyncAccessHandle = plain;
  }
}
