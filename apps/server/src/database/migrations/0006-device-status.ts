import type { Kysely } from 'kysely';

/** What a device last said of itself, and what is set for it: one row each. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('device_status')
    .addColumn('device_id', 'text', (column) => column.primaryKey().references('device.id').onDelete('cascade'))
    .addColumn('reported_at', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('state_since', 'bigint', (column) => column.notNull())
    .addColumn('burst_full_at', 'bigint', (column) => column.notNull())
    .addColumn('report', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('device_settings')
    .addColumn('device_id', 'text', (column) => column.primaryKey().references('device.id').onDelete('cascade'))
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('last_changes', 'text', (column) => column.notNull())
    .execute();
}
