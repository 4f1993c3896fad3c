import { Violation } from '../world/failure.ts';

/** An engine looks at its clock in each round of its work. What it can do in one moment comes to an end long before this many. */
const LOOKS_MAX = 2_000;

/** What a device believes the time to be: anything, as nothing may depend on it (rule M10). */
export class DeviceClock {
  readonly #worldNow: () => number;
  offset = 0;
  /** 1 keeps pace with the world. */
  rate = 1;
  readonly #since: number;
  #moment = Number.NaN;
  #looks = 0;

  constructor(worldNow: () => number) {
    this.#worldNow = worldNow;
    this.#since = worldNow();
  }

  now(): number {
    const world = this.#worldNow();
    return Math.round(world + this.offset + (world - this.#since) * (this.rate - 1));
  }

  /**
   * The same, for an engine at work. Time passes when all that can happen now has happened: one that goes on for ever would
   * hold it, and all the search with it.
   * @throws a violation where it does
   */
  nowAtWork(): number {
    const moment = this.#worldNow();
    if (moment !== this.#moment) [this.#moment, this.#looks] = [moment, 0];
    this.#looks += 1;
    if (this.#looks > LOOKS_MAX) throw new Violation('I12', `no end of what is done in one moment: the engine has looked at its clock ${LOOKS_MAX} times`);
    return this.now();
  }
}
