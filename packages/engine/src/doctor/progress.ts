import { readMeta, writeMeta } from '../database/meta.ts';
import type { Driver } from '../ports/driver.ts';

/** How often a run looks whether anything has moved since. */
export const PROGRESS_EVERY_MS = 60_000;

/**
 * Progress is what changes this mark: a file that went a stage further, bytes that came or went, a
 * change that was answered, a page of the log. Trying again and failing again is none.
 * @param moved bytes that passed in this run
 */
export function observeProgress(driver: Driver, now: number, moved: number): void {
  const value = (sql: string): unknown => Object.values(driver.prepare(sql).get() ?? {})[0];
  const { phase, seq } = readMeta(driver, 'cursor');
  const mark = JSON.stringify([
    value("SELECT group_concat(stage || n, ' ') FROM (SELECT stage, count(*) AS n FROM item GROUP BY stage ORDER BY stage)"),
    value('SELECT sum(offset) FROM upload'),
    value('SELECT max(number) || count(seq) FROM outbox'),
    value('SELECT count(*) FROM original WHERE need = 1'),
    value('SELECT count(*) FROM entity'),
    phase,
    seq,
    moved,
  ]);
  const known = readMeta(driver, 'progress');
  // A clock that was set back would make the last progress lie ahead.
  if (known.mark !== mark || known.at > now) writeMeta(driver, 'progress', { mark, at: now });
}

/** A run begins: that nothing moved while nobody ran says nothing. */
export function beginProgress(driver: Driver, now: number): void {
  writeMeta(driver, 'progress', { mark: '', at: now });
}
