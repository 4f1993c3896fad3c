import type { Incarnation, LibraryId } from '@everroll/protocol';
import type { Random } from '../context.ts';
import type { Queries } from '../database/open.ts';

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

/** Which incarnation wrote the change at `seq`; null for one before the first that is remembered. */
export async function incarnationAt(db: Queries, libraryId: LibraryId, seq: number): Promise<Incarnation | null> {
  const row = await db
    .selectFrom('incarnation')
    .select('incarnation')
    .where('library_id', '=', libraryId)
    .where('from_seq', '<', seq)
    .orderBy('from_seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.incarnation ?? null;
}

/**
 * How far the history of a device and this one are the same: to where the incarnation after the
 * last common one began.
 *
 * @param seen the incarnations whose changes the device has read, oldest first; null stands for the
 * time before the first that is remembered
 */
export async function commonUpTo(db: Queries, library: { readonly id: LibraryId; readonly head: number }, seen: readonly (Incarnation | null)[]): Promise<number> {
  const known = await db.selectFrom('incarnation').select(['from_seq', 'incarnation']).where('library_id', '=', library.id).orderBy('from_seq').execute();
  const last = known.findLastIndex((row) => seen.includes(row.incarnation));
  if (last === -1 && !seen.includes(null)) return 0;
  return known[last + 1]?.from_seq ?? library.head;
}
