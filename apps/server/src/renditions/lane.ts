import type { Services } from '../context.ts';
import type { RenditionStore } from './store.ts';

/** Renditions can be made again, originals cannot: the last of the disk is left to these. Twice what uploads leave free. */
const DISK_LEFT_BYTES = 512 * 1024 * 1024;

const FULL_HELD_MS = 60_000;
const FAILED_HELD_MS = 30_000;
const HELD_AT_MOST_MS = 10 * 60_000;

/**
 * What stops all of the work at once: a full disk, or a system that refuses processes. The lane is
 * closed for a while, so that a hundred thousand files do not each find it out.
 */
export class Lane {
  readonly #services: Pick<Services, 'clock' | 'log'>;
  readonly #store: Pick<RenditionStore, 'freeBytes'>;
  /** A stretch of the clock, which may jump: a time outside it holds nothing. */
  #held = { from: 0, until: 0 };
  #failures = 0;
  #isFull = false;

  constructor(services: Pick<Services, 'clock' | 'log'>, store: Pick<RenditionStore, 'freeBytes'>) {
    this.#services = services;
    this.#store = store;
  }

  async isOpen(): Promise<boolean> {
    const now = this.#services.clock.now();
    if (now >= this.#held.from && now < this.#held.until) return false;
    const free = await this.#store.freeBytes();
    if (free >= DISK_LEFT_BYTES) {
      this.#isFull = false;
      return true;
    }
    if (!this.#isFull) this.#services.log.warn('renditions: the disk is nearly full; they wait', { freeBytes: free, neededBytes: DISK_LEFT_BYTES });
    this.#isFull = true;
    this.#hold(FULL_HELD_MS);
    return false;
  }

  /** A job could not be done through no fault of its file. Others would not fare better. */
  failed(why: string): void {
    this.#services.log.error('renditions: a job could not be done', { why });
    this.#hold(Math.min(FAILED_HELD_MS * 2 ** this.#failures, HELD_AT_MOST_MS));
    this.#failures += 1;
  }

  worked(): void {
    this.#failures = 0;
  }

  #hold(milliseconds: number): void {
    const now = this.#services.clock.now();
    this.#held = { from: now, until: now + milliseconds };
  }
}
