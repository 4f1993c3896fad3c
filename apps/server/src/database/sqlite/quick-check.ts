import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Queries } from '../open.ts';

/**
 * Whether SQLite finds its tables sound (https://sqlite.org/pragma.html#pragma_quick_check), table by
 * table: requests get their turn in between. Throws what SQLite throws where the file cannot be read.
 */
export async function quickCheck(db: Queries): Promise<{ readonly sound: boolean; readonly tables: number; readonly detail: string }> {
  const { rows: tables } = await sql<{ name: string }>`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`.execute(db);
  const complaints: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<Record<string, string>>`${sql.raw(`PRAGMA quick_check("${name}")`)}`.execute(db);
    const lines = rows.flatMap((row) => Object.values(row));
    if (lines.length !== 1 || lines[0] !== 'ok') complaints.push(...lines.slice(0, 3));
    await nextTurn();
  }
  return { sound: complaints.length === 0, tables: tables.length, detail: complaints.slice(0, 5).join('; ') };
}
