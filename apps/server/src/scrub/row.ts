import type { Selectable, Updateable } from 'kysely';
import type { Queries } from '../database/open.ts';
import type { ScrubTable } from '../database/schema.ts';

const THE_ROW = 1;

/** What is known of the store as a whole, which is nothing at first. */
export async function scrubRow(db: Queries): Promise<Selectable<ScrubTable>> {
  const row = await db.selectFrom('scrub').selectAll().where('id', '=', THE_ROW).executeTakeFirst();
  if (row) return row;
  const empty = { id: THE_ROW, store_mark: null, absent_since: null, inventory_at: null, read_at: null, asked_at: null, lease_holder: null, lease_until: 0 };
  await db.insertInto('scrub').values(empty).onConflict((conflict) => conflict.doNothing()).execute();
  return empty;
}

export async function changeScrubRow(db: Queries, change: Updateable<ScrubTable>): Promise<void> {
  await db.updateTable('scrub').set(change).where('id', '=', THE_ROW).execute();
}
