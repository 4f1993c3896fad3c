import type { Kysely } from 'kysely';
import type { Queries } from '../database/open.ts';
import type { Database } from '../database/schema.ts';

/** One moment of the database for several queries: a reader sees whole transactions only (I9). */
export async function reading<T>(db: Kysely<Database>, work: (trx: Queries) => Promise<T>): Promise<T> {
  return await db.transaction().setAccessMode('read only').execute(work);
}
