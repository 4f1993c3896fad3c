/** What a device believes the time to be: anything, as nothing may depend on it (rule M10). */
export class DeviceClock {
  readonly #worldNow: () => number;
  offset = 0;
  /** 1 keeps pace with the world. */
  rate = 1;
  readonly #since: number;

  constructor(worldNow: () => number) {
    this.#worldNow = worldNow;
    this.#since = worldNow();
  }

  now(): number {
    const world = this.#worldNow();
    return Math.round(world + this.offset + (world - this.#since) * (this.rate - 1));
  }
}
