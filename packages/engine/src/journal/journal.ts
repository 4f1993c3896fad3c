import type { ReasonCode } from '@everroll/protocol';
import type { Driver } from '../ports/driver.ts';

/** What is shown to someone who helps (PRODUCT section 2). */
export const EVENTS_SHOWN = 500;
/** The table is cut back to what is shown when it has grown by as much again. */
const EVENTS_MAX = 2 * EVENTS_SHOWN;
/** Written together: an effect costs no transaction of its own for being noted. */
const WRITE_AT = 50;
const WRITE_WITHIN_MS = 5_000;

export interface JournalEvent {
  readonly at: number;
  /** An effect of the plan, or `run`, `restart`, `settings`, `doctor`. */
  readonly what: string;
  readonly how: 'begun' | 'done' | 'failed' | 'stopped';
  readonly code: ReasonCode | null;
  readonly ms: number | null;
}

/** The last things that the engine did: codes and times, no names and no places. */
export class Journal {
  readonly #driver: Driver;
  readonly #now: () => number;
  #unwritten: JournalEvent[] = [];
  #since = 0;

  constructor(driver: Driver, now: () => number) {
    this.#driver = driver;
    this.#now = now;
  }

  note(what: string, how: JournalEvent['how'], code: ReasonCode | null = null, ms: number | null = null): void {
    const at = this.#now();
    if (this.#unwritten.length === 0) this.#since = at;
    this.#unwritten.push({ at, what, how, code, ms });
    if (this.#unwritten.length >= WRITE_AT) this.write();
  }

  /** What a kill leaves unwritten is some seconds. */
  writeWhenDue(): void {
    if (this.#unwritten.length > 0 && Math.abs(this.#now() - this.#since) >= WRITE_WITHIN_MS) this.write();
  }

  write(): void {
    const events = this.#unwritten;
    if (events.length === 0) return;
    this.#unwritten = [];
    const driver = this.#driver;
    driver.transaction(() => {
      const insert = driver.prepare('INSERT INTO event (at, what, how, code, ms) VALUES (?, ?, ?, ?, ?)');
      for (const { at, what, how, code, ms } of events) insert.run(at, what, how, code, ms);
      // Each by itself is one step in the index; both in one question read the whole table.
      const count = Number(driver.prepare('SELECT (SELECT max(id) FROM event) - (SELECT min(id) FROM event) AS n').get()?.['n'] ?? 0);
      if (count >= EVENTS_MAX) driver.prepare('DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?').run(EVENTS_SHOWN);
    });
  }
}

/** The last events, oldest first. */
export function readEvents(driver: Driver, limit = EVENTS_SHOWN): JournalEvent[] {
  return driver
    .prepare('SELECT at, what, how, code, ms FROM event ORDER BY id DESC LIMIT ?')
    .all(limit)
    .map((row) => ({ at: Number(row['at']), what: String(row['what']), how: row['how'] as JournalEvent['how'], code: row['code'] as ReasonCode | null, ms: row['ms'] === null ? null : Number(row['ms']) }))
    .toReversed();
}
