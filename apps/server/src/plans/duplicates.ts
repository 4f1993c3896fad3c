import type { AssetId, LibraryId } from '@everroll/protocol';
import { sql } from 'kysely';
import { chunks } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';

/**
 * Live assets that another live one holds whole: each of their files, byte for byte, is among its
 * files (the video of a Live Photo that was also added alone). Two assets of one file cannot be, as
 * an asset is named by its file (rule A1); so what is found here is stored once, and frees nothing.
 * Of two that hold the same files the one with the smaller id stays.
 */
export async function duplicateAssets(db: Queries, library: LibraryId): Promise<AssetId[]> {
  const shared = await db
    .selectFrom('resource')
    .innerJoin('asset_resource', (join) => join.onRef('asset_resource.library_id', '=', 'resource.library_id').onRef('asset_resource.sha256', '=', 'resource.sha256'))
    .innerJoin('asset', (join) => join.onRef('asset.library_id', '=', 'asset_resource.library_id').onRef('asset.id', '=', 'asset_resource.asset_id'))
    .where('resource.library_id', '=', library)
    .where('resource.named', '>', sql.lit(1))
    .where('asset.state', '=', 'live')
    .distinct()
    .select(['asset.id', 'resource.sha256'])
    .execute();
  return redundant(shared, await fileCounts(db, library, new Set(shared.map(({ id }) => id))));
}

/**
 * @param shared which assets hold which of the files that several of them hold
 * @param counts distinct files of each of these assets
 */
export function redundant<Id extends string>(shared: readonly { readonly id: Id; readonly sha256: string }[], counts: ReadonlyMap<Id, number>): Id[] {
  const holders = Map.groupBy(shared, ({ sha256 }) => sha256);
  const filesOf = new Map([...Map.groupBy(shared, ({ id }) => id)].map(([id, rows]) => [id, new Set(rows.map(({ sha256 }) => sha256))]));
  const isWithin = (id: Id, files: ReadonlySet<string>, other: Id): boolean =>
    other !== id && files.isSubsetOf(filesOf.get(other) ?? new Set()) && ((counts.get(other) ?? 0) > files.size || other < id);
  return [...filesOf]
    .filter(([id, files]) => {
      const [rarest = ''] = [...files].toSorted((a, b) => (holders.get(a)?.length ?? 0) - (holders.get(b)?.length ?? 0));
      return files.size === counts.get(id) && holders.get(rarest)?.some((other) => isWithin(id, files, other.id)) === true;
    })
    .map(([id]) => id)
    .toSorted();
}

async function fileCounts(db: Queries, library: LibraryId, ids: Iterable<AssetId>): Promise<Map<AssetId, number>> {
  const counts = new Map<AssetId, number>();
  for (const some of chunks(ids)) {
    const rows = await db
      .selectFrom('asset_resource')
      .where('library_id', '=', library)
      .where('asset_id', 'in', some)
      .groupBy('asset_id')
      .select((is) => ['asset_id', is.fn.count<number | string>('sha256').distinct().as('files')])
      .execute();
    for (const { asset_id, files } of rows) counts.set(asset_id, Number(files));
  }
  return counts;
}
