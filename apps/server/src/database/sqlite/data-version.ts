import { sql } from 'kysely';
import type { Queries } from '../open.ts';

/** Differs from the last time when another connection has committed since: https://sqlite.org/pragma.html#pragma_data_version */
export async function dataVersion(db: Queries): Promise<number> {
  const { rows } = await sql<{ data_version: number }>`PRAGMA data_version`.execute(db);
  return rows[0]?.data_version ?? 0;
}
