import type { Driver } from '../ports/driver.ts';

export interface Integrity {
  readonly sound: boolean;
  /** What SQLite says, first lines; it names tables and pages, never their content. */
  readonly detail: string;
}

/**
 * https://sqlite.org/pragma.html#pragma_integrity_check. `quick` passes over the indexes, which
 * makes it some times faster. A database that is too damaged to be asked throws: that is an answer.
 */
export function isSound(driver: Driver, how: 'quick' | 'full'): Integrity {
  try {
    const rows = driver.prepare(how === 'quick' ? 'PRAGMA quick_check(20)' : 'PRAGMA integrity_check(20)').all();
    const lines = rows.map((row) => String(Object.values(row)[0]));
    return { sound: lines.length === 1 && lines[0] === 'ok', detail: lines.slice(0, 5).join('; ') };
  } catch (error) {
    return { sound: false, detail: error instanceof Error ? error.message : String(error) };
  }
}
