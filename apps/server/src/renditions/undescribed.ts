import type { Adjustments, Asset, AssetId, LibraryId } from '@everroll/protocol';
import type { Queries } from '../database/open.ts';
import { resourcesOf } from '../log/rows.ts';
import { POSTPONED_AT_MOST_MS } from './leases.ts';
import { pipelineVersions, type RenditionJob } from './renditions.ts';
import { jobsOf, sourcesOf } from './sources.ts';

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
                .where((each) => each.or([each('rendition.task', 'in', ['images', 'details']), each('rendition.task', '=', each.ref('asset.adjusted_task'))]))
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

/** What has to be made for each asset; of a tombstone nothing. */
export async function neededFor(db: Queries, assets: readonly Undescribed[]): Promise<Map<Undescribed, readonly RenditionJob[]>> {
  const needs = new Map<Undescribed, readonly RenditionJob[]>();
  for (const [library, ids] of byLibrary(assets)) {
    const rows = await db.selectFrom('asset').select(['id', 'primary_sha256', 'adjustments']).where('library_id', '=', library).where('id', 'in', ids).execute();
    const found = new Map(rows.map((row) => [row.id, row]));
    const resources = await resourcesOf(db, library, ids);
    for (const each of assets) {
      const row = each.library === library ? found.get(each.asset) : undefined;
      const sources = row && sourcesOf(sourcedFrom(row, resources.get(each.asset) ?? []));
      if (sources) needs.set(each, jobsOf(sources));
    }
  }
  return needs;
}

/** What of an asset decides what is made for it. */
export function sourcedFrom(row: { readonly primary_sha256: Asset['primary']; readonly adjustments: string | null }, resources: Asset['resources']): Pick<Asset, 'primary' | 'resources' | 'adjustments'> {
  return { primary: row.primary_sha256, resources, ...(row.adjustments !== null && { adjustments: JSON.parse(row.adjustments) as Adjustments }) };
}

export function byLibrary(assets: readonly Undescribed[]): Map<LibraryId, AssetId[]> {
  const libraries = new Map<LibraryId, AssetId[]>();
  for (const { library, asset } of assets) libraries.set(library, [...(libraries.get(library) ?? []), asset]);
  return libraries;
}
