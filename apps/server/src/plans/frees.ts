import type { AssetId, LibraryId } from '@everroll/protocol';
import { chunks } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';

/**
 * Which other assets keep a resource when those that are asked about go: `live` ones, where these are
 * moved to Recently Deleted and that is emptied as a whole; `any`, where they are purged out of it.
 */
export type Keepers = 'live' | 'any';

export interface Freed {
  /** Bytes that come back when this asset alone goes. */
  readonly alone: ReadonlyMap<AssetId, number>;
  /** Bytes that come back when all of them go. */
  readonly together: number;
}

/** What becomes free with assets: the bytes whose last holder goes, each of them once (rule Q6). */
export async function freedBy(db: Queries, library: LibraryId, assets: readonly AssetId[], keepers: Keepers): Promise<Freed> {
  const going = new Set(assets);
  const alone = new Map<AssetId, number>();
  const together = new Map<string, number>();
  for (const some of chunks(assets)) {
    const held = await db
      .selectFrom('asset_resource')
      .innerJoin('resource', (join) => join.onRef('resource.library_id', '=', 'asset_resource.library_id').onRef('resource.sha256', '=', 'asset_resource.sha256'))
      .where('asset_resource.library_id', '=', library)
      .where('asset_resource.asset_id', 'in', some)
      .distinct()
      .select(['asset_resource.asset_id', 'resource.sha256', 'resource.bytes'])
      .execute();
    const others = await otherHolders(db, library, some, keepers);
    for (const { asset_id, sha256, bytes } of held) {
      const keeping = others.get(`${asset_id} ${sha256}`) ?? [];
      if (keeping.length === 0) alone.set(asset_id, (alone.get(asset_id) ?? 0) + bytes);
      if (keeping.every((other) => going.has(other))) together.set(sha256, bytes);
    }
  }
  return { alone, together: together.values().reduce((sum, bytes) => sum + bytes, 0) };
}

async function otherHolders(db: Queries, library: LibraryId, assets: readonly AssetId[], keepers: Keepers): Promise<Map<string, AssetId[]>> {
  const rows = await db
    .selectFrom('asset_resource as mine')
    .innerJoin('asset_resource as other', (join) => join.onRef('other.library_id', '=', 'mine.library_id').onRef('other.sha256', '=', 'mine.sha256').onRef('other.asset_id', '<>', 'mine.asset_id'))
    .innerJoin('asset', (join) => join.onRef('asset.library_id', '=', 'other.library_id').onRef('asset.id', '=', 'other.asset_id'))
    .where('mine.library_id', '=', library)
    .where('mine.asset_id', 'in', assets)
    .$if(keepers === 'live', (query) => query.where('asset.state', '=', 'live'))
    .distinct()
    .select(['mine.asset_id', 'mine.sha256', 'other.asset_id as other'])
    .execute();
  const found = new Map<string, AssetId[]>();
  for (const { asset_id, sha256, other } of rows) found.set(`${asset_id} ${sha256}`, [...(found.get(`${asset_id} ${sha256}`) ?? []), other]);
  return found;
}
