import type { Incarnation, LibraryId, WrittenAt } from '@everroll/protocol';
import type { Random } from '../context.ts';
import type { Queries } from '../database/open.ts';
import { prepared } from '../database/prepared.ts';

/**
 * Every start of a server names itself and notes at which head it began to write. A device keeps the
 * names of those whose changes it has read. So a database that was restored from a backup is told
 * from the one that the device knew even when it has grown past the device's cursor since: another
 * incarnation wrote what stands at that position (rule C3).
 */
export async function beginIncarnation(db: Queries, random: Random): Promise<void> {
  const incarnation = random.id() as Incarnation;
  await db.transaction().execute(async (trx) => {
    const libraries = await trx.selectFrom('library').select(['id', 'head']).execute();
    for (const { id, head } of libraries) {
      await trx
        .insertInto('incarnation')
        .values({ library_id: id, from_seq: head, incarnation })
        // One that began at the same head and wrote nothing has left no trace at any device.
        .onConflict((conflict) => conflict.columns(['library_id', 'from_seq']).doUpdateSet({ incarnation }))
        .execute();
    }
  });
}

const newestBefore = prepared((db, libraryId: LibraryId, seq: number) =>
  db.selectFrom('incarnation').select('incarnation').where('library_id', '=', libraryId).where('from_seq', '<', seq).orderBy('from_seq', 'desc').limit(1),
);

/** Which incarnation wrote the change at `seq`; null for one before the first that is remembered. */
export async function incarnationAt(db: Queries, libraryId: LibraryId, seq: number): Promise<Incarnation | null> {
  return (await newestBefore(db, libraryId, seq))?.incarnation ?? null;
}

/**
 * How far the history of a device and this one are the same: to where the last common incarnation
 * ended, here or in what the device read. (It ends there earlier where the server was put back to a
 * state before what stands here, and another start went on from that.)
 *
 * @param seen the incarnations whose changes the device has read, each with the last `seq` of it there
 */
export async function commonUpTo(db: Queries, library: { readonly id: LibraryId; readonly head: number }, seen: readonly WrittenAt[]): Promise<number> {
  const known = await db.selectFrom('incarnation').select(['from_seq', 'incarnation']).where('library_id', '=', library.id).orderBy('from_seq').execute();
  const names = [null, ...known.map((row) => row.incarnation)];
  const last = names.findLastIndex((name) => seen.some(({ by }) => by === name));
  if (last === -1) return 0;
  const readUpTo = Math.max(...seen.flatMap(({ seq, by }) => (by === names[last] ? [seq] : [])));
  return Math.min(known[last]?.from_seq ?? library.head, readUpTo);
}
