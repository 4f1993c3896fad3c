import { type Kysely, sql } from 'kysely';

/** Epochs have the number of their generation, and offers that of the one they were written in (rule C4). Until now nobody told it: an offer's place was compared by its `seq` alone. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema.alterTable('epoch').addColumn('generation', 'integer', (column) => column.notNull().defaultTo(0)).execute();
  await sql`UPDATE epoch SET generation = ordinal WHERE ordinal > 0`.execute(database);
  for (const table of ['asset', 'album', 'album_item']) await database.schema.alterTable(table).addColumn('offer_generation', 'integer', (column) => column.notNull().defaultTo(0)).execute();
}
