import { readMeta, writeMeta } from '../database/meta.ts';
import type { Driver } from '../ports/driver.ts';

/** How often a run looks whether anything has moved since. */
export const PROGRESS_EVERY_MS = 60_000;

/**
 * Progress is what changes this mark: a file that went a stage further, bytes that came or went, a
 * change that was answered, a page of the log. Trying again and failing again is none.
 * @param moved bytes that passed in this process
 * @returns when progress was last made; null: not since it is looked at
 */
export function observeProgress(driver: Driver, now: number, moved: number): number | null {
  const mark = markOf(driver, moved);
  const known = readMeta(driver, 'progress');
  if (known.mark !== mark) writeMeta(driver, 'progress', { mark, at: now, madeAt: now });
  // A clock that was set back would make the last progress lie ahead.
  else if (known.at > now) writeMeta(driver, 'progress', { mark, at: now, madeAt: known.madeAt === null ? null : Math.min(known.madeAt, now) });
  return readMeta(driver, 'progress').madeAt ?? null;
}

/** A run begins: that nothing moved while nobody ran says nothing. */
export function beginProgress(driver: Driver, now: number, moved: number): void {
  writeMeta(driver, 'progress', { mark: markOf(driver, moved), at: now, madeAt: readMeta(driver, 'progress').madeAt ?? null });
}

function markOf(driver: Driver, moved: number): string {
  const value = (sql: string): unknown => Object.values(driver.prepare(sql).get() ?? {})[0];
  const { phase, seq } = readMeta(driver, 'cursor');
  return JSON.stringify([
    value("SELECT group_concat(stage || n, ' ') FROM (SELECT stage, count(*) AS n FROM item GROUP BY stage ORDER BY stage)"),
    value('SELECT sum(offset) FROM upload'),
    value('SELECT max(number) || count(seq) FROM outbox'),
    value('SELECT count(*) FROM original WHERE need = 1'),
    value('SELECT count(*) FROM entity'),
    phase,
    seq,
    moved,
  ]);
}
