import { type Kysely, sql } from 'kysely';

/** What is made from originals, by hash: it depends on the bytes alone, whichever libraries hold them. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('rendition')
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('task', 'text', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('outcome', 'text')
    .addColumn('code', 'text')
    .addColumn('details', 'text')
    .addColumn('files', 'text', (column) => column.notNull())
    .addColumn('attempts', 'bigint', (column) => column.notNull())
    .addColumn('lease_holder', 'text')
    .addColumn('lease_until', 'bigint', (column) => column.notNull())
    .addColumn('made_at', 'bigint')
    .addPrimaryKeyConstraint('rendition_key', ['sha256', 'task'])
    .execute();
  // What was asked for and is not made: few rows of many.
  await schema.createIndex('rendition_open').on('rendition').column('task').where(sql.ref('outcome'), 'is', null).execute();

  // Without the state, whoever looks for work steps over every tombstone of the library.
  await schema.dropIndex('asset_described').execute();
  await schema.createIndex('asset_described').on('asset').columns(['described', 'state', 'added_at desc']).execute();
}
