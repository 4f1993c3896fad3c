import type { Kysely } from 'kysely';

/** Codes that open an account to one more device, once (rule X6). */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('device_link')
    .addColumn('code_hash', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
}
