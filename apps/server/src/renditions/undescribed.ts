import type { AssetId, LibraryId, Sha256 } from '@everroll/protocol';
import type { Queries } from '../database/open.ts';
import { resourcesOf } from '../log/rows.ts';
import { POSTPONED_AT_MOST_MS } from './leases.ts';
import { pipelineVersions } from './renditions.ts';
import { imagesOf, sourcesOf } from './sources.ts';

/** An asset whose originals are still to be read: the work of this folder is derived from these and nothing else. */
export interface Undescribed {
  readonly library: LibraryId;
  readonly asset: AssetId;
}

/**
 * The next ones, at most so many: what was never read before what an older pipeline read, what is
 * live before what lies in Recently Deleted, the newest additions first. One of whose files someone
 * is working on is left out.
 */
export async function undescribed(db: Queries, limit: number, now: number): Promise<Undescribed[]> {
  const found: Undescribed[] = [];
  for (let version = 0; version < pipelineVersions.images; version += 1) {
    for (const state of ['live', 'trashed'] as const) {
      if (found.length >= limit) return found;
      const rows = await db
        .selectFrom('asset')
        .select(['library_id as library', 'id as asset'])
        .where('described', '=', version)
        .where('state', '=', state)
        .where((is) =>
          is.not(
            is.exists(
              is
                .selectFrom('asset_resource')
                .innerJoin('rendition', 'rendition.sha256', 'asset_resource.sha256')
                .select('rendition.sha256')
                .whereRef('asset_resource.library_id', '=', 'asset.library_id')
                .whereRef('asset_resource.asset_id', '=', 'asset.id')
                .where('rendition.task', '=', 'images')
                .where('rendition.lease_until', '>', now)
                .where('rendition.lease_until', '<=', now + POSTPONED_AT_MOST_MS),
            ),
          ),
        )
        .orderBy('added_at', 'desc')
        .limit(limit - found.length)
        .execute();
      found.push(...rows);
    }
  }
  return found;
}

/** The hashes that each asset needs the details and images of; of a tombstone none. */
export async function hashesOf(db: Queries, assets: readonly Undescribed[]): Promise<Map<Undescribed, readonly Sha256[]>> {
  const needs = new Map<Undescribed, readonly Sha256[]>();
  for (const [library, ids] of byLibrary(assets)) {
    const rows = await db.selectFrom('asset').select(['id', 'primary_sha256']).where('library_id', '=', library).where('id', 'in', ids).execute();
    const primaries = new Map(rows.map((row) => [row.id, row.primary_sha256]));
    const resources = await resourcesOf(db, library, ids);
    for (const each of assets) {
      const primary = each.library === library && primaries.get(each.asset);
      const sources = primary ? sourcesOf({ primary, resources: resources.get(each.asset) ?? [] }) : null;
      if (sources) needs.set(each, imagesOf(sources));
    }
  }
  return needs;
}

export function byLibrary(assets: readonly Undescribed[]): Map<LibraryId, AssetId[]> {
  const libraries = new Map<LibraryId, AssetId[]>();
  for (const { library, asset } of assets) libraries.set(library, [...(libraries.get(library) ?? []), asset]);
  return libraries;
}
