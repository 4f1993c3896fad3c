import { Worker } from 'node:worker_threads';

/** To the thread: bytes of a file, in shared memory; `ends`: there are no more. */
export interface ToHash {
  readonly file: number;
  readonly bytes: Uint8Array | null;
  readonly ends: boolean;
}

/** From it, for each message in its order: those bytes are hashed. */
export interface BatchHashed {
  readonly file: number;
  /** Lower-case hex of all of them, at the end. */
  readonly sha256: string | null;
}

/** The thread ends when nothing was hashed for so long. */
const IDLE_MS = 10_000;

/**
 * SHA-256 of files that arrive, on a thread of its own: the main thread receives for all of them and has no time to spare,
 * where a second processor mostly has. Bytes lie in shared memory and are not copied. Where the thread cannot be had, or
 * ends, a hash is unknown: whoever asked reads the file.
 */
export class HashThread {
  #worker: Worker | undefined;
  readonly #waiting = new Map<number, (hashed: BatchHashed | undefined) => void>();
  #lastFile = 0;
  #open = 0;
  #idle: NodeJS.Timeout | undefined;
  readonly #entry: URL;

  /** @param entry what the thread runs */
  constructor(entry = new URL('./hash-worker.ts', import.meta.url)) {
    this.#entry = entry;
  }

  begin(): FileHash {
    clearTimeout(this.#idle);
    this.#open += 1;
    this.#lastFile += 1;
    const worker = this.#started();
    return new FileHash(this.#lastFile, (message) => this.#ask(worker, message), () => this.#end());
  }

  #started(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.#entry);
    worker.unref();
    worker.on('message', (hashed: BatchHashed) => this.#take(hashed.file, hashed));
    // Its end says all that there is to say, and follows.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      for (const file of this.#waiting.keys()) this.#take(file, undefined);
    });
    this.#worker = worker;
    return worker;
  }

  #ask(worker: Worker, message: ToHash): Promise<BatchHashed | undefined> {
    // It ended in the middle of the file: what another one would say is the hash of a part.
    if (this.#worker !== worker) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      // A process waits for an answer, and for the thread alone it does not.
      worker.ref();
      this.#waiting.set(message.file, resolve);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage(message);
    });
  }

  #take(file: number, hashed: BatchHashed | undefined): void {
    const resolve = this.#waiting.get(file);
    this.#waiting.delete(file);
    if (this.#waiting.size === 0) this.#worker?.unref();
    resolve?.(hashed);
  }

  #end(): void {
    this.#open -= 1;
    if (this.#open > 0) return;
    this.#idle = setTimeout(() => {
      const worker = this.#worker;
      this.#worker = undefined;
      void worker?.terminate();
    }, IDLE_MS).unref();
  }
}

/** Of one file, whose bytes come one batch after another: one is hashed before the next is given. */
export class FileHash {
  readonly #file: number;
  readonly #ask: (message: ToHash) => Promise<BatchHashed | undefined>;
  readonly #onEnd: () => void;
  #isKnown = true;

  constructor(file: number, ask: (message: ToHash) => Promise<BatchHashed | undefined>, onEnd: () => void) {
    this.#file = file;
    this.#ask = ask;
    this.#onEnd = onEnd;
  }

  /** The bytes may be used again when it resolves. */
  async update(bytes: Uint8Array): Promise<void> {
    if (this.#isKnown) this.#isKnown = (await this.#ask({ file: this.#file, bytes, ends: false })) !== undefined;
  }

  /** @returns lower-case hex; undefined: it is not known. To be called once, also where nobody wants to know. */
  async end(): Promise<string | undefined> {
    const hashed = this.#isKnown ? await this.#ask({ file: this.#file, bytes: null, ends: true }) : undefined;
    this.#onEnd();
    return hashed?.sha256 ?? undefined;
  }
}
