import type { Kysely } from 'kysely';

/** Invitations of new members, and resets of passwords (rule X5). */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('one_time_code')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('code_hash', 'text', (column) => column.notNull().unique())
    .addColumn('account_id', 'text', (column) => column.references('account.id').onDelete('cascade'))
    .addColumn('email', 'text', (column) => column.notNull())
    .addColumn('plan_bytes', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
}
