import type { Clock } from '../context.ts';
import type { OriginalStore } from '../originals/store.ts';

/**
 * Deletes, edits and downloads go on when the disk is full for originals (PRODUCT 1.9), so the
 * database keeps room for its write-ahead log and for the pages that a large purge touches.
 */
export const DISK_RESERVE_BYTES = 256 * 1024 * 1024;

/** A measurement is good for so long, or for so many bytes received since: a quarter of the reserve. */
const MEASURED_EVERY_MS = 1000;
const MEASURED_EVERY_BYTES = DISK_RESERVE_BYTES / 4;

/** The room that uploads may still take. Asked for each upload, measured now and then. */
export class Room {
  readonly #store: Pick<OriginalStore, 'freeBytes'>;
  readonly #clock: Clock;
  #free = 0;
  #measuredAt = Number.NEGATIVE_INFINITY;
  #takenSince = 0;

  constructor(store: Pick<OriginalStore, 'freeBytes'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Negative when the reserve is touched. */
  async bytes(): Promise<number> {
    const age = this.#clock.now() - this.#measuredAt;
    if (age < 0 || age >= MEASURED_EVERY_MS || this.#takenSince >= MEASURED_EVERY_BYTES) await this.#measure();
    return this.#free - this.#takenSince - DISK_RESERVE_BYTES;
  }

  /** How many bytes more are lacking before `bytes` fit; 0 or less if they do. Says no only after measuring. */
  async shortBytes(bytes: number): Promise<number> {
    if (bytes <= (await this.bytes())) return 0;
    await this.#measure();
    return bytes - (await this.bytes());
  }

  took(bytes: number): void {
    this.#takenSince += bytes;
  }

  async #measure(): Promise<void> {
    this.#free = await this.#store.freeBytes();
    this.#measuredAt = this.#clock.now();
    this.#takenSince = 0;
  }
}
