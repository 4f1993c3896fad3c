import type { LibraryId } from '@everroll/protocol';
import type { Queries } from '../database/open.ts';
import { lastForkAt } from '../log/epochs.ts';
import { AFTER_FORK_MS } from './retention.ts';

/** Whether rule C5 forbids to remove anything from this library. */
export async function isFrozen(db: Queries, library: LibraryId, now: number): Promise<boolean> {
  const fork = await lastForkAt(db, library);
  return fork !== null && fork > now - AFTER_FORK_MS;
}

/** Originals belong to every library that has a row for them, so a fork of any protects all. */
export async function isAnyFrozen(db: Queries, now: number): Promise<boolean> {
  const fork = await db
    .selectFrom('epoch')
    .select('epoch')
    .where('ordinal', '>', 0)
    .where('began_at', '>', now - AFTER_FORK_MS)
    .limit(1)
    .executeTakeFirst();
  return fork !== undefined;
}
