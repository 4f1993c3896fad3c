import type { AlbumId, AssetId, Entry, LibraryId, SnapshotPage, WrittenAt } from '@everroll/protocol';
import type { SessionIdentity } from '../accounts/sessions.ts';
import type { Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import { type Library, openLibrary } from '../libraries/authorize.ts';
import { withResources } from './entries.ts';
import { forksOf, noticeRollback, requireEpoch, toldForks } from './epochs.ts';
import { incarnationAt } from './incarnations.ts';
import { reading } from './reading.ts';
import { albumOf, itemOf } from './rows.ts';
import { type After, afterEntry, parsePlace, placeText } from './snapshot-place.ts';

/** A page of the snapshot: assets, newest capture first, then albums, then their items (rules C1, C2). */
export async function readSnapshot(
  services: Pick<Services, 'db' | 'random' | 'clock' | 'events'>,
  session: SessionIdentity,
  libraryId: LibraryId,
  query: { readonly page?: string | undefined; readonly limit: number },
): Promise<SnapshotPage> {
  const place = query.page === undefined ? null : parsePlace(query.page);
  if (place) await noticeRollback(services, session, libraryId, { epoch: place.epoch, seq: place.seq, incarnations: null, told: [place.head], generation: 0 });
  return await reading(services.db, async (trx) => {
    const library = await openLibrary(trx, session, libraryId);
    if (place) await requireEpoch(trx, library, place.epoch);
    const seq = place?.seq ?? library.head;
    const { entries, last } = await readEntries(trx, libraryId, place?.after ?? null, query.limit);
    return { ...(await pageAt(trx, library, seq, last)), entries };
  });
}

/** All of a page but its entries, which are of the present moment or an earlier one. @param last where it ends; null: with the library */
export async function pageAt(db: Queries, { id, epoch, head }: Library, seq: number, last: After | null): Promise<Omit<SnapshotPage, 'entries'>> {
  const written: WrittenAt = { seq: head, by: await incarnationAt(db, id, head) };
  return {
    epoch,
    seq,
    head,
    incarnation: await incarnationAt(db, id, seq),
    ...(head > seq && { headIncarnation: written.by }),
    ...toldForks(await forksOf(db, id)),
    next: last && placeText({ epoch, seq, head: written, after: last }),
  };
}

/** `last` is where the page ended, null where nothing follows. */
export async function readEntries(db: Queries, libraryId: LibraryId, after: After | null, limit: number): Promise<{ entries: Entry[]; last: After | null }> {
  const entries: Entry[] = [];
  const full = () => entries.length > limit;
  // One entry more than the page takes is asked for, to know whether anything follows.
  if (after === null || after.kind === 'asset') entries.push(...(await assets(db, libraryId, after, limit + 1)));
  if (!full() && after?.kind !== 'album_item') entries.push(...(await albums(db, libraryId, after?.kind === 'album' ? after.id : '', limit + 1 - entries.length)));
  if (!full()) entries.push(...(await items(db, libraryId, after?.kind === 'album_item' ? after : null, limit + 1 - entries.length)));
  if (!full()) return { entries, last: null };
  entries.pop();
  const end = entries.at(-1);
  return { entries, last: end ? afterEntry(end) : null };
}

async function assets(db: Queries, libraryId: LibraryId, after: (After & { kind: 'asset' }) | null, limit: number): Promise<Entry[]> {
  const rows = await db
    .selectFrom('asset')
    .selectAll()
    .where('library_id', '=', libraryId)
    .where('state', '!=', 'purged')
    // The first condition alone is a range of the index; the second cuts the tie.
    .$if(after !== null, (query) =>
      query
        .where('captured_at', '<=', after?.capturedAt ?? 0)
        .where((eb) => eb.or([eb('captured_at', '<', after?.capturedAt ?? 0), eb('id', '>', after?.id ?? ('' as AssetId))])),
    )
    .orderBy('captured_at', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute();
  return await withResources(db, libraryId, rows);
}

async function albums(db: Queries, libraryId: LibraryId, after: string, limit: number): Promise<Entry[]> {
  const rows = await db
    .selectFrom('album')
    .selectAll()
    .where('library_id', '=', libraryId)
    .where('deleted', '=', 0)
    .where('id', '>', after as AlbumId)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ kind: 'album', seq: row.seq, row: albumOf(row) }));
}

async function items(db: Queries, libraryId: LibraryId, after: (After & { kind: 'album_item' }) | null, limit: number): Promise<Entry[]> {
  const rows = await db
    .selectFrom('album_item')
    .selectAll()
    .where('library_id', '=', libraryId)
    .where('present', '=', 1)
    .$if(after !== null, (query) =>
      query
        .where('album_id', '>=', after?.albumId ?? ('' as AlbumId))
        .where((eb) => eb.or([eb('album_id', '>', after?.albumId ?? ('' as AlbumId)), eb('asset_id', '>', after?.assetId ?? ('' as AssetId))])),
    )
    .orderBy('album_id')
    .orderBy('asset_id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ kind: 'album_item', seq: row.seq, row: itemOf(row) }));
}
