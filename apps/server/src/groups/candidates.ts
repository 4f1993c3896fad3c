import { type Asset, type AssetId, type LibraryId, partNameOf } from '@everroll/protocol';
import type { Queries } from '../database/open.ts';
import { assetOf, resourcesOf } from '../log/rows.ts';

/** So many assets of one name, and the name says nothing any more. */
const MOST = 50;

/** The live assets of a library that share a name's stem, an identifier or a resource with this one, without it. */
export async function candidatesOf(trx: Queries, library: LibraryId, asset: Asset): Promise<Asset[]> {
  const name = asset.resources.find((resource) => resource.sha256 === asset.primary)?.name;
  const live = () => trx.selectFrom('asset').select('id').where('library_id', '=', library).where('state', '=', 'live').limit(MOST + 1);
  const ids = new Set<AssetId>();
  const collect = (rows: readonly { readonly id: AssetId }[]): void => {
    if (rows.length <= MOST) for (const { id } of rows) ids.add(id);
  };
  if (name !== undefined) collect(await live().where('stem', '=', partNameOf(name).stem).execute());
  const identifier = asset.details?.contentIdentifier;
  if (identifier !== undefined) collect(await live().where('content_identifier', '=', identifier).execute());
  const hashes = asset.resources.map((resource) => resource.sha256);
  if (hashes.length > 0) {
    const sharing = trx.selectFrom('asset_resource').select('asset_id').where('library_id', '=', library).where('sha256', 'in', hashes);
    collect(await live().where('id', 'in', sharing).execute());
  }
  ids.delete(asset.id);
  return await assetsById(trx, library, [...ids]);
}

export async function assetsById(trx: Queries, library: LibraryId, ids: readonly AssetId[]): Promise<Asset[]> {
  if (ids.length === 0) return [];
  const resources = await resourcesOf(trx, library, ids);
  const rows = await trx.selectFrom('asset').selectAll().where('library_id', '=', library).where('id', 'in', ids).execute();
  return rows.map((row) => assetOf(row, resources.get(row.id) ?? []));
}
