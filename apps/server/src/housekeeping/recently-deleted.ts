import { type Entity, purged } from '@everroll/protocol';
import { ROWS_PER_STATEMENT } from '../database/chunks.ts';
import type { Services } from '../context.ts';
import { announceHead, commitChange, lockLibrary } from '../log/commit.ts';
import { assetOf } from '../log/rows.ts';
import type { Library } from '../libraries/authorize.ts';
import { isFrozen } from './forks.ts';
import { RECENTLY_DELETED_MS } from './retention.ts';

/** Purges what has lain in Recently Deleted for its time, and says how many assets. */
export async function purgeRecentlyDeleted(services: Pick<Services, 'db' | 'events'>, now: number): Promise<number> {
  const libraries = await services.db
    .selectFrom('asset')
    .select('library_id')
    .distinct()
    .where('trashed_at', '<=', now - RECENTLY_DELETED_MS)
    .execute();
  let count = 0;
  for (const { library_id: library } of libraries) {
    for (;;) {
      const some = await purgeSome(services, library, now);
      count += some;
      if (some < ROWS_PER_STATEMENT) break;
    }
  }
  return count;
}

async function purgeSome(services: Pick<Services, 'db' | 'events'>, library: Library['id'], now: number): Promise<number> {
  const count = await services.db.transaction().execute(async (trx) => {
    await lockLibrary(trx, library);
    if (await isFrozen(trx, library, now)) return 0;
    const due = await trx
      .selectFrom('asset')
      .selectAll()
      .where('library_id', '=', library)
      .where('state', '=', 'trashed')
      .where('trashed_at', '<=', now - RECENTLY_DELETED_MS)
      .limit(ROWS_PER_STATEMENT)
      .execute();
    if (due.length === 0) return 0;
    const entities = due.map((row): Entity => ({ kind: 'asset', row: purged(assetOf(row, [])) }));
    await commitChange(trx, library, 'server', entities, now);
    return due.length;
  });
  if (count > 0) await announceHead(services, library);
  return count;
}
