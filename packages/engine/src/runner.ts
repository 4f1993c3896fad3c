import type { LibraryId } from '@everroll/protocol';
import { readMeta, readSettings, writeMeta } from './database/meta.ts';
import { advance } from './advance.ts';
import { mendAppointments } from './appointments.ts';
import { Reporter } from './devices/reporter.ts';
import { beginProgress, observeProgress, PROGRESS_EVERY_MS } from './doctor/progress.ts';
import type { Context, Timing } from './effects/context.ts';
import { report, settings } from './effects/devices.ts';
import { GroupCommit } from './effects/group-commit.ts';
import { confirmGone, inspect, scan, stat } from './effects/files.ts';
import { remove } from './effects/remove.ts';
import { known, pull, push } from './effects/log.ts';
import { evict, placePreview } from './effects/previews.ts';
import { folderRoom } from './folder/room.ts';
import { download, upload } from './effects/transfers.ts';
import type { Journal } from './journal/journal.ts';
import type { Running } from './plan/draft.ts';
import { type Effect, isOfDevices, REPORT_KEY } from './plan/effect.ts';
import { type Plan, plan } from './plan/plan.ts';
import { conditionsNow } from './policy/conditions.ts';
import { startOfDay } from './policy/local-time.ts';
import { isMetered } from './policy/policy.ts';
import type { Conditions } from './ports/conditions.ts';
import type { Ports } from './ports/world.ts';
import type { Meter } from './progress.ts';

export interface RunOptions {
  /** `idle`: until nothing more can be done within `patienceMs`; `stopped`: until the signal. */
  readonly until: 'idle' | 'stopped';
  readonly signal: AbortSignal;
  /** Called after each step. */
  readonly onStep?: () => void;
}

/** A plan is made at least this often: another process (the command line) may have changed the database. */
const REPLAN_MS = 1000;
/** Without a word from the server the log is asked for this often (SSE is the quick way). */
const POLL_MS = 60_000;
/** A run that ends tells the others so, but does not wait for a server that takes longer. */
const LAST_WORD_MS = 3000;
/** Ends what is over; an error that is made for each, with its stack, would take longer than all else of a short sleep. */
const OVER = new DOMException('It is over.', 'AbortError');

/**
 * Carries out what `plan` derives, again and again: start what is due, wait until something ends or
 * someone calls, plan anew. It remembers nothing that the database does not.
 */
export class Runner {
  readonly #ports: Ports;
  readonly #timing: Timing;
  readonly #meter: Meter;
  readonly #journal: Journal;
  readonly #pullWanted = { value: true };
  readonly #settingsWanted = { value: true };
  readonly #reporter: Reporter;
  readonly #commits: GroupCommit;
  /** Whether the connection was metered when it was last looked at. */
  #wasMetered = false;
  #wake: () => void = () => {};

  constructor(ports: Ports, timing: Timing, meter: Meter, journal: Journal) {
    this.#ports = ports;
    this.#timing = timing;
    this.#meter = meter;
    this.#journal = journal;
    this.#reporter = new Reporter(ports, meter);
    this.#commits = new GroupCommit(ports.driver, ports.clock);
  }

  /** Something changed outside: a head was announced, a file was written, a person acted. */
  wake(news: { readonly pull?: boolean; readonly settings?: boolean } = {}): void {
    if (news.pull) this.#pullWanted.value = true;
    if (news.settings) this.#settingsWanted.value = true;
    this.#wake();
  }

