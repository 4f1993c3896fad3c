import type { Sha256 } from '@everroll/protocol';
import type { Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import type { UploadDesk } from '../uploads/desk.ts';
import { examine } from './examine.ts';
import { changeScrubRow, scrubRow } from './row.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Every original is read again within this time; see `READ_AFTER_MS`. */
export const READ_WITHIN_MS = 30 * DAY_MS;

/** An original is due so long after it was last read. What became due at once is read in the days that are left. */
export const READ_AFTER_MS = 21 * DAY_MS;

/** Clocks differ, and are set right: what was read later than this in a time to come is read anew. */
const AHEAD_AT_MOST_MS = DAY_MS;

/** Which originals are to be read: those that were not read for long, or, where a person asked, not since. */
export interface Due {
  readonly now: number;
  readonly askedAt: number | null;
}

/**
 * Reads the original that was not read for the longest time, if one is due (rule S1). Where it stands
 * is in the rows: each remembers when it was read, so it goes on after any end, in any process.
 * @returns bytes that were read; null: nothing is due, or the store is not there
 */
export async function scrubNext(desk: UploadDesk, due: Due): Promise<number | null> {
  const { db, clock } = desk.services;
  const next = await oldest(db, due);
  if (!next) return null;
  const { sha256, bytes } = next;
  const found = await examine(desk, sha256, bytes);
  if (found === 'no store') return null;
  const now = clock.now();
  if (found === 'sound') {
    // Not before it was asked for, should the clock have gone back meanwhile: it would be read for ever.
    const readAt = Math.max(now, due.askedAt ?? now);
    await db.updateTable('resource').set({ scrubbed_at: readAt }).where('sha256', '=', sha256).execute();
  }
  await changeScrubRow(db, { read_at: now });
  return bytes;
}

/**
 * The owner asks for every original to be read again. What was read in a time to come, by a clock that
 * has been set back since, was read before this too.
 * @returns when that was
 */
export async function askForAll({ db, clock }: Pick<Services, 'db' | 'clock'>): Promise<number> {
  const askedAt = clock.now();
  await db.transaction().execute(async (trx) => {
    await scrubRow(trx);
    await changeScrubRow(trx, { asked_at: askedAt });
    await trx.updateTable('resource').set({ scrubbed_at: 0 }).where('lost', 'is', null).where('scrubbed_at', '>', askedAt).execute();
  });
  return askedAt;
}

async function oldest(db: Queries, { now, askedAt }: Due): Promise<{ sha256: Sha256; bytes: number } | undefined> {
  const before = Math.max(now - READ_AFTER_MS, askedAt ?? Number.NEGATIVE_INFINITY);
  const one = db.selectFrom('resource').select(['sha256', 'bytes']).where('lost', 'is', null).limit(1);
  return (await one.where('scrubbed_at', '<', before).orderBy('scrubbed_at').orderBy('sha256').executeTakeFirst()) ?? (await one.where('scrubbed_at', '>', now + AHEAD_AT_MOST_MS).executeTakeFirst());
}
