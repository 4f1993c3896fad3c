import type { Timers } from '../context.ts';
import type { UploadDesk } from '../uploads/desk.ts';
import { takeInventory } from './inventory.ts';
import { scrubRow } from './row.ts';
import { scrubNext } from './scrub.ts';

/** How often it is looked whether something is due, and another process's work is noticed. */
const EVERY_MS = 1000;
const IDLE_MS = 60_000;

/** Reading goes on for so long, and then rests for so many times as long: the disk is for people first. */
const WORK_MS = 500;
const REST = 9;
/** Somebody waits for it. */
const REST_WHEN_ASKED = 0.25;

/** A killed process's place is taken after so long; reading one large original takes minutes. */
const LEASE_MS = 10 * 60_000;
const FAILED_REST_MS = 10 * 60_000;

/** Reads originals again, a little at a time; of several processes on one database one does. */
export class Scrubber {
  readonly #desk: UploadDesk;
  /** A name that no other process has, once it does anything. */
  #holder: string | undefined;
  #restUntil = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;
  #stop: () => void = () => undefined;
  #stopped = false;

  constructor(desk: UploadDesk) {
    this.#desk = desk;
  }

  start(timers: Timers): void {
    this.#stop = timers.every(EVERY_MS, () => {
      const now = this.#desk.services.clock.now();
      // A clock that went back by more than any rest ends the rest.
      if (now >= this.#restUntil || now < this.#restUntil - FAILED_REST_MS * REST) this.#begin();
    });
  }

  /** Somebody asked for it: now, not when it has rested. */
  wake(): void {
    this.#restUntil = Number.NEGATIVE_INFINITY;
    this.#begin();
  }

  /** Resolves when what is being done rests. */
  async rests(): Promise<void> {
    await this.#running;
  }

  /** Resolves when the original that is being read was read. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stop();
    await this.rests();
  }

  #begin(): void {
    if (this.#stopped) return;
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
    });
  }

  async #work(): Promise<void> {
    const { clock, log } = this.#desk.services;
    const begunAt = clock.now();
    try {
      const rest = await this.#slice(begunAt);
      this.#desk.upkeep.scrub = { endedAt: clock.now(), ok: true };
      this.#restUntil = clock.now() + rest;
    } catch (error) {
      this.#desk.upkeep.scrub = { endedAt: clock.now(), ok: false };
      log.error('originals could not be read again', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      this.#restUntil = clock.now() + FAILED_REST_MS;
    }
  }

  /** @returns how long to rest */
  async #slice(begunAt: number): Promise<number> {
    const { db, clock } = this.#desk.services;
    const { asked_at: askedAt, inventory_at: inventoryAt } = await scrubRow(db);
    if (!(await this.#lease(begunAt))) return IDLE_MS;
    if (askedAt !== null && (inventoryAt === null || inventoryAt < askedAt)) await takeInventory(this.#desk, Math.max(begunAt, askedAt));
    while (!this.#stopped) {
      const now = clock.now();
      const worked = Math.max(0, now - begunAt);
      if (worked >= WORK_MS) return worked * (await this.#isAskedFor(askedAt) ? REST_WHEN_ASKED : REST);
      if ((await scrubNext(this.#desk, { now, askedAt })) === null) return IDLE_MS;
      if (!(await this.#lease(now))) return IDLE_MS;
    }
    return IDLE_MS;
  }

  async #isAskedFor(askedAt: number | null): Promise<boolean> {
    if (askedAt === null) return false;
    return (await this.#desk.services.db.selectFrom('resource').select('sha256').where('lost', 'is', null).where('scrubbed_at', '<', askedAt).limit(1).executeTakeFirst()) !== undefined;
  }

  async #lease(now: number): Promise<boolean> {
    const holder = (this.#holder ??= this.#desk.services.random.id());
    const { numUpdatedRows } = await this.#desk.services.db
      .updateTable('scrub')
      .set({ lease_holder: holder, lease_until: now + LEASE_MS })
      .where((is) => is.or([is('lease_holder', '=', holder), is('lease_holder', 'is', null), is('lease_until', '<=', now), is('lease_until', '>', now + LEASE_MS)]))
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }
}
