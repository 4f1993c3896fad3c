/**
 * One request at a time works on an upload, and it is the latest one (rule U6): a device that lost
 * its connection comes back long before the server notices, and must not wait for the request that
 * hangs. So a new request ends the one before it and goes on when that one has let go, which takes
 * as long as storing what it already received. In the order in which they came, each waiting
 * request is ended by the next.
 */
export class Holds<Key> {
  readonly #latest = new Map<Key, Hold>();

  /** `ended` is aborted when a later request comes; then the work returns as soon as it can. */
  async run<Result>(key: Key, work: (ended: AbortSignal) => Promise<Result>): Promise<Result> {
    const before = this.#latest.get(key);
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const hold: Hold = { controller: new AbortController(), released };
    this.#latest.set(key, hold);
    before?.controller.abort();
    await before?.released;
    try {
      return await work(hold.controller.signal);
    } finally {
      if (this.#latest.get(key) === hold) this.#latest.delete(key);
      release();
    }
  }

  /** Whether any request holds it, so that sweeps leave it alone. */
  isHeld(key: Key): boolean {
    return this.#latest.has(key);
  }
}

interface Hold {
  readonly controller: AbortController;
  readonly released: Promise<void>;
}
