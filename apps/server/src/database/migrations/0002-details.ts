import { type Kysely, sql } from 'kysely';

/** What the server reads from originals (rule A6), and which rows it has not read yet. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema.alterTable('asset').addColumn('details', 'text').execute();
  await schema
    .alterTable('asset')
    .addColumn('described', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  // What the server derives is no edit: rules M7 and C4 ask for the last change that a person made.
  await schema
    .alterTable('asset')
    .addColumn('edit_seq', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`UPDATE asset SET edit_seq = seq`.execute(database);
  // The work that is left: the newest additions first.
  await schema.createIndex('asset_described').on('asset').columns(['described', 'added_at desc']).execute();
}
