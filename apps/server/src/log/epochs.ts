import { type Epoch, type Fork, FORKS_MAX, type LibraryId, type WrittenAt } from '@everroll/protocol';
import type { SessionIdentity } from '../accounts/sessions.ts';
import type { Random, Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import { fail } from '../http/problem.ts';
import { type Library, openLibrary } from '../libraries/authorize.ts';
import { announceHead, lockLibrary } from './commit.ts';
import { commonUpTo, incarnationAt } from './incarnations.ts';

/**
 * Ends a library's epoch and begins the next, in the caller's transaction (rule C3). Called by the
 * command that restores a backup, and when a device shows that the log is not the one it knew.
 *
 * @param brokeOffAt the last `seq` that the two histories share; the head unless it is known better
 * @param lostGeneration the largest that a device has shown of an epoch that this database may never have known (rule C4)
 */
export async function beginEpoch(trx: Queries, random: Random, libraryId: LibraryId, now: number, brokeOffAt?: number, lostGeneration = 0): Promise<Library> {
  const library = await lockLibrary(trx, libraryId);
  const epoch = random.id() as Epoch;
  await trx.updateTable('epoch').set({ forked_at: brokeOffAt ?? library.head }).where('library_id', '=', libraryId).where('epoch', '=', library.epoch).execute();
  const { newest, generation } = await trx
    .selectFrom('epoch')
    .select((eb) => [eb.fn.max('ordinal').as('newest'), eb.fn.max('generation').as('generation')])
    .where('library_id', '=', libraryId)
    .executeTakeFirstOrThrow();
  await trx.insertInto('epoch').values({ library_id: libraryId, epoch, ordinal: newest + 1, forked_at: null, began_at: now, generation: Math.max(generation, lostGeneration) + 1 }).execute();
  await trx.updateTable('library').set({ epoch }).where('id', '=', libraryId).execute();
  return { ...library, epoch };
}

/** A position in an epoch, and the incarnations whose changes led there; null where they are not shown. */
export interface ShownCursor {
  readonly epoch: Epoch;
  readonly seq: number;
  readonly incarnations: readonly WrittenAt[] | null;
  /**
   * Places that the device was told of and has not read: its own changes that were applied, and how far the rows of a snapshot
   * may reach. One at or before `seq` was told late, when it had read on.
   */
  readonly told: readonly WrittenAt[];
  /** Of the last fork that the device knows (rule C4); 0: of none, or it does not say. */
  readonly generation: number;
}

/**
 * A device that shows a position beyond the head, or one that another incarnation wrote, knew a log
 * that this one is not (rule C3): a new epoch begins. It is looked at under the lock, so that of
 * many devices that come at once one begins it and the others find it begun.
 */
export async function noticeRollback(
  services: Pick<Services, 'db' | 'random' | 'clock' | 'events'>,
  session: SessionIdentity,
  libraryId: LibraryId,
  cursor: ShownCursor,
): Promise<void> {
  const opened = await openLibrary(services.db, session, libraryId);
  if (!(await isForeign(services.db, opened, cursor))) {
    if (opened.epoch !== cursor.epoch) await riseAbove(services.db, opened, cursor.generation);
    return;
  }
  const forked = await services.db.transaction().execute(async (trx) => {
    const library = await lockLibrary(trx, libraryId);
    if (!(await isForeign(trx, library, cursor))) return false;
    const now = services.clock.now();
    const known = await commonWith(trx, library, cursor);
    const common = Math.min(known ?? library.head, library.head);
    if (library.epoch === cursor.epoch) {
      await beginEpoch(trx, services.random, libraryId, now, common, cursor.generation);
    } else {
      // Everything that stands here stands unchanged since the fork, wherever the lost epoch went.
      await rememberLostEpoch(trx, libraryId, cursor.epoch, known === null ? 0 : common, now);
      await beginEpoch(trx, services.random, libraryId, now, undefined, cursor.generation);
    }
    return true;
  });
  if (forked) await announceHead(services, libraryId);
}

/**
 * How far what a device shows and this history are the same; null: it shows nothing that would tell. Where what it read is
 * of another history than this one, what it was told since may be of this one all the same: that says nothing of what was
 * read. Nor does what it was told later of what it was told before.
 */
async function commonWith(trx: Queries, library: Library, { seq, incarnations, told }: ShownCursor): Promise<number | null> {
  if (incarnations === null && told.length === 0) return null;
  const read = incarnations ?? [];
  if (incarnations !== null && (told.length === 0 || (await commonUpTo(trx, library, read)) < seq)) return await commonUpTo(trx, library, read);
  const lost: WrittenAt[] = [];
  for (const place of told) if (!(await stands(trx, library, place))) lost.push(place);
  if (lost.length === 0) return await commonUpTo(trx, library, [...read, ...told]);
  // What it read at such a place and beyond it is of this history, and not of the one in which the place was told.
  return Math.min(...(await Promise.all(lost.map(async (place) => await commonUpTo(trx, library, [...read.filter(({ seq: at }) => at < place.seq), place])))));
}

/** Whether the change at a place is the one that was spoken of. */
const stands = async (db: Queries, { id, head }: Library, { seq, by }: WrittenAt): Promise<boolean> => seq <= head && by === (await incarnationAt(db, id, seq));

async function isKnownEpoch(db: Queries, libraryId: LibraryId, epoch: Epoch): Promise<boolean> {
  return (await db.selectFrom('epoch').select('epoch').where('library_id', '=', libraryId).where('epoch', '=', epoch).executeTakeFirst()) !== undefined;
}

/**
 * Epochs that this database lost stand before its own: where one of them broke off says nothing
 * about where the present one began, and a device of one offers rather too much than too little.
 */
const LOST_ORDINAL = -1;

/** Notes an epoch that this database lost, so that the other devices that know it find the fork begun. */
async function rememberLostEpoch(trx: Queries, libraryId: LibraryId, epoch: Epoch, brokeOffAt: number, now: number): Promise<void> {
  await trx
    .insertInto('epoch')
    .values({ library_id: libraryId, epoch, ordinal: LOST_ORDINAL, forked_at: brokeOffAt, began_at: now })
    .execute();
}

async function isForeign(db: Queries, library: Library, { epoch, seq, incarnations, told }: ShownCursor): Promise<boolean> {
  // An epoch that this database never had began after the backup from which it was restored.
  if (library.epoch !== epoch) return !(await isKnownEpoch(db, library.id, epoch));
  if (seq > library.head) return true;
  for (const place of told) if (!(await stands(db, library, place))) return true;
  return incarnations !== null && seq > 0 && (incarnations.at(-1)?.by ?? null) !== (await incarnationAt(db, library.id, seq));
}

/**
 * Where the history that a device knew broke off: the least of the forks since its epoch. 0 for an
 * epoch that this library never had or lost the memory of: the device offers everything it knows.
 */
export async function forkedAt(db: Queries, libraryId: LibraryId, epoch: Epoch): Promise<number> {
  const known = await db.selectFrom('epoch').select('ordinal').where('library_id', '=', libraryId).where('epoch', '=', epoch).executeTakeFirst();
  if (!known) return 0;
  const { least } = await db
    .selectFrom('epoch')
    .select((eb) => eb.fn.min('forked_at').as('least'))
    .where('library_id', '=', libraryId)
    .where('ordinal', '>=', known.ordinal)
    .executeTakeFirstOrThrow();
  return least ?? 0;
}

/**
 * Refuses a cursor of another epoch (rule C4).
 * @param shown what a reader of the log shows besides: the server may have been put back by hand within that epoch, before the
 * fork that this database knows of
 */
export async function requireEpoch(db: Queries, library: Library, epoch: Epoch, shown?: ShownCursor): Promise<void> {
  if (epoch === library.epoch) return;
  const fork = await forkedAt(db, library.id, epoch);
  fail(409, 'server_rolled_back', { epoch: library.epoch, forkedAt: shown ? await commonBefore(db, library, fork, shown) : fork });
}

/** How far the histories are common: to the fork, unless the device knows a change before it that stands here as another one. */
async function commonBefore(db: Queries, library: Library, fork: number, shown: ShownCursor): Promise<number> {
  for (const place of [...(shown.incarnations ?? []), ...shown.told]) {
    if (place.seq > 0 && place.seq <= fork && !(await stands(db, library, place))) return Math.min(fork, (await commonWith(db, library, shown)) ?? 0);
  }
  return fork;
}

/** The present epoch came after every lost one, also after one whose generation was not known when it began (rule C4). */
async function riseAbove(db: Queries, library: Library, lostGeneration: number): Promise<void> {
  await db.updateTable('epoch').set({ generation: lostGeneration + 1 }).where('library_id', '=', library.id).where('epoch', '=', library.epoch).where('generation', '<=', lostGeneration).execute();
}

/** Where the generations of this history began, oldest first (rule C4). */
export async function forksOf(db: Queries, libraryId: LibraryId): Promise<Fork[]> {
  const epochs = await db.selectFrom('epoch').select(['generation', 'forked_at']).where('library_id', '=', libraryId).where('ordinal', '>=', 0).orderBy('ordinal').execute();
  const forks: Fork[] = [];
  for (const [at, { generation }] of epochs.entries()) {
    const from = epochs[at - 1]?.forked_at;
    if (from === undefined || from === null) continue;
    // What one that went further back took away is no part of this history.
    while ((forks.at(-1)?.from ?? -1) >= from) forks.pop();
    forks.push({ generation, from });
  }
  return forks;
}

/** As a page tells them. */
export const toldForks = (forks: readonly Fork[]): { forks?: Fork[] } => (forks.length === 0 ? {} : { forks: forks.slice(-FORKS_MAX) });

/** Time of the last fork, from which rule C5 counts 30 days; null where there was none. */
export async function lastForkAt(db: Queries, libraryId: LibraryId): Promise<number | null> {
  const last = await db
    .selectFrom('epoch')
    .select('began_at')
    .where('library_id', '=', libraryId)
    .where('ordinal', '>', 0)
    .orderBy('ordinal', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.began_at ?? null;
}
