import type { Services } from '../context.ts';
import { keyOfJob, laneOf, type RenditionJob, type TaskLane } from './renditions.ts';

/** A page of a timeline wants some hundred at once; what is scrolled past gives way. */
const WANTED_MAX = 500;

/** How often a waiting request looks whether another process has made it. */
const LOOKED_AT_EVERY_MS = 500;

const nothing = (): void => undefined;

/** What the requests for renditions and the work of one process share. Nothing is lost with it. */
export class RenditionDesk {
  /** Of the jobs that run in this process: 0 to 1. */
  readonly progress = new Map<string, number>();
  readonly #timers: Services['timers'];
  readonly #wanted = new Map<string, RenditionJob>();
  readonly #waiting = new Set<() => void>();
  #closed = false;
  /** Wakes whoever does the work. */
  onWanted: () => void = nothing;

  constructor({ timers }: Pick<Services, 'timers'>) {
    this.#timers = timers;
  }

  /** Somebody looks at it: it goes before everything else, the latest first. */
  want(job: RenditionJob): void {
    const key = keyOfJob(job);
    this.#wanted.delete(key);
    this.#wanted.set(key, job);
    const oldest = this.#wanted.keys().next();
    if (this.#wanted.size > WANTED_MAX && !oldest.done) this.#wanted.delete(oldest.value);
    this.onWanted();
  }

  takeWanted(lane: TaskLane): RenditionJob | undefined {
    const job = [...this.#wanted.values()].findLast((each) => laneOf(each.task) === lane);
    if (job) this.#wanted.delete(keyOfJob(job));
    return job;
  }

  /** A job has ended, one way or another. */
  settled(): void {
    for (const wake of this.#waiting) wake();
  }

  /** Whoever waits is answered by what there is: the process ends. */
  close(): void {
    this.#closed = true;
    this.settled();
  }

  /** Asks `look` again whenever something has changed, until it answers or the time is over. */
  async waitFor<Found>(look: () => Promise<Found | undefined>, milliseconds: number): Promise<Found | undefined> {
    let left = milliseconds;
    let wake = nothing;
    const heard = () => wake();
    this.#waiting.add(heard);
    const cancel = this.#timers.every(LOOKED_AT_EVERY_MS, () => {
      left -= LOOKED_AT_EVERY_MS;
      wake();
    });
    try {
      for (;;) {
        // Armed before the look, so that what ends meanwhile is not missed.
        const change = new Promise<void>((resolve) => (wake = resolve));
        const found = await look();
        if (found !== undefined || left <= 0 || this.#closed) return found;
        await change;
      }
    } finally {
      cancel();
      this.#waiting.delete(heard);
    }
  }
}
