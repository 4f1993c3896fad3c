import type { Driver } from '../ports/driver.ts';

export interface Integrity {
  /** `not_told`: it could not be asked, which says nothing about it. */
  readonly state: 'sound' | 'damaged' | 'not_told';
  /** What SQLite says, first lines; it names tables and pages, never their content. */
  readonly detail: string;
}

/**
 * https://sqlite.org/pragma.html#pragma_integrity_check. `quick` passes over the indexes, which
 * makes it some times faster. A database that is too damaged to be asked throws: that is an answer.
 */
export function integrityOf(driver: Driver, how: 'quick' | 'full'): Integrity {
  try {
    const rows = driver.prepare(how === 'quick' ? 'PRAGMA quick_check(20)' : 'PRAGMA integrity_check(20)').all();
    const lines = rows.map((row) => String(Object.values(row)[0]));
    return { state: lines.length === 1 && lines[0] === 'ok' ? 'sound' : 'damaged', detail: lines.slice(0, 5).join('; ') };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { state: isDamage(detail) ? 'damaged' : 'not_told', detail };
  }
}

/** What SQLite's SQLITE_CORRUPT and SQLITE_NOTADB say, on every platform (sqlite3_errstr). */
const isDamage = (message: string): boolean => /malformed|not a database/i.test(message);
