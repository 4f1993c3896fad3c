import { type Kysely, sql } from 'kysely';

/** Originals that are read again, and those that are lost (rules S1 to S5). */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema.alterTable('resource').addColumn('lost', 'text').execute();
  await schema.alterTable('resource').addColumn('lost_at', 'bigint').execute();
  await schema
    .alterTable('resource')
    .addColumn('scrubbed_at', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  // Its hash was made from what arrived, as it was stored.
  await sql`UPDATE resource SET scrubbed_at = verified_at`.execute(database);
  // With the bytes, so that the sums of the doctor are read from it alone.
  await schema.createIndex('resource_scrub').on('resource').columns(['scrubbed_at', 'sha256', 'bytes']).where(sql.ref('lost'), 'is', sql`NULL`).execute();
  // Nearly always empty, so that to ask whether anything is lost costs nothing.
  await schema.createIndex('resource_lost').on('resource').columns(['sha256', 'library_id']).where(sql.ref('lost'), 'is not', sql`NULL`).execute();

  await schema
    .alterTable('upload')
    .addColumn('reserved', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`UPDATE upload SET reserved = bytes`.execute(database);

  await schema
    .createTable('scrub')
    .addColumn('id', 'bigint', (column) => column.primaryKey())
    .addColumn('store_mark', 'text')
    .addColumn('absent_since', 'bigint')
    .addColumn('inventory_at', 'bigint')
    .addColumn('read_at', 'bigint')
    .addColumn('asked_at', 'bigint')
    .addColumn('lease_holder', 'text')
    .addColumn('lease_until', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
}
