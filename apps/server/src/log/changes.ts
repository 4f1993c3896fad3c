import type { ChangesPage, Entry, Epoch, LibraryId, WrittenAt } from '@everroll/protocol';
import type { SessionIdentity } from '../accounts/sessions.ts';
import type { Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import { type Library, openLibrary } from '../libraries/authorize.ts';
import { albumEntries, assetEntries, itemEntries, type Stretch } from './entries.ts';
import { forksOf, noticeRollback, requireEpoch, toldForks } from './epochs.ts';
import { incarnationAt } from './incarnations.ts';
import { reading } from './reading.ts';

export interface ChangesQuery {
  readonly epoch: Epoch;
  readonly after: number;
  readonly incarnations: readonly WrittenAt[] | null;
  readonly told: readonly WrittenAt[];
  /** Of the last fork that the device knows (rule C4). */
  readonly generation: number;
  readonly limit: number;
}

/** A page of the log after a cursor, as one moment of the database (rules L2, L3). */
export async function readChanges(
  services: Pick<Services, 'db' | 'random' | 'clock' | 'events'>,
  session: SessionIdentity,
  libraryId: LibraryId,
  query: ChangesQuery,
): Promise<ChangesPage> {
  const shown = { epoch: query.epoch, seq: query.after, incarnations: query.incarnations, told: query.told, generation: query.generation };
  await noticeRollback(services, session, libraryId, shown);
  return await reading(services.db, async (trx) => {
    const library = await openLibrary(trx, session, libraryId);
    await requireEpoch(trx, library, query.epoch, shown);
    const page = await changesPage(trx, library, query);
    return { ...page, incarnation: await incarnationAt(trx, libraryId, page.to), ...toldForks(await forksOf(trx, libraryId)) };
  });
}

async function changesPage(trx: Queries, library: Library, { after, limit }: ChangesQuery): Promise<Omit<ChangesPage, 'incarnation'>> {
  const page = { epoch: library.epoch, from: after, head: library.head };
  // The most frequent question of all: is there anything new?
  if (after === library.head) return { ...page, to: after, entries: [] };
  const entries = await entriesOf(trx, library.id, { after, limit: limit + 1 });
  const cut = entries[limit]?.seq;
  if (cut === undefined) return { ...page, to: library.head, entries };

  // The page ends before the operation that no longer fits whole (rule L3).
  const whole = entries.filter((entry) => entry.seq < cut);
  if (whole.length > 0) return { ...page, to: cut - 1, entries: whole };

  // One operation is larger than the page: it is the page.
  return { ...page, to: cut, entries: await entriesOf(trx, library.id, { after: cut - 1, upTo: cut }) };
}

async function entriesOf(trx: Queries, libraryId: LibraryId, stretch: Stretch): Promise<Entry[]> {
  const entries = [
    ...(await assetEntries(trx, libraryId, stretch)),
    ...(await albumEntries(trx, libraryId, stretch)),
    ...(await itemEntries(trx, libraryId, stretch)),
  ];
  return entries.toSorted((a, b) => a.seq - b.seq);
}
