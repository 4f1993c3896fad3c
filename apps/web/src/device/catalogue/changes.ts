import type { Driver } from '@everroll/engine';
import type { Asset } from '@everroll/protocol';

/**
 * Which rows of the replica changed, noted by SQLite itself in the transaction that changes them. So
 * the catalogue and its file can never miss a change, whoever made it and whenever the tab was closed.
 * A row that changes again stands there again.
 */
export function noteChanges(driver: Driver): void {
  driver.transaction(() => {
    driver.exec(`
      CREATE TABLE IF NOT EXISTS web_change (n INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL);
      -- The file of columns that holds all changes but those that are noted (catalogue/file.ts).
      CREATE TABLE IF NOT EXISTS web_file (generation INTEGER NOT NULL);
      CREATE TRIGGER IF NOT EXISTS web_inserted AFTER INSERT ON entity BEGIN ${note('NEW')}; END;
      CREATE TRIGGER IF NOT EXISTS web_updated AFTER UPDATE ON entity WHEN NEW.row IS NOT OLD.row OR (NEW.seq = 0) <> (OLD.seq = 0) BEGIN ${note('NEW')}; END;
      CREATE TRIGGER IF NOT EXISTS web_deleted AFTER DELETE ON entity BEGIN ${note('OLD')}; END;
    `);
  });
}

/** Written behind one another: an index over keys would be written all over by every page of the library. */
const note = (of: 'NEW' | 'OLD'): string => `INSERT INTO web_change (key) VALUES (${of}.key)`;

export interface ChangedRow {
  readonly n: number;
  readonly key: string;
  /** null: there is no such row any more. */
  readonly asset: Asset | null;
  readonly isOnlyHere: boolean;
}

/** Those noted after `n`, in order; albums and their items come with their key alone. */
export function changedAfter(driver: Driver, n: number, limit: number): ChangedRow[] {
  return driver
    .prepare('SELECT n, web_change.key AS key, kind, seq, row FROM web_change LEFT JOIN entity ON entity.key = web_change.key WHERE n > ? ORDER BY n LIMIT ?')
    .all(n, limit)
    .map((row) => ({
      n: Number(row['n']),
      key: String(row['key']),
      asset: row['kind'] === 'asset' && typeof row['row'] === 'string' ? (JSON.parse(row['row']) as Asset) : null,
      isOnlyHere: row['seq'] === 0,
    }));
}

export function lastChange(driver: Driver): number {
  return Number(driver.prepare("SELECT seq AS n FROM sqlite_sequence WHERE name = 'web_change'").get()?.['n'] ?? 0);
}
