import type { Kysely } from 'kysely';

/** The snapshot as it travels, kept so that a first sync is not made anew for each device (see log/kept-snapshot.ts). */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('snapshot')
    .addColumn('library_id', 'text', (column) => column.primaryKey().references('library.id').onDelete('cascade'))
    .addColumn('epoch', 'text', (column) => column.notNull())
    .addColumn('format', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .execute();
  await database.schema
    .createTable('snapshot_chunk')
    .addColumn('library_id', 'text', (column) => column.notNull().references('snapshot.library_id').onDelete('cascade'))
    .addColumn('after', 'text', (column) => column.notNull())
    .addColumn('next', 'text', (column) => column.notNull())
    .addColumn('body', 'blob', (column) => column.notNull())
    .addPrimaryKeyConstraint('snapshot_chunk_key', ['library_id', 'after'])
    .execute();
}
