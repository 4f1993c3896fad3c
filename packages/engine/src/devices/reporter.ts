import { type DeviceReport, HEARTBEAT_MS } from '@everroll/protocol';
import { readMeta, writeMeta } from '../database/meta.ts';
import { observeProgress } from '../doctor/progress.ts';
import { folderRoom } from '../folder/room.ts';
import { conditionsNow } from '../policy/conditions.ts';
import type { Ports } from '../ports/world.ts';
import type { Meter } from '../progress.ts';
import { reportOf, saysTheSame } from './report.ts';

/** While something moves, what there is to say changes all the time: it is looked at this often. */
const LOOK_EVERY_MS = 2000;
/** Counting a large library takes a while: of the time, at most one part in so many. */
const LOOK_SHARE = 50;

/**
 * Decides when this device says how it stands (rule D1): soon after something changed, and else as
 * often as a heartbeat. It remembers when it looked and nothing else; what was said stands in the
 * database.
 */
export class Reporter {
  readonly #ports: Ports;
  readonly #meter: Meter;
  #lookAt = 0;
  #seen = '';

  constructor(ports: Ports, meter: Meter) {
    this.#ports = ports;
    this.#meter = meter;
  }

  /** Whether it is time to look at what there is to say. */
  isDue(now: number): boolean {
    const isLate = Math.abs(now - this.#lookAt) > HEARTBEAT_MS;
    return isLate || (now >= this.#lookAt && (this.#traces() !== this.#seen || this.#isHeartbeatDue(now)));
  }

  /** What is to be said now; null: nothing that was not said. */
  look(): DeviceReport | null {
    const { driver, clock } = this.#ports;
    const began = clock.now();
    const progressAt = observeProgress(driver, began, this.#meter.all);
    const before = readMeta(driver, 'reported')?.report ?? null;
    const report = reportOf(driver, { conditions: conditionsNow(driver, this.#ports), freeBytes: this.#ports.freeBytes?.() ?? null, diskRoom: folderRoom(this.#ports), now: began, before, progressAt });
    const now = clock.now();
    this.#lookAt = now + Math.max(LOOK_EVERY_MS, (now - began) * LOOK_SHARE);
    this.#seen = this.#traces();
    return saysTheSame(before, report) && !this.#isHeartbeatDue(now) ? null : report;
  }

  /** The server has heard it. */
  said(report: DeviceReport): void {
    const { driver, clock } = this.#ports;
    const isQuiet = this.#traces() === this.#seen;
    writeMeta(driver, 'reported', { report, at: clock.now() });
    // Its own note is no news.
    if (isQuiet) this.#seen = this.#traces();
  }

  #isHeartbeatDue(now: number): boolean {
    const saidAt = readMeta(this.#ports.driver, 'reported')?.at;
    return saidAt === undefined || Math.abs(now - saidAt) >= HEARTBEAT_MS;
  }

  /** Differs whenever anything was written, here or by another process, passed over the network, or changed around the device. */
  #traces(): string {
    const { driver } = this.#ports;
    return JSON.stringify([driver.prepare('SELECT total_changes() AS n').get(), driver.prepare('PRAGMA data_version').get(), this.#meter.all, this.#ports.conditions()]);
  }
}
