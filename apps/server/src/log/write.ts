import type { AssetId, Entity, LibraryId } from '@everroll/protocol';
import type { Selectable } from 'kysely';
import { chunks } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';
import type { AlbumItemTable, AlbumTable, AssetResourceTable, AssetTable } from '../database/schema.ts';
import { albumColumns, assetColumns, itemColumns, resourceColumns, type Stamp } from './rows.ts';

/**
 * Writes entities with their stamps, replacing what stood there. A library's rows are few columns
 * and many, so they go in statements of some hundred rows.
 *
 * @param relisted the assets whose resources are written anew; those of the others stand
 * @param restyled the assets that are shown in another way, though of the same files
 */
export async function writeEntities(
  trx: Queries,
  libraryId: LibraryId,
  changes: readonly { readonly entity: Entity; readonly stamp: Stamp }[],
  relisted: ReadonlySet<AssetId>,
  restyled: ReadonlySet<AssetId>,
): Promise<void> {
  const assets: Selectable<AssetTable>[] = [];
  const resources: Selectable<AssetResourceTable>[] = [];
  const albums: Selectable<AlbumTable>[] = [];
  const items: Selectable<AlbumItemTable>[] = [];
  for (const { entity, stamp } of changes) {
    switch (entity.kind) {
      case 'asset':
        assets.push(assetColumns(libraryId, entity.row, stamp));
        if (relisted.has(entity.row.id)) resources.push(...resourceColumns(libraryId, entity.row));
        break;
      case 'album':
        albums.push(albumColumns(libraryId, entity.row, stamp));
        break;
      case 'album_item':
        items.push(itemColumns(libraryId, entity.row, stamp));
        break;
    }
  }
  await writeAssets(trx, assets);
  for (const ids of chunks(relisted)) {
    await trx.deleteFrom('asset_resource').where('library_id', '=', libraryId).where('asset_id', 'in', ids).execute();
  }
  // Other files, other details; another look, another picture: they are to be read and drawn again.
  for (const ids of chunks(relisted.union(restyled))) {
    await trx.updateTable('asset').set({ described: 0 }).where('library_id', '=', libraryId).where('id', 'in', ids).where('described', '<>', 0).execute();
  }
  for (const rows of chunks(resources)) await trx.insertInto('asset_resource').values(rows).execute();
  await writeAlbums(trx, albums);
  await writeItems(trx, items);
}

async function writeAssets(trx: Queries, assets: Iterable<Selectable<AssetTable>>): Promise<void> {
  for (const rows of chunks(assets)) {
    await trx
      .insertInto('asset')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['library_id', 'id']).doUpdateSet((eb) => ({
          seq: eb.ref('excluded.seq'),
          actor: eb.ref('excluded.actor'),
          foreign_seq: eb.ref('excluded.foreign_seq'),
          offer_seq: eb.ref('excluded.offer_seq'),
          offer_generation: eb.ref('excluded.offer_generation'),
          state: eb.ref('excluded.state'),
          trashed_at: eb.ref('excluded.trashed_at'),
          media_kind: eb.ref('excluded.media_kind'),
          primary_sha256: eb.ref('excluded.primary_sha256'),
          added_at: eb.ref('excluded.added_at'),
          captured_at: eb.ref('excluded.captured_at'),
          capture_offset_minutes: eb.ref('excluded.capture_offset_minutes'),
          latitude: eb.ref('excluded.latitude'),
          longitude: eb.ref('excluded.longitude'),
          altitude: eb.ref('excluded.altitude'),
          favourite: eb.ref('excluded.favourite'),
          hidden: eb.ref('excluded.hidden'),
          archived: eb.ref('excluded.archived'),
          caption: eb.ref('excluded.caption'),
          details: eb.ref('excluded.details'),
          content_identifier: eb.ref('excluded.content_identifier'),
          stem: eb.ref('excluded.stem'),
          as_taken: eb.ref('excluded.as_taken'),
          joined_to: eb.ref('excluded.joined_to'),
          screenshot: eb.ref('excluded.screenshot'),
          adjustments: eb.ref('excluded.adjustments'),
          adjusted_task: eb.ref('excluded.adjusted_task'),
          edit_seq: eb.ref('excluded.edit_seq'),
        })),
      )
      .execute();
  }
}

async function writeAlbums(trx: Queries, albums: Iterable<Selectable<AlbumTable>>): Promise<void> {
  for (const rows of chunks(albums)) {
    await trx
      .insertInto('album')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['library_id', 'id']).doUpdateSet((eb) => ({
          seq: eb.ref('excluded.seq'),
          actor: eb.ref('excluded.actor'),
          foreign_seq: eb.ref('excluded.foreign_seq'),
          offer_seq: eb.ref('excluded.offer_seq'),
          offer_generation: eb.ref('excluded.offer_generation'),
          name: eb.ref('excluded.name'),
          deleted: eb.ref('excluded.deleted'),
          created_at: eb.ref('excluded.created_at'),
        })),
      )
      .execute();
  }
}

async function writeItems(trx: Queries, items: Iterable<Selectable<AlbumItemTable>>): Promise<void> {
  for (const rows of chunks(items)) {
    await trx
      .insertInto('album_item')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['library_id', 'album_id', 'asset_id']).doUpdateSet((eb) => ({
          seq: eb.ref('excluded.seq'),
          actor: eb.ref('excluded.actor'),
          foreign_seq: eb.ref('excluded.foreign_seq'),
          offer_seq: eb.ref('excluded.offer_seq'),
          offer_generation: eb.ref('excluded.offer_generation'),
          present: eb.ref('excluded.present'),
          position: eb.ref('excluded.position'),
        })),
      )
      .execute();
  }
}
