import type { ScrubStanding } from '@everroll/protocol';
import type { Queries } from '../database/open.ts';
import { scrubRow } from './row.ts';

/** How the originals of this server stand: what was read again, what is left of what was asked for, what is lost. */
export async function scrubStanding(db: Queries): Promise<ScrubStanding> {
  const row = await scrubRow(db);
  const each = db.selectFrom('resource').select((is) => [is.fn.countAll<number>().as('count'), is.fn.sum<number | string | null>('bytes').as('bytes')]);
  const held = each.where('lost', 'is', null);
  const { oldest } = await db.selectFrom('resource').select((is) => is.fn.min('scrubbed_at').as('oldest')).where('lost', 'is', null).executeTakeFirstOrThrow();
  const { since } = await db.selectFrom('resource').select((is) => is.fn.min('lost_at').as('since')).where('lost', 'is not', null).executeTakeFirstOrThrow();
  return {
    held: sums(await held.executeTakeFirstOrThrow()),
    missing: sums(await each.where('lost', '=', 'missing').executeTakeFirstOrThrow()),
    damaged: sums(await each.where('lost', '=', 'damaged').executeTakeFirstOrThrow()),
    lostSince: since,
    left: row.asked_at === null ? { count: 0, bytes: 0 } : sums(await held.where('scrubbed_at', '<', row.asked_at).executeTakeFirstOrThrow()),
    askedAt: row.asked_at,
    inventoryAt: row.inventory_at,
    readAt: row.read_at,
    oldestReadAt: oldest,
    absentSince: row.absent_since,
  };
}

/** A sum of bytes is text where the engine counts in more than 64 bits. */
function sums({ count, bytes }: { readonly count: number; readonly bytes: number | string | null }): ScrubStanding['held'] {
  return { count, bytes: Number(bytes ?? 0) };
}
