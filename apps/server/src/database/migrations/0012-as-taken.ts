import type { Kysely } from 'kysely';

/** Dates and places as assets came, where a person set others (rule M11). Of corrections made before it nothing is known. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema.alterTable('asset').addColumn('as_taken', 'text').execute();
}
