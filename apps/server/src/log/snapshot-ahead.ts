import type { LibraryId } from '@everroll/protocol';
import type { Services, Timers } from '../context.ts';
import { beginKeeping, keepNext, type Keeping } from './kept-snapshot.ts';

/** One look, or one chunk of a snapshot, in so long. */
const EVERY_MS = 1_000;
/** A library that was changed within this time is left alone: an import would make each snapshot old at once. */
const STILL_MS = 30_000;
/** Nobody has asked for it: it rests for so many times as long as it worked. */
const REST = 20;
/** A whole snapshot of a million is made in some minutes all the same. */
const REST_AT_MOST_MS = 60 * 60_000;
const FAILED_REST_MS = 10 * 60_000;

/**
 * Makes the snapshot that a new device reads before one asks for it; the first that did waited for all of it to be
 * made. One chunk at a time, and only of libraries that stand still: others are answered in between.
 */
export class SnapshotAhead {
  readonly #services: Pick<Services, 'db' | 'clock' | 'log'>;
  /** The head of each library, since when it stands there, and whether its snapshot was seen to. */
  readonly #seen = new Map<LibraryId, { readonly head: number; readonly since: number; isDone: boolean }>();
  #keeping: Keeping | null = null;
  #workedMs = 0;
  #restUntil = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;
  #stop: () => void = () => undefined;

  constructor(services: Pick<Services, 'db' | 'clock' | 'log'>) {
    this.#services = services;
  }

  start(timers: Timers): void {
    this.#stop = timers.every(EVERY_MS, () => {
      this.#running ??= this.step().finally(() => {
        this.#running = undefined;
      });
    });
  }

  /** Resolves when the chunk that is being made is kept. */
  async stop(): Promise<void> {
    this.#stop();
    await this.#running;
  }

  async step(): Promise<void> {
    const { clock, log } = this.#services;
    const now = clock.now();
    // A clock that went back by more than any rest ends the rest.
    if (now < this.#restUntil && now > this.#restUntil - 2 * REST_AT_MOST_MS) return;
    try {
      if (this.#keeping === null) this.#keeping = await this.#begin(now);
      else {
        this.#keeping = await keepNext(this.#services.db, this.#keeping);
        this.#workedMs += Math.max(0, clock.now() - now);
      }
      if (this.#keeping !== null || this.#workedMs === 0) return;
      this.#restUntil = clock.now() + Math.min(this.#workedMs * REST, REST_AT_MOST_MS);
      this.#workedMs = 0;
    } catch (error) {
      log.error('a snapshot could not be made ahead', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      this.#keeping = null;
      this.#restUntil = clock.now() + FAILED_REST_MS;
    }
  }

  async #begin(now: number): Promise<Keeping | null> {
    for (const { id, head } of await this.#services.db.selectFrom('library').select(['id', 'head']).execute()) {
      const seen = this.#seen.get(id);
      if (seen?.head !== head) this.#seen.set(id, { head, since: now, isDone: false });
      else if (!seen.isDone && Math.abs(now - seen.since) >= STILL_MS) {
        seen.isDone = true;
        const keeping = await beginKeeping(this.#services.db, id);
        if (keeping !== null) return keeping;
      }
    }
    return null;
  }
}
