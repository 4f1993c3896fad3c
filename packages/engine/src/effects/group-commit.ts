import type { Driver } from '../ports/driver.ts';
import type { Clock } from '../ports/world.ts';

/** Long enough for several files that are brought at once to end in it, short beside bringing one. */
const GATHERED_MS = 10;

/**
 * Stores what several effects observed by one transaction: each costs a wait for the disk, on the thread that all
 * else runs on. Only for observations of which nothing depends but the effect that waits for them.
 */
export class GroupCommit {
  readonly #driver: Driver;
  readonly #clock: Clock;
  #gathered: (() => void)[] = [];
  #committed: Promise<void> | undefined;

  constructor(driver: Driver, clock: Clock) {
    this.#driver = driver;
    this.#clock = clock;
  }

  /**
   * Resolves when `observe` has run in a transaction that is durable. A defect of one of them is one of all: none is stored.
   * @param signal stops the gathering, not what was gathered.
   */
  run(observe: () => void, signal: AbortSignal): Promise<void> {
    this.#gathered.push(observe);
    return (this.#committed ??= this.#commit(signal));
  }

  async #commit(signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(GATHERED_MS, signal);
    const observations = this.#gathered;
    this.#gathered = [];
    this.#committed = undefined;
    this.#driver.transaction(() => {
      for (const observe of observations) observe();
    });
  }
}
