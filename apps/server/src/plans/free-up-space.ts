import { type Asset, type AssetId, type FreeUpItem, type FreeUpPage, type FreeUpSection, type FreeUpSummary, LARGEST_VIDEOS, type LibraryId } from '@everroll/protocol';
import { type Kysely, sql } from 'kysely';
import { chunks } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';
import type { Database } from '../database/schema.ts';
import { reading } from '../log/reading.ts';
import { resourcesOf } from '../log/rows.ts';
import { duplicateAssets } from './duplicates.ts';
import { freedBy, type Keepers } from './frees.ts';
import { usageKinds } from './kinds.ts';
import { type Place, placeText, readPlace, sections } from './sections.ts';

type Frees = FreeUpSummary['screenshots'];

export interface PageOf {
  readonly section: FreeUpSection;
  /** `next` of the page before; absent for the first. */
  readonly page: string | undefined;
  readonly limit: number;
}

/** Some of a section, with what each frees alone and all of them together (rule Q6). */
export async function freeUpPage(db: Kysely<Database>, library: LibraryId, { section, page, limit }: PageOf): Promise<FreeUpPage> {
  return await reading(db, async (trx) => {
    const after = page === undefined ? null : readPlace(page);
    const found = await sections[section](trx, library, after, limit + 1);
    const shown = found.slice(0, limit);
    const freed = await freedBy(trx, library, shown.map(({ id }) => id), keepersOf(section));
    const last = found.length > limit ? shown.at(-1) : undefined;
    return { items: await itemsOf(trx, library, shown, freed.alone), freesBytes: freed.together, next: last ? placeText(last) : null };
  });
}

/** What each section holds, and what comes back with it. */
export async function freeUpSummary(db: Kysely<Database>, library: LibraryId): Promise<FreeUpSummary> {
  return await reading(db, async (trx) => {
    const videos = (await sections.videos(trx, library, null, LARGEST_VIDEOS)).map(({ id }) => id);
    return {
      videos: { items: videos.length, freesBytes: (await freedBy(trx, library, videos, 'live')).together },
      // Another asset that stays holds all of them.
      duplicates: { items: (await duplicateAssets(trx, library)).length, freesBytes: 0 },
      screenshots: await screenshotsOf(trx, library),
      recentlyDeleted: await recentlyDeletedOf(trx, library),
    };
  });
}

/** What lies in Recently Deleted is purged one by one, so there a deleted asset that stays keeps bytes too. */
function keepersOf(section: FreeUpSection): Keepers {
  return section === 'recentlyDeleted' ? 'any' : 'live';
}

async function itemsOf(db: Queries, library: LibraryId, places: readonly Place[], alone: ReadonlyMap<AssetId, number>): Promise<FreeUpItem[]> {
  const ids = places.map(({ id }) => id);
  const rows = new Map<AssetId, Pick<Asset, 'mediaKind' | 'primary'> & { seq: number; capturedAt: number }>();
  for (const some of chunks(ids)) {
    const found = await db.selectFrom('asset').select(['id', 'seq', 'media_kind', 'primary_sha256', 'captured_at']).where('library_id', '=', library).where('id', 'in', some).execute();
    for (const row of found) rows.set(row.id, { seq: row.seq, mediaKind: row.media_kind, primary: row.primary_sha256, capturedAt: row.captured_at });
  }
  const resources = await resourcesOf(db, library, ids);
  return ids.flatMap((assetId): FreeUpItem[] => {
    const [row, files = []] = [rows.get(assetId), resources.get(assetId)];
    const name = (files.find(({ sha256 }) => sha256 === row?.primary) ?? files[0])?.name;
    if (row === undefined || name === undefined) return [];
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return [{ assetId, seq: row.seq, name, mediaKind: row.mediaKind, capturedAt: row.capturedAt, bytes, freesBytes: alone.get(assetId) ?? 0 }];
  });
}

/** The bytes of all screenshots, less those that something else keeps and those that two of them share. */
async function screenshotsOf(db: Queries, library: LibraryId): Promise<Frees> {
  const screenshots = db.selectFrom('asset').where('asset.library_id', '=', library).where('asset.state', '=', 'live').where('asset.screenshot', '=', sql.lit(1));
  const { items } = await screenshots.select((is) => is.fn.countAll<number | string>().as('items')).executeTakeFirstOrThrow();
  const { bytes } = await screenshots
    .innerJoin('asset_resource', (join) => join.onRef('asset_resource.library_id', '=', 'asset.library_id').onRef('asset_resource.asset_id', '=', 'asset.id'))
    .select((is) => is.fn.sum<number | string | null>('asset_resource.bytes').as('bytes'))
    .executeTakeFirstOrThrow();
  const shared = await db
    .selectFrom('resource')
    .innerJoin('asset_resource', (join) => join.onRef('asset_resource.library_id', '=', 'resource.library_id').onRef('asset_resource.sha256', '=', 'resource.sha256'))
    .innerJoin('asset', (join) => join.onRef('asset.library_id', '=', 'asset_resource.library_id').onRef('asset.id', '=', 'asset_resource.asset_id'))
    .where('resource.library_id', '=', library)
    .where('resource.named', '>', sql.lit(1))
    .where('asset.state', '=', 'live')
    .groupBy(['resource.sha256', 'resource.bytes'])
    .having((is) => is.fn.max('asset.screenshot'), '=', 1)
    .select((is) => ['resource.bytes', is.fn.sum<number | string>('asset.screenshot').as('screenshots'), is.fn.min('asset.screenshot').as('all')])
    .execute();
  const kept = shared.reduce((sum, row) => sum + row.bytes * (Number(row.screenshots) - row.all), 0);
  return { items: Number(items), freesBytes: Number(bytes ?? 0) - kept };
}

async function recentlyDeletedOf(db: Queries, library: LibraryId): Promise<Frees> {
  const { items } = await db
    .selectFrom('asset')
    .where('library_id', '=', library)
    .where('trashed_at', 'is not', null)
    .select((is) => is.fn.countAll<number | string>().as('items'))
    .executeTakeFirstOrThrow();
  const { bytes } = await db
    .selectFrom('resource')
    .where('library_id', '=', library)
    .where('kind', '=', usageKinds.recentlyDeleted)
    .select((is) => is.fn.sum<number | string | null>('bytes').as('bytes'))
    .executeTakeFirstOrThrow();
  return { items: Number(items), freesBytes: Number(bytes ?? 0) };
}
