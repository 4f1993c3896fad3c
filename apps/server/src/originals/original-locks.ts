import type { Sha256 } from '@everroll/protocol';

/**
 * One at a time for each hash: the end of an upload puts an original in its place and then commits
 * its row; the sweep looks whether a row names a file and then takes it away. Interleaved, the
 * sweep would take a file that has just been committed.
 */
export class OriginalLocks {
  readonly #last = new Map<Sha256, Promise<void>>();

  async run<Result>(sha256: Sha256, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(sha256);
    const { promise: done, resolve } = Promise.withResolvers<void>();
    this.#last.set(sha256, done);
    await before;
    try {
      return await work();
    } finally {
      if (this.#last.get(sha256) === done) this.#last.delete(sha256);
      resolve();
    }
  }
}
