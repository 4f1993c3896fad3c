import type { Kysely } from 'kysely';

/** Codes that open an account to another device, or the server to another person, once (rule X5). */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('invitation')
    .addColumn('code_hash', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
    // Of a person's the plan of their account; null: it is for a device of the one who asked.
    .addColumn('plan', 'text')
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
}
