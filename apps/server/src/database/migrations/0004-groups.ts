import { type MediaDetails, partNameOf } from '@everroll/protocol';
import type { Kysely } from 'kysely';

/** How far one statement of the loop below reaches. */
const ROWS = 500;

interface Asset {
  details: string | null;
  content_identifier: string | null;
  library_id: string;
  id: string;
  primary_sha256: string;
  stem: string | null;
}

interface Names {
  asset: Asset;
  asset_resource: { library_id: string; asset_id: string; sha256: string; name: string };
}

/** By what the parts of one photo find each other, and where they went (rule A7). */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  for (const column of ['content_identifier', 'stem', 'joined_to'] as const) await schema.alterTable('asset').addColumn(column, 'text').execute();
  await fill(database);
  await schema.createIndex('asset_content_identifier').on('asset').columns(['library_id', 'content_identifier']).where('content_identifier', 'is not', null).execute();
  await schema.createIndex('asset_stem').on('asset').columns(['library_id', 'stem']).where('stem', 'is not', null).execute();
  await schema.createIndex('album_item_asset').on('album_item').columns(['library_id', 'asset_id']).execute();
}

async function fill(untyped: Kysely<unknown>): Promise<void> {
  const database = untyped as Kysely<Names>;
  let after = { library: '', id: '' };
  for (;;) {
    const rows = await database
      .selectFrom('asset')
      .innerJoin('asset_resource', (join) =>
        join
          .onRef('asset_resource.library_id', '=', 'asset.library_id')
          .onRef('asset_resource.asset_id', '=', 'asset.id')
          .onRef('asset_resource.sha256', '=', 'asset.primary_sha256'),
      )
      .select(['asset.library_id as library', 'asset.id', 'asset.details', 'asset_resource.name'])
      .where((is) => is.or([is('asset.library_id', '>', after.library), is.and([is('asset.library_id', '=', after.library), is('asset.id', '>', after.id)])]))
      .orderBy('asset.library_id')
      .orderBy('asset.id')
      .limit(ROWS)
      .execute();
    for (const { library, id, details, name } of rows) {
      const identifier = details === null ? null : ((JSON.parse(details) as MediaDetails).contentIdentifier ?? null);
      await database.updateTable('asset').set({ stem: partNameOf(name).stem, content_identifier: identifier }).where('library_id', '=', library).where('id', '=', id).execute();
    }
    const last = rows.at(-1);
    if (!last) return;
    after = last;
  }
}
