import type { Kysely } from 'kysely';

/** How photos are shown instead of as they were taken (rules E1 to E6). */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  for (const column of ['adjustments', 'adjusted_task'] as const) await schema.alterTable('asset').addColumn(column, 'text').execute();
  // By which what is drawn of a look that nobody shows any more is found.
  await schema.createIndex('asset_adjusted_task').on('asset').column('adjusted_task').where('adjusted_task', 'is not', null).execute();
}
