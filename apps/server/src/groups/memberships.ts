import type { AlbumItem, Asset, AssetId, Entity, LibraryId } from '@everroll/protocol';
import type { Queries } from '../database/open.ts';
import { commitChange } from '../log/commit.ts';
import { itemOf } from '../log/rows.ts';

/** What puts the holder of a part into the albums that the part was in by itself, at that place (rule A7). */
export async function membershipsFor(trx: Queries, library: LibraryId, holder: AssetId, lone: AssetId): Promise<Entity[]> {
  const items = await membershipsOf(trx, library, lone);
  if (items.length === 0) return [];
  const there = new Set((await membershipsOf(trx, library, holder)).map((item) => item.albumId));
  return items.filter((item) => !there.has(item.albumId)).map((item) => ({ kind: 'album_item', row: { ...item, assetId: holder } }));
}

/**
 * The same for assets that a device's additions ended: a change of its own behind them, in their
 * transaction, as only the server knows every album.
 * @returns its `seq`; null where there was nothing to carry over
 */
export async function carryMemberships(trx: Queries, library: LibraryId, tombstones: readonly Asset[], now: number): Promise<number | null> {
  const entities: Entity[] = [];
  for (const { id, joinedTo } of tombstones) {
    if (joinedTo !== undefined) entities.push(...(await membershipsFor(trx, library, joinedTo, id)));
  }
  return entities.length === 0 ? null : await commitChange(trx, library, 'server', entities, now);
}

async function membershipsOf(trx: Queries, library: LibraryId, asset: AssetId): Promise<AlbumItem[]> {
  const rows = await trx.selectFrom('album_item').selectAll().where('library_id', '=', library).where('asset_id', '=', asset).where('present', '=', 1).execute();
  return rows.map(itemOf);
}
