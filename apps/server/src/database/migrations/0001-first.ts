import { type CreateTableBuilder, type Kysely, sql } from 'kysely';

/**
 * The tables of `schema.ts`. Types are the ones that SQLite and Postgres share: `text`, `bigint`,
 * `double precision`. Rows of a library are keyed by the library first, so that what belongs
 * together lies together and no query can leave its library by accident.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;

  await schema
    .createTable('account')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('plan_bytes', 'bigint')
    // The counters can never fall below zero: a defect that counts twice fails its transaction (I3).
    .addColumn('used_bytes', 'bigint', (column) => column.notNull().check(sql`used_bytes >= 0`))
    .addColumn('reserved_bytes', 'bigint', (column) => column.notNull().check(sql`reserved_bytes >= 0`))
    .addColumn('disabled_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();

  await schema
    .createTable('device')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('device_account').on('device').column('account_id').execute();

  await schema
    .createTable('session')
    .addColumn('token_hash', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
    .addColumn('device_id', 'text', (column) => column.notNull().references('device.id').onDelete('cascade'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_used_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('session_account').on('session').column('account_id').execute();
  await schema.createIndex('session_device').on('session').column('device_id').execute();

  await schema
    .createTable('library')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('epoch', 'text', (column) => column.notNull())
    .addColumn('head', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('library_account').on('library').column('account_id').execute();

  await schema
    .createTable('epoch')
    .addColumn('library_id', 'text', libraryReference)
    .addColumn('epoch', 'text', (column) => column.notNull())
    .addColumn('ordinal', 'bigint', (column) => column.notNull())
    .addColumn('forked_at', 'bigint')
    .addColumn('began_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('epoch_key', ['library_id', 'epoch'])
    .execute();

  await schema
    .createTable('incarnation')
    .addColumn('library_id', 'text', libraryReference)
    .addColumn('from_seq', 'bigint', (column) => column.notNull())
    .addColumn('incarnation', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('incarnation_key', ['library_id', 'from_seq'])
    .execute();

  await schema
    .createTable('resource')
    .addColumn('library_id', 'text', libraryReference)
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('verified_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('resource_key', ['library_id', 'sha256'])
    .execute();
  // The file under a hash is kept while any library has a row for it.
  await schema.createIndex('resource_sha256').on('resource').column('sha256').execute();

  await schema
    .createTable('purged_resource')
    .addColumn('library_id', 'text', libraryReference)
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('purged_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('purged_resource_key', ['library_id', 'sha256'])
    .execute();

  await logTable(schema.createTable('asset'))
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('trashed_at', 'bigint')
    .addColumn('media_kind', 'text', (column) => column.notNull())
    .addColumn('primary_sha256', 'text', (column) => column.notNull())
    .addColumn('added_at', 'bigint', (column) => column.notNull())
    .addColumn('captured_at', 'bigint', (column) => column.notNull())
    .addColumn('capture_offset_minutes', 'bigint')
    .addColumn('latitude', 'double precision')
    .addColumn('longitude', 'double precision')
    .addColumn('altitude', 'double precision')
    .addColumn('favourite', 'bigint', (column) => column.notNull())
    .addColumn('hidden', 'bigint', (column) => column.notNull())
    .addColumn('archived', 'bigint', (column) => column.notNull())
    .addColumn('caption', 'text')
    .addPrimaryKeyConstraint('asset_key', ['library_id', 'id'])
    .execute();
  await schema.createIndex('asset_log').on('asset').columns(['library_id', 'seq']).execute();
  // The order of the snapshot (rule C1).
  await schema.createIndex('asset_timeline').on('asset').columns(['library_id', 'captured_at desc', 'id']).execute();
  // What lies in Recently Deleted, for the purge after 30 days.
  await schema.createIndex('asset_trash').on('asset').column('trashed_at').where(sql.ref('trashed_at'), 'is not', null).execute();

  await schema
    .createTable('asset_resource')
    .addColumn('library_id', 'text', libraryReference)
    .addColumn('asset_id', 'text', (column) => column.notNull())
    .addColumn('ordinal', 'bigint', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('media_type', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('asset_resource_key', ['library_id', 'asset_id', 'ordinal'])
    .execute();
  await schema.createIndex('asset_resource_sha256').on('asset_resource').columns(['library_id', 'sha256']).execute();

  await logTable(schema.createTable('album'))
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('deleted', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('album_key', ['library_id', 'id'])
    .execute();
  await schema.createIndex('album_log').on('album').columns(['library_id', 'seq']).execute();

  await logTable(schema.createTable('album_item'))
    .addColumn('album_id', 'text', (column) => column.notNull())
    .addColumn('asset_id', 'text', (column) => column.notNull())
    .addColumn('present', 'bigint', (column) => column.notNull())
    .addColumn('position', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('album_item_key', ['library_id', 'album_id', 'asset_id'])
    .execute();
  await schema.createIndex('album_item_log').on('album_item').columns(['library_id', 'seq']).execute();

  await schema
    .createTable('mutation_queue')
    .addColumn('device_id', 'text', (column) => column.notNull().references('device.id').onDelete('cascade'))
    .addColumn('library_id', 'text', libraryReference)
    .addColumn('last_number', 'bigint', (column) => column.notNull())
    .addColumn('acknowledged', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('mutation_queue_key', ['device_id', 'library_id'])
    .execute();

  await schema
    .createTable('mutation_result')
    .addColumn('device_id', 'text', (column) => column.notNull().references('device.id').onDelete('cascade'))
    .addColumn('library_id', 'text', libraryReference)
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint')
    .addColumn('code', 'text')
    .addPrimaryKeyConstraint('mutation_result_key', ['device_id', 'library_id', 'number'])
    .execute();

  await schema
    .createTable('upload')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('library_id', 'text', libraryReference)
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
    .addColumn('device_id', 'text', (column) => column.notNull().references('device.id').onDelete('cascade'))
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('file_name', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('touched_at', 'bigint', (column) => column.notNull())
    .execute();
  // One device sends the same bytes to the same library once (rule U3).
  await schema.createIndex('upload_of_device').on('upload').columns(['device_id', 'library_id', 'sha256']).unique().execute();
  await schema.createIndex('upload_touched').on('upload').column('touched_at').execute();
  await schema.createIndex('upload_account').on('upload').column('account_id').execute();
}

type ColumnBuilder = Parameters<NonNullable<Parameters<CreateTableBuilder<string>['addColumn']>[2]>>[0];

function libraryReference(column: ColumnBuilder): ColumnBuilder {
  return column.notNull().references('library.id').onDelete('cascade');
}

/** Columns of every row that stands in the log. */
function logTable<Table extends string>(table: CreateTableBuilder<Table>) {
  return table
    .addColumn('library_id', 'text', libraryReference)
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('foreign_seq', 'bigint', (column) => column.notNull())
    .addColumn('offer_seq', 'bigint');
}
