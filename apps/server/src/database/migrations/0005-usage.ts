import { type Kysely, sql } from 'kysely';

/** What each stored resource counts as in the usage bar (rule Q3), and where space to free is found (rule Q6). */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  // 6: no asset names it yet.
  await schema
    .alterTable('resource')
    .addColumn('kind', 'bigint', (column) => column.notNull().defaultTo(6))
    .execute();
  await schema
    .alterTable('resource')
    .addColumn('named', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`
    UPDATE resource SET named = (
      SELECT count(*) FROM asset_resource WHERE asset_resource.library_id = resource.library_id AND asset_resource.sha256 = resource.sha256
    ), kind = coalesce((
      SELECT min(CASE
        WHEN asset.state = 'trashed' THEN 5
        WHEN asset_resource.role IN ('rendered_edit', 'sidecar') THEN 4
        WHEN asset_resource.role = 'raw' THEN 3
        WHEN asset.media_kind = 'live_photo' THEN 0
        WHEN asset_resource.role = 'photo' THEN 1
        ELSE 2 END)
      FROM asset_resource JOIN asset ON asset.library_id = asset_resource.library_id AND asset.id = asset_resource.asset_id
      WHERE asset_resource.library_id = resource.library_id AND asset_resource.sha256 = resource.sha256
    ), 6)`.execute(database);
  // The sums of the bar are read from this index alone.
  await schema.createIndex('resource_usage').on('resource').columns(['library_id', 'kind', 'bytes']).execute();

  await schema.createIndex('resource_shared').on('resource').columns(['library_id', 'sha256']).where(sql.ref('named'), '>', sql.lit(1)).execute();

  await schema
    .alterTable('asset')
    .addColumn('screenshot', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await sql`UPDATE asset SET screenshot = 1 WHERE details LIKE '%"screenshot"%'`.execute(database);
  await schema.createIndex('asset_screenshot').on('asset').columns(['library_id', 'state', 'captured_at', 'id']).where(sql.ref('screenshot'), '=', sql.lit(1)).execute();
  await schema.createIndex('asset_resource_videos').on('asset_resource').columns(['library_id', 'bytes', 'asset_id']).where(sql.ref('role'), '=', sql.lit('video')).execute();
}
