import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Asset, type Entry, type LibraryId, type SnapshotPage } from '@everroll/protocol';
import { encodeColumns } from '@everroll/protocol/columns';
import type { Kysely, Selectable } from 'kysely';
import type { SessionIdentity } from '../accounts/sessions.ts';
import type { Services } from '../context.ts';
import { DatabaseFull } from '../database/errors.ts';
import type { Database, SnapshotTable } from '../database/schema.ts';
import { type Library, openLibrary } from '../libraries/authorize.ts';
import { noticeRollback, requireEpoch } from './epochs.ts';
import { reading } from './reading.ts';
import { pageAt, readEntries } from './snapshot.ts';
import { type After, afterText, parseAfter, parsePlace } from './snapshot-place.ts';

/**
 * The snapshot in columns (rule C6), kept in the database as it travels: making it takes the server
 * some 20 µs of each asset, giving it out again next to nothing.
 *
 * What is kept may be older than the library. That is right because a snapshot names the `seq` from
 * which its reader goes on in the log (C1): every chunk was made at the kept `seq` or later, so
 * whatever it does not show yet stands in the log after that. A chunk is given only to a reader whose
 * own `seq` is not beyond the kept one. It lies in the database rather than in a file because it must
 * go back in time together with the rows when a backup is restored (C3).
 */

/** Entries of a chunk: the first is what a screen waits for. */
const FIRST_ENTRIES = 512;
const CHUNK_ENTRIES = 4_096;

/** A kept snapshot that lies further behind the head, and by more than this share of it, is made anew. */
const BEHIND = 1_000;
const BEHIND_SHARE = 0.02;

/** Another set of properties of an asset is another format: what an earlier version of the program kept lacks some. */
const FORMAT = `1:${Object.keys(Asset.shape).join(',')}`;

export interface ColumnsPage {
  readonly page: Omit<SnapshotPage, 'entries'>;
  /** Compressed with gzip. */
  readonly body: Uint8Array<ArrayBuffer>;
}

const BEGINNING = '';
const END = '';

