import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Work that takes tens of milliseconds of the one thread at a time: pages of many rows. However many are asked for
 * at once, one is made, and before the next one whatever else has come is answered. Without that all of them would
 * stand before it, and lie in memory together.
 */
export class BulkLane {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Runs `work` when those that came before are done. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = this.#last;
    this.#waiting += 1;
    const own = this.#after(before, work);
    this.#last = own.catch(() => undefined);
    return await own;
  }

  async #after<Result>(before: Promise<unknown>, work: () => Promise<Result>): Promise<Result> {
    await before;
    try {
      return await work();
    } finally {
      this.#waiting -= 1;
      // Once for what has arrived to be read, once for what came of it.
      for (let turn = 0; turn < 2 && this.#waiting > 0; turn += 1) await nextTurn();
    }
  }
}
