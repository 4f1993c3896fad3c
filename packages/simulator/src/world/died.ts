/** What a killed process does next: nothing. Thrown out of whatever it waits for, so that it unwinds. */
export class Died extends Error {
  override readonly name = 'Died';
}

/** The life of one process: from its start to its end. */
export class Life {
  alive = true;
  readonly #waiting = new Set<(reason: Died) => void>();

  check(): void {
    if (!this.alive) throw new Died('killed');
  }

  /** What is waited for; ends in `Died` when the process does. */
  async during<T>(work: Promise<T>): Promise<T> {
    // Of a process that is gone nobody hears how it ended.
    work.catch(() => undefined);
    this.check();
    let stop: ((reason: Died) => void) | undefined;
    const ended = new Promise<never>((_resolve, reject) => {
      stop = reject;
      this.#waiting.add(reject);
    });
    ended.catch(() => undefined);
    try {
      const value = await Promise.race([work, ended]);
      this.check();
      return value;
    } finally {
      if (stop) this.#waiting.delete(stop);
    }
  }

  end(): void {
    this.alive = false;
    for (const stop of this.#waiting) stop(new Died('killed'));
    this.#waiting.clear();
  }
}
