import type { Kysely } from 'kysely';

/** The last changes of a device's settings by name, so that two documents of one version are told apart (rule D3). Of earlier ones nothing is known. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema.alterTable('device_settings').addColumn('changes', 'text', (column) => column.notNull().defaultTo('[]')).execute();
}
