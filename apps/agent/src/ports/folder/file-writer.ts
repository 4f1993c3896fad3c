import { createHash, type Hash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { BATCH_BYTES, Batches } from './batches.ts';
import { codeOf, isDiskFault } from './disk-faults.ts';
import { type FileHash, HashThread } from './hash-thread.ts';

/** What the disk itself reads and writes at once, of every disk that there is. */
const BLOCK_BYTES = 4096;

const shared = new Batches();
const thread = new HashThread();

/**
 * Writes a file from a place on, in large writes, one of which goes to the disk while the next is filled. Where the disk takes
 * them (Linux, O_DIRECT), they pass by the system's cache: on a small machine a library that arrives would push everything
 * else out of it, and the copy into fresh pages is the largest part of what a download costs. Nobody reads the file soon.
 * What is written from the beginning is hashed on the way: a file of several batches beside its writing, by another thread.
 */
export class FileWriter {
  readonly #file: FileHandle;
  /** The same file; undefined where its disk knows nothing of it. */
  #direct: FileHandle | undefined;
  readonly #shared: readonly [Uint8Array, Uint8Array] | undefined;
  #filling: Uint8Array;
  #other: Uint8Array;
  #filled = 0;
  /** Where what is being filled comes to lie. */
  #at: number;
  #writing: Promise<void> = Promise.resolve();
  /** Of all that was flushed; undefined: nothing was yet, or it is not hashed. */
  #hash: Hash | FileHash | undefined;
  #isHashed: boolean;

  private constructor(file: FileHandle, direct: FileHandle | undefined, at: number) {
    this.#file = file;
    this.#direct = direct;
    this.#at = at;
    this.#isHashed = at === 0;
    this.#shared = shared.takeTwo();
    [this.#filling, this.#other] = this.#shared ?? [new Uint8Array(BATCH_BYTES), new Uint8Array(BATCH_BYTES)];
  }

  /** Bytes behind `from` are of no known origin and go; a hole before it is filled with zeros. */
  static async open(path: string, from: number): Promise<FileWriter> {
    const { file, isNew } = await openToWrite(path);
    try {
      if (!isNew || from > 0) await file.truncate(from);
      return new FileWriter(file, from % BLOCK_BYTES === 0 ? await openDirect(path) : undefined, from);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Takes a copy; waits for the disk only when both batches are full. */
  async write(chunk: Uint8Array): Promise<void> {
    for (let left = chunk; left.length > 0; ) {
      const taken = left.subarray(0, BATCH_BYTES - this.#filled);
      this.#filling.set(taken, this.#filled);
      this.#filled += taken.length;
      left = left.subarray(taken.length);
      if (this.#filled === BATCH_BYTES) await this.#flush();
    }
  }

  /**
   * Writes what is left.
   * @returns the length of the file, and the SHA-256 of its content in lower-case hex where that is known without reading it
   */
  async end(): Promise<{ readonly bytes: number; readonly sha256: string | undefined }> {
    await this.#flush();
    await this.#writing;
    return { bytes: this.#at, sha256: await this.#digest() };
  }

  stat(): Promise<BigIntStats> {
    return this.#file.stat({ bigint: true });
  }

  /** Makes all that was written durable. */
  sync(): Promise<void> {
    return this.#file.sync();
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#digest();
    if (this.#shared) shared.giveBack(this.#shared);
    await this.#direct?.close();
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    await this.#writing;
    this.#writing = this.#storeAndHash(this.#filling.subarray(0, this.#filled), this.#at);
    // Awaited at the next batch or at the end; until then a failure is not unhandled.
    this.#writing.catch(() => undefined);
    this.#at += this.#filled;
    this.#filled = 0;
    [this.#filling, this.#other] = [this.#other, this.#filling];
  }

  async #storeAndHash(bytes: Uint8Array, at: number): Promise<void> {
    if (this.#isHashed) this.#hash ??= this.#shared && bytes.length === BATCH_BYTES ? thread.begin() : createHash('sha256');
    const hashed = this.#hash?.update(bytes);
    try {
      await this.#store(bytes, at);
    } finally {
      // The batch is filled again only when both are done with it.
      if (hashed instanceof Promise) await hashed;
    }
  }

  async #digest(): Promise<string | undefined> {
    const hash = this.#hash;
    this.#hash = undefined;
    this.#isHashed = false;
    return hash && ('digest' in hash ? hash.digest('hex') : await hash.end());
  }

  async #store(bytes: Uint8Array, at: number): Promise<void> {
    let stored = 0;
    while (stored < bytes.length) {
      const whole = bytes.length - stored - ((bytes.length - stored) % BLOCK_BYTES);
      // What is less than a block goes through the cache.
      const direct = whole > 0 && stored % BLOCK_BYTES === 0 ? this.#direct : undefined;
      stored += direct ? await this.#storeDirect(direct, bytes.subarray(stored, stored + whole), at + stored) : (await this.#file.write(bytes, stored, bytes.length - stored, at + stored)).bytesWritten;
    }
  }

  /** @returns bytes stored: none where the disk does not take them so. It is not asked again: what else is wrong, the way through the cache says. */
  async #storeDirect(direct: FileHandle, bytes: Uint8Array, at: number): Promise<number> {
    try {
      return (await direct.write(bytes, 0, bytes.length, at)).bytesWritten;
    } catch (error) {
      if (!isDiskFault(error)) throw error;
      this.#direct = undefined;
      await direct.close();
      return 0;
    }
  }
}

/** Mostly there is none yet: that is tried first. */
async function openToWrite(path: string): Promise<{ readonly file: FileHandle; readonly isNew: boolean }> {
  try {
    return { file: await open(path, 'wx+'), isNew: true };
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return { file: await open(path, 'r+'), isNew: false };
  }
}

/** Linux alone has the flag; a file system without it (some network and user-space ones) says so, each in its way. */
async function openDirect(path: string): Promise<FileHandle | undefined> {
  if (process.platform !== 'linux') return undefined;
  try {
    return await open(path, constants.O_WRONLY | constants.O_DIRECT);
  } catch (error) {
    if (isDiskFault(error)) return undefined;
    throw error;
  }
}
