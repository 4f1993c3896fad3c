import { AssetId, type FreeUpSection, type LibraryId } from '@everroll/protocol';
import { type RawBuilder, sql } from 'kysely';
import type { Queries } from '../database/open.ts';
import { fail } from '../http/problem.ts';
import { duplicateAssets } from './duplicates.ts';

/** An asset's place in its section's order: a number, and among equals the id. */
export interface Place {
  readonly at: number;
  readonly id: AssetId;
}

/** Up to `limit` assets of a section behind a place, in its order. */
type Section = (db: Queries, library: LibraryId, after: Place | null, limit: number) => Promise<Place[]>;

/** The sections of rule Q6. Each order but that of duplicates is an index's, so that any page costs the same. */
export const sections: Readonly<Record<FreeUpSection, Section>> = {
  /** The largest first. The video of a Live Photo is none. */
  videos: async (db, library, after, limit) => {
    let query = db
      .selectFrom('asset_resource')
      .innerJoin('asset', (join) => join.onRef('asset.library_id', '=', 'asset_resource.library_id').onRef('asset.id', '=', 'asset_resource.asset_id'))
      .where('asset_resource.library_id', '=', library)
      .where('asset_resource.role', '=', sql.lit('video'))
      .whereRef('asset_resource.sha256', '=', 'asset.primary_sha256')
      .where('asset.state', '=', 'live');
    if (after !== null) query = query.where(beyond('<', 'asset_resource.bytes', 'asset_resource.asset_id', after));
    return await query.orderBy('asset_resource.bytes', 'desc').orderBy('asset_resource.asset_id', 'desc').limit(limit).select(['asset_resource.bytes as at', 'asset.id']).execute();
  },

  duplicates: async (db, library, after, limit) => {
    const ids = await duplicateAssets(db, library);
    return ids
      .filter((id) => after === null || id > after.id)
      .slice(0, limit)
      .map((id) => ({ at: 0, id }));
  },

  /** The oldest first. */
  screenshots: async (db, library, after, limit) => {
    let query = db.selectFrom('asset').where('library_id', '=', library).where('screenshot', '=', sql.lit(1)).where('state', '=', 'live');
    if (after !== null) query = query.where(beyond('>', 'captured_at', 'id', after));
    return await query.orderBy('captured_at').orderBy('id').limit(limit).select(['captured_at as at', 'id']).execute();
  },

  /** In the order in which the server will purge them. */
  recentlyDeleted: async (db, library, after, limit) => {
    let query = db.selectFrom('asset').where('library_id', '=', library).where('trashed_at', 'is not', null);
    if (after !== null) query = query.where(beyond('>', 'trashed_at', 'id', after));
    const rows = await query.orderBy('trashed_at').orderBy('id').limit(limit).select(['trashed_at', 'id']).execute();
    return rows.map(({ trashed_at, id }) => ({ at: trashed_at ?? 0, id }));
  },
};

/** Row values compare column by column, and every engine reads them along an index. */
function beyond(way: '<' | '>', at: string, id: string, after: Place): RawBuilder<boolean> {
  return sql<boolean>`(${sql.ref(at)}, ${sql.ref(id)}) ${sql.raw(way)} (${after.at}, ${after.id})`;
}

export function placeText({ at, id }: Place): string {
  return `${at}:${id}`;
}

/** Ends the request where a page's name is none that this server gave. */
export function readPlace(text: string): Place {
  const [, at, id] = /^(-?\d{1,16}):([0-9a-f]{32})$/.exec(text) ?? [];
  return at === undefined || id === undefined ? fail(400, 'invalid_request', { detail: 'query.page: expected the `next` of a page' }) : { at: Number(at), id: AssetId.parse(id) };
}
