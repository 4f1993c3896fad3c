/** One write(2): smaller ones cost as much again as receiving what they write. */
export const BATCH_BYTES = 1024 * 1024;

/** Of as many files as are downloaded at once, each fills one batch while the other goes to the disk. */
const BATCHES = 24;
const PAGE_BYTES = 64 * 1024;
/** Memory is given back to the system when nothing was written for so long. */
const IDLE_MS = 10_000;

/**
 * Memory from which the disk can take bytes itself (O_DIRECT, open(2)): it must begin at a page of the system's, which V8 gives
 * a WebAssembly memory and nothing else in JavaScript. It is used again and again: fresh pages would cost what this saves.
 * Threads share it (`hash-thread.ts`).
 */
export class Batches {
  #free: Uint8Array[] | undefined;
  #taken = 0;
  #idle: NodeJS.Timeout | undefined;

  /** Two batches; undefined while as many files are written as there is memory for. */
  takeTwo(): readonly [Uint8Array, Uint8Array] | undefined {
    clearTimeout(this.#idle);
    this.#free ??= newBatches();
    const [one, two] = [this.#free.pop(), this.#free.pop()];
    if (one === undefined || two === undefined) return undefined;
    this.#taken += 2;
    return [one, two];
  }

  /** Nothing may be written from them any more. */
  giveBack(batches: readonly [Uint8Array, Uint8Array]): void {
    this.#free?.push(...batches);
    this.#taken -= 2;
    if (this.#taken > 0) return;
    this.#idle = setTimeout(() => {
      this.#free = undefined;
    }, IDLE_MS).unref();
  }
}

/** Node's types leave it to those of browsers. */
declare const WebAssembly: { readonly Memory: new (size: { readonly initial: number; readonly maximum: number; readonly shared: true }) => { readonly buffer: SharedArrayBuffer } };

function newBatches(): Uint8Array[] {
  const pages = (BATCHES * BATCH_BYTES) / PAGE_BYTES;
  const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  return Array.from({ length: BATCHES }, (_, place) => new Uint8Array(buffer, place * BATCH_BYTES, BATCH_BYTES));
}
