import type { Services } from '../context.ts';
import { describeAssets } from './describe.ts';
import type { RenditionDesk } from './desk.ts';
import { Lane } from './lane.ts';
import { Leases } from './leases.ts';
import { madeIn, picturesAmong } from './made.ts';
import { nextVideo } from './next-video.ts';
import { keepNamed } from './keep-named.ts';
import { keyOfJob, laneOf, type RenditionJob, type Renditions, type TaskLane } from './renditions.ts';
import { killed, runJob } from './run-job.ts';
import { byLibrary, neededFor, type Undescribed, undescribed } from './undescribed.ts';

/** Assets that are looked at together, beside those that are being worked on. */
const WINDOW = 50;

/** While a backlog is worked off, devices hear of what was made twice a second, in one page. */
const DESCRIBED_EVERY_MS = 500;

/** A file whose every lease ended without a word is what ended them. Five, since others were killed beside it. */
const ATTEMPTS_MAX = 5;

const POSTPONED_MS = { no_original: 6 * 60 * 60 * 1000, fault: 10 * 60 * 1000 } as const;

const VIDEOS_AT_A_TIME = 1;

/**
 * Makes what is lacking. There is no list of work: a pass asks the tables what is to be done, takes
 * leases for as much as there are free slots, and describes the assets whose files are all read. It
 * can be killed at any moment, and several processes can do it on one database.
 */
export class RenditionWork {
  readonly #services: Services;
  readonly #renditions: Renditions;
  readonly #desk: RenditionDesk;
  readonly #leases: Leases;
  readonly #lane: Lane;
  readonly #running = new Map<string, { readonly job: RenditionJob; readonly end: Promise<void> }>();
  #describedAt = Number.NEGATIVE_INFINITY;
  /** Ends the timer that runs until then. */
  #later: (() => void) | undefined;
  #passing: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(services: Services, renditions: Renditions, desk: RenditionDesk) {
    this.#services = services;
    this.#renditions = renditions;
    this.#desk = desk;
    this.#leases = new Leases(services, services.random.id());
    this.#lane = new Lane(services, renditions.store);
  }

  /** Looks for work now, or again once the look that goes on has ended. */
  wake(): void {
    this.#again = true;
    if (this.#stopped) return;
    this.#passing ??= this.#passes().finally(() => {
      this.#passing = undefined;
      // Woken after the last look at `again`.
      if (this.#again) this.wake();
    });
  }

  async renew(): Promise<void> {
    await this.#leases.renew([...this.#running.values()].map(({ job }) => job));
  }

  /** Gives back what it has. Resolves when no process runs any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#later?.();
    await this.#passing;
    await this.#renditions.renderer.close();
    await Promise.all([...this.#running.values()].map(({ end }) => end));
  }

  async #passes(): Promise<void> {
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false;
        await this.#pass();
      }
    } catch (error) {
      this.#told('a look for work failed', error);
    }
  }

  #told(what: string, error: unknown): void {
    this.#services.log.error(`renditions: ${what}`, { error: stackOf(error) });
  }

  async #pass(): Promise<void> {
    const isOpen = this.#renditions.renderer.slots > 0 && (await this.#lane.isOpen());
    if (isOpen) await this.#startWanted();
    const ready = await this.#startBacklog(isOpen);
    if (isOpen) await this.#startVideos();
    if (ready.length > 0) await this.#describe(ready);
  }

  async #describe(ready: readonly Undescribed[]): Promise<void> {
    const more = this.#free('stills') <= 0 && ready.length < WINDOW / 2;
    const now = this.#services.clock.now();
    if (more && Math.abs(now - this.#describedAt) < DESCRIBED_EVERY_MS) return this.#wakeLater();
    this.#describedAt = now;
    let count = 0;
    for (const [library, assets] of byLibrary(ready)) {
      try {
        count += await describeAssets(this.#services, library, assets);
      } catch (error) {
        this.#told('the assets of a library could not be described', error);
      }
    }
    // There may be more behind them.
    if (count > 0) this.#again = true;
  }

  #wakeLater(): void {
    this.#later ??= this.#services.timers.every(DESCRIBED_EVERY_MS, () => {
      this.#later?.();
      this.#later = undefined;
      this.wake();
    });
  }

  async #startWanted(): Promise<void> {
    for (const lane of ['stills', 'videos'] as const) {
      while (this.#free(lane) > 0) {
        const job = this.#desk.takeWanted(lane);
        if (!job) break;
        await this.#start(job);
      }
    }
  }

  /** Starts what fits into the free slots, and returns the assets whose files are all read. */
  async #startBacklog(isOpen: boolean): Promise<Undescribed[]> {
    const { db, clock } = this.#services;
    const assets = await undescribed(db, WINDOW + this.#renditions.renderer.slots, clock.now());
    const needs = await neededFor(db, assets);
    const made = await picturesAmong(db, new Set([...needs.values()].flat().map(({ sha256 }) => sha256)));
    const ready: Undescribed[] = [];
    for (const each of assets) {
      const due = (needs.get(each) ?? []).filter((job) => madeIn(made, job)?.isDue ?? true);
      if (due.length === 0) ready.push(each);
      else if (isOpen) for (const job of due) if (this.#free('stills') > 0) await this.#start(job);
    }
    return ready;
  }

  async #startVideos(): Promise<void> {
    while (this.#free('videos') > 0) {
      const isIdle = this.#renditions.videoPreviews === 'idle' && this.#running.size === 0;
      const job = await nextVideo(this.#services, isIdle);
      if (!job || !(await this.#start(job))) return;
    }
  }

  #free(lane: TaskLane): number {
    const running = this.#running.values().filter(({ job }) => laneOf(job.task) === lane);
    return (lane === 'stills' ? this.#renditions.renderer.slots : VIDEOS_AT_A_TIME) - [...running].length;
  }

  async #start(job: RenditionJob): Promise<boolean> {
    const key = keyOfJob(job);
    // A clock that jumps ends one's own leases too.
    if (this.#running.has(key)) return false;
    const attempts = await this.#leases.take(job);
    if (attempts === undefined) return false;
    const end = this.#do(job, attempts).finally(() => {
      this.#running.delete(key);
      this.#desk.progress.delete(key);
      this.#desk.settled();
      this.wake();
    });
    this.#running.set(key, { job, end });
    return true;
  }

  /** Never rejects: what goes wrong is told to the log, and the job is tried again later. */
  async #do(job: RenditionJob, attempts: number): Promise<void> {
    const { log } = this.#services;
    const key = keyOfJob(job);
    this.#desk.progress.set(key, 0);
    try {
      if (attempts > ATTEMPTS_MAX) log.error('renditions: an original ended every process that opened it', { sha256: job.sha256, attempts });
      const result = attempts > ATTEMPTS_MAX ? killed(job) : await runJob({ ...this.#services, renditions: this.#renditions }, job, (fraction) => this.#desk.progress.set(key, fraction));
      if ('files' in result) {
        this.#lane.worked();
        if (await this.#leases.finish(job, result)) await keepNamed(this.#services.db, this.#renditions.store, job.sha256);
        return;
      }
      if (this.#stopped) return await this.#leases.postpone(job, 0);
      await this.#leases.postpone(job, POSTPONED_MS[result.outcome]);
      if (result.outcome === 'fault') this.#lane.failed(result.message);
      else log.error('renditions: an original cannot be read', { sha256: job.sha256, why: result.message });
    } catch (error) {
      await this.#leases.postpone(job, this.#stopped ? 0 : POSTPONED_MS.fault).catch(() => undefined);
      if (!this.#stopped) this.#lane.failed(stackOf(error));
    }
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
