import type { Asset, Entry, LibraryId, Sha256 } from '@everroll/protocol';
import type { Selectable } from 'kysely';
import type { Queries } from '../database/open.ts';
import type { AssetTable } from '../database/schema.ts';
import { lostAmong } from '../scrub/lost.ts';
import { albumOf, assetOf, itemOf, resourcesOf } from './rows.ts';

/** A stretch of the log: changes after one `seq` and up to another, at most so many, in their order. */
export interface Stretch {
  readonly after: number;
  readonly upTo?: number;
  readonly limit?: number;
}

export async function assetEntries(db: Queries, libraryId: LibraryId, { after, upTo, limit }: Stretch): Promise<Entry[]> {
  const rows = await db
    .selectFrom('asset')
    .selectAll()
    .where('library_id', '=', libraryId)
    .where('seq', '>', after)
    .$if(upTo !== undefined, (query) => query.where('seq', '<=', upTo ?? after))
    .orderBy('seq')
    .$if(limit !== undefined, (query) => query.limit(limit ?? 0))
    .execute();
  return await withResources(db, libraryId, rows);
}

/** The entries of asset rows, their resources fetched together. */
export async function withResources(db: Queries, libraryId: LibraryId, rows: readonly Selectable<AssetTable>[]): Promise<Entry[]> {
  const resources = await resourcesOf(
    db,
    libraryId,
    rows.map((row) => row.id),
  );
  const lost = await lostAmong(db, libraryId, resources.values().flatMap((all) => all.map(({ sha256 }) => sha256)));
  return rows.map((row) => ({ kind: 'asset', seq: row.seq, row: wanting(assetOf(row, resources.get(row.id) ?? []), lost) }));
}

/** The asset, with what a device that has it is to send again (rule S2). */
function wanting(asset: Asset, lost: ReadonlySet<Sha256>): Asset {
  const wanted = [...new Set(asset.resources.flatMap(({ sha256 }) => (lost.has(sha256) ? [sha256] : [])))];
  return wanted.length === 0 ? asset : { ...asset, wanted };
}

export async function albumEntries(db: Queries, libraryId: LibraryId, { after, upTo, limit }: Stretch): Promise<Entry[]> {
  const rows = await db
    .selectFrom('album')
    .selectAll()
    .where('library_id', '=', libraryId)
    .where('seq', '>', after)
    .$if(upTo !== undefined, (query) => query.where('seq', '<=', upTo ?? after))
    .orderBy('seq')
    .$if(limit !== undefined, (query) => query.limit(limit ?? 0))
    .execute();
  return rows.map((row) => ({ kind: 'album', seq: row.seq, row: albumOf(row) }));
}

export async function itemEntries(db: Queries, libraryId: LibraryId, { after, upTo, limit }: Stretch): Promise<Entry[]> {
  const rows = await db
    .selectFrom('album_item')
    .selectAll()
    .where('library_id', '=', libraryId)
    .where('seq', '>', after)
    .$if(upTo !== undefined, (query) => query.where('seq', '<=', upTo ?? after))
    .orderBy('seq')
    .$if(limit !== undefined, (query) => query.limit(limit ?? 0))
    .execute();
  return rows.map((row) => ({ kind: 'album_item', seq: row.seq, row: itemOf(row) }));
}