type Kept = Selectable<SnapshotTable>;
interface Chunk {
  readonly next: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** A page of the snapshot, as `readSnapshot` gives it, in columns. Without a limit the server decides how long it is. */
export async function readSnapshotColumns(services: Pick<Services, 'db' | 'random' | 'clock' | 'events'>, session: SessionIdentity, libraryId: LibraryId, query: { readonly page?: string | undefined; readonly limit?: number | undefined }): Promise<ColumnsPage> {
  const { db } = services;
  const place = query.page === undefined ? null : parsePlace(query.page);
  if (place) await noticeRollback(services, session, libraryId, { epoch: place.epoch, seq: place.seq, incarnations: null, told: [place.head], generation: 0 });
  const { library, stored } = await reading(db, async (trx) => {
    const opened = await openLibrary(trx, session, libraryId);
    if (place) await requireEpoch(trx, opened, place.epoch);
    return { library: opened, stored: await keptOf(trx, opened) };
  });
  const kept = place === null && (stored === null || isFarBehind(stored, library)) ? await keepAnew(db, libraryId) : stored;
  const seq = place?.seq ?? kept?.seq ?? library.head;
  const usable = kept !== null && kept.seq >= seq && query.limit === undefined ? kept : null;
  const { next, body } = await chunkAfter(db, libraryId, place?.after ?? null, query.limit, usable);
  // The head is looked at after the rows: none of them lies beyond it.
  const page = await reading(db, async (trx) => await pageAt(trx, { ...(await openLibrary(trx, session, libraryId)), epoch: library.epoch }, seq, parseAfter(next.split('.'))));
  return { page, body };
}

/** A snapshot that is being made before anybody asked for it, and the place of its next chunk. */
export interface Keeping {
  readonly kept: Kept;
  readonly after: After | null;
}

/** null: what is kept is whole and new enough, or the library is so small that its first reader hardly waits. */
export async function beginKeeping(db: Kysely<Database>, libraryId: LibraryId): Promise<Keeping | null> {
  const library = await db.selectFrom('library').select(['id', 'epoch', 'head']).where('id', '=', libraryId).executeTakeFirst();
  if (library === undefined || library.head < BEHIND) return null;
  const stored = await keptOf(db, library);
  const kept = stored === null || isFarBehind(stored, library) ? await keepAnew(db, libraryId) : stored;
  if (kept === null) return null;
  for (let after: After | null = null; ; ) {
    const chunk = await db.selectFrom('snapshot_chunk').select('next').where('library_id', '=', libraryId).where('after', '=', after === null ? BEGINNING : afterText(after)).executeTakeFirst();
    if (chunk === undefined) return { kept, after };
    after = parseAfter(chunk.next.split('.'));
    if (after === null) return null;
  }
}

/** Makes the next chunk. null: it was the last one, or another snapshot is kept by now. */
export async function keepNext(db: Kysely<Database>, { kept, after }: Keeping): Promise<Keeping | null> {
  const present = await keptOf(db, { id: kept.library_id, epoch: kept.epoch });
  if (present?.seq !== kept.seq) return null;
  const { next } = await chunkAfter(db, kept.library_id, after, undefined, kept, inParts);
  const following = parseAfter(next.split('.'));
  return following && { kept, after: following };
}

/** null: none is kept that this program can give for this epoch. */
async function keptOf(db: Kysely<Database>, library: Pick<Library, 'id' | 'epoch'>): Promise<Kept | null> {
  const kept = await db.selectFrom('snapshot').selectAll().where('library_id', '=', library.id).executeTakeFirst();
  return kept !== undefined && kept.epoch === library.epoch && kept.format === FORMAT ? kept : null;
}

const isFarBehind = ({ seq }: Kept, { head }: Pick<Library, 'head'>): boolean => head - seq > Math.max(BEHIND, head * BEHIND_SHARE);

/** From now on chunks are kept as of the present head, or later. null: there is no room for any. */
async function keepAnew(db: Kysely<Database>, libraryId: LibraryId): Promise<Kept | null> {
  return await unlessFull(async () =>
    await db.transaction().execute(async (trx) => {
      const { epoch, head } = await trx.selectFrom('library').select(['epoch', 'head']).where('id', '=', libraryId).executeTakeFirstOrThrow();
      const kept: Kept = { library_id: libraryId, epoch, format: FORMAT, seq: head };
      await trx.deleteFrom('snapshot_chunk').where('library_id', '=', libraryId).execute();
      await trx.deleteFrom('snapshot').where('library_id', '=', libraryId).execute();
      await trx.insertInto('snapshot').values(kept).execute();
      return kept;
    }),
  );
}

type ReadEntries = (db: Kysely<Database>, libraryId: LibraryId, after: After | null, limit: number) => ReturnType<typeof readEntries>;

const atOnce: ReadEntries = async (db, libraryId, after, limit) => await reading(db, async (trx) => await readEntries(trx, libraryId, after, limit));

/** Nobody waits for it: others are answered between its parts. Like the chunks themselves, they may be of different moments. */
const inParts: ReadEntries = async (db, libraryId, after, limit) => {
  const entries: Entry[] = [];
  let last = after;
  do {
    const part = await atOnce(db, libraryId, last, Math.min(FIRST_ENTRIES, limit - entries.length));
    entries.push(...part.entries);
    last = part.last;
    await nextTurn();
  } while (last !== null && entries.length < limit);
  return { entries, last };
};

/** @param kept null: what is kept is no use to this reader. */
async function chunkAfter(db: Kysely<Database>, libraryId: LibraryId, after: After | null, limit: number | undefined, kept: Kept | null, read = atOnce): Promise<Chunk> {
  const key = after === null ? BEGINNING : afterText(after);
  if (kept !== null) {
    const stored = await db.selectFrom('snapshot_chunk').select(['next', 'body']).where('library_id', '=', libraryId).where('after', '=', key).executeTakeFirst();
    if (stored !== undefined) return { next: stored.next, body: new Uint8Array(stored.body) };
  }
  const { entries, last } = await read(db, libraryId, after, limit ?? (after === null ? FIRST_ENTRIES : CHUNK_ENTRIES));
  const chunk: Chunk = { next: last === null ? END : afterText(last), body: new Uint8Array(gzipSync(encodeColumns(entries), { level: 1 })) };
  if (kept !== null) await keep(db, kept, key, chunk);
  return chunk;
}

/** What was kept meanwhile by somebody else, or for a later `seq`, stands. */
async function keep(db: Kysely<Database>, { library_id: libraryId, epoch, format, seq }: Kept, after: string, { next, body }: Chunk): Promise<void> {
  await unlessFull(async () =>
    await db.transaction().execute(async (trx) => {
      const isStill = await trx.selectFrom('snapshot').select('seq').where('library_id', '=', libraryId).where('epoch', '=', epoch).where('format', '=', format).where('seq', '=', seq).executeTakeFirst();
      if (isStill === undefined) return null;
      await trx.insertInto('snapshot_chunk').values({ library_id: libraryId, after, next, body }).onConflict((conflict) => conflict.doNothing()).execute();
      return null;
    }),
  );
}

/** Keeping is a saving: where the disk is full, reading goes on without it. */
async function unlessFull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DatabaseFull) return null;
    throw error;
  }
}
