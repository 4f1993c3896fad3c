import type { StatementSync, SQLInputValue } from 'node:sqlite';

/**
 * `all` of a query for whole rows that mostly finds none. For a wide table node:sqlite needs ten times
 * as long to find nothing when it is asked for all columns, so the same question for no column goes first.
 */
export function readingWide(prepare: (sql: string) => StatementSync, sql: string): (parameters: readonly SQLInputValue[]) => unknown[] {
  const statement = prepare(sql);
  const whole = /^\s*select \*/i;
  if (!whole.test(sql)) return (parameters) => statement.all(...parameters);
  const probe = prepare(sql.replace(whole, 'SELECT 1'));
  return (parameters) => (probe.get(...parameters) === undefined ? [] : statement.all(...parameters));
}