  async run(options: RunOptions): Promise<void> {
    const { driver, clock } = this.#ports;
    // A listing that an earlier run did not finish says nothing; every run begins with a new one.
    driver.prepare('UPDATE source SET scan_wanted = 1').run();
    this.#pullWanted.value = true;
    this.#settingsWanted.value = true;
    const running = new Map<string, { readonly do: Effect['do']; readonly ended: Promise<void>; readonly own: AbortController; readonly began: number }>();
    const stop = new AbortController();
    const signal = AbortSignal.any([options.signal, stop.signal]);
    // Each effect has one signal of its own; one that is made of several costs more than many an effect.
    const end = (which: (kind: Effect['do']) => boolean): void => {
      for (const effect of running.values()) if (which(effect.do)) effect.own.abort(OVER);
    };
    const endWork = (): void => end((kind) => !isOfDevices(kind));
    signal.addEventListener('abort', () => end(() => true), { once: true });
    let polledAt = clock.now();
    let seenAt = polledAt;
    mendAppointments(driver, seenAt);
    let defect: Error | undefined;
    let restarts = readMeta(driver, 'restarts');
    let lookedAt = seenAt;
    beginProgress(driver, seenAt, this.#meter.all);
    this.#journal.note('run', 'begun');
    try {
      while (!signal.aborted) {
        const woken = new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        const now = clock.now();
        if (now < seenAt) mendAppointments(driver, now, seenAt);
        seenAt = now;
        if (Math.abs(now - polledAt) >= POLL_MS) {
          polledAt = now;
          this.#pullWanted.value = true;
        }
        if (Math.abs(now - lookedAt) >= Math.min(PROGRESS_EVERY_MS, this.#timing.stallMs / 4)) {
          lookedAt = now;
          observeProgress(driver, now, this.#meter.all);
        }
        this.#journal.writeWhenDue();
        const identity = readMeta(driver, 'identity');
        if (identity) advance(driver, identity.library.id, now, this.#timing.settleMs, this.#ports.random);
        const conditions = conditionsNow(driver, this.#ports);
        this.#countMobileUse(conditions, now);
        const next = this.#plan(now, conditions, new Map([...running].map(([key, { began }]) => [key, began])), this.#reporter.isDue(now));
        // What runs is stopped as soon as it may not go on: switched off, paused, signed out (I7).
        if (!next.allowed) endWork();
        for (const key of next.stop) running.get(key)?.own.abort(OVER);
        if (readMeta(driver, 'restarts') !== restarts) {
          restarts = readMeta(driver, 'restarts');
          this.#journal.note('restart', 'done');
          this.#pullWanted.value = true;
          endWork();
        }
        if (identity) {
          for (const effect of next.effects) {
            const own = new AbortController();
            const met: Context['met'] = { code: null };
            const context = this.#context(identity.library.id, own.signal, met);
            // Whether there is anything to say is looked at all the time: a note of each look would be a cause to look.
            if (effect.do !== 'report') this.#journal.note(effect.do, 'begun');
            // Expected faults are values; this is a defect, or a disk without room for what was observed.
            // The run ends and says so, rather than trying the same again for ever.
            const fail = (error: unknown): void => {
              if (context.signal.aborted) return;
              defect = error instanceof Error ? error : new Error('A defect that is no Error', { cause: error });
              stop.abort(OVER);
            };
            const ended = carryOut(context, effect)
              .catch(fail)
              .then(() => {
                running.delete(effect.key);
                this.#wake();
                if (effect.do !== 'report' || met.code !== null) this.#journal.note(effect.do, context.signal.aborted ? 'stopped' : met.code === null ? 'done' : 'failed', met.code, clock.now() - now);
              })
              // The note may be the one that writes them all down.
              .catch(fail);
            running.set(effect.key, { do: effect.do, ended, own, began: now });
            if (signal.aborted) own.abort(OVER);
          }
        }
        options.onStep?.();
        const wait = next.nextAt === null ? Number.POSITIVE_INFINITY : Math.max(0, next.nextAt - now);
        const isAtWork = [...running.keys()].some((key) => key !== REPORT_KEY || next.awaitsCall);
        if (options.until === 'idle' && !isAtWork && wait > this.#timing.patienceMs) {
          if (identity) await this.#lastWord(identity.library.id, running.get(REPORT_KEY)?.ended, signal);
          return;
        }
        await this.#sleep(Math.min(wait, REPLAN_MS), woken, signal);
      }
    } finally {
      stop.abort(OVER);
      await Promise.allSettled([...running.values()].map(({ ended }) => ended));
      this.#countMobileUse(conditionsNow(driver, this.#ports), clock.now());
      this.#wake = () => {};
      this.#journal.note('run', 'done');
      this.#journal.write();
    }
    if (defect !== undefined) throw defect;
  }

  #plan(now: number, conditions: Conditions, running: Running, reportDue: boolean): Plan {
    return plan({ driver: this.#ports.driver, now, conditions, running, diskRoom: folderRoom(this.#ports), pullWanted: this.#pullWanted.value, deviceNews: { settingsWanted: this.#settingsWanted.value, reportDue } });
  }

  #context(library: LibraryId, signal: AbortSignal, met: Context['met']): Context {
    return { met, ports: this.#ports, timing: this.#timing, meter: this.#meter, library, signal, pullWanted: this.#pullWanted, settingsWanted: this.#settingsWanted, reporter: this.#reporter, commits: this.#commits };
  }

  /** The others of the account see how the run ended, where policy and the server let this device say so. */
  async #lastWord(library: LibraryId, earlier: Promise<void> | undefined, signal: AbortSignal): Promise<void> {
    const { driver, clock } = this.#ports;
    const over = new AbortController();
    const both = AbortSignal.any([signal, over.signal]);
    const say = async (): Promise<void> => {
      await earlier;
      const now = clock.now();
      const may = this.#plan(now, conditionsNow(driver, this.#ports), new Map(), true).effects.some((effect) => effect.key === REPORT_KEY);
      if (may && !both.aborted) await report(this.#context(library, both, { code: null }));
    };
    const said = say().catch((error: unknown) => {
      if (!both.aborted) throw error;
    });
    await Promise.race([said, clock.sleep(LAST_WORD_MS, both)]);
    over.abort(OVER);
    await said;
  }

  /**
   * What went over a metered connection since the last look counts against the day's allowance. Where
   * the connection changed in between, it counts: nobody knows which of the two carried it.
   */
  #countMobileUse(conditions: Conditions, now: number): void {
    const { driver } = this.#ports;
    const moved = this.#meter.takeMoved();
    const metered = isMetered({ conditions, settings: readSettings(driver) });
    const counts = metered || this.#wasMetered;
    this.#wasMetered = metered;
    if (moved === 0 || !counts) return;
    const day = startOfDay(now);
    const used = readMeta(driver, 'mobileUse');
    writeMeta(driver, 'mobileUse', { day, bytes: (used.day === day ? used.bytes : 0) + moved });
  }

  async #sleep(ms: number, woken: Promise<void>, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const end = (): void => over.abort(OVER);
    // `AbortSignal.any` of the two would cost more than the rest of a sleep.
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
    await Promise.race([woken, this.#ports.clock.sleep(Math.max(ms, 1), over.signal)]);
    signal.removeEventListener('abort', end);
    end();
  }
}

async function carryOut(context: Context, effect: Effect): Promise<void> {
  switch (effect.do) {
    case 'scan':
      return scan(context, effect.sourceId);
    case 'stat':
      return stat(context, effect.item);
    case 'inspect':
      return inspect(context, effect.item);
    case 'known':
      return known(context, effect.hashes);
    case 'upload':
      return upload(context, effect.item);
    case 'push':
      return push(context);
    case 'pull':
      return pull(context);
    case 'download':
      return download(context, effect.want, effect.sourceId);
    case 'confirm-gone':
      return confirmGone(context, effect.sourceId, effect.items);
    case 'settings':
      return settings(context);
    case 'report':
      return report(context);
    case 'remove':
      return remove(context, effect.items);
    case 'preview':
      return placePreview(context, effect.want, effect.sourceId);
    case 'evict':
      return evict(context, effect.evictable);
  }
}
