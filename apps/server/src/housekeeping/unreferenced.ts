import type { LibraryId, Sha256 } from '@everroll/protocol';
import { ROWS_PER_STATEMENT } from '../database/chunks.ts';
import type { Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import { lockLibrary } from '../log/commit.ts';
import { usageKinds } from '../plans/kinds.ts';
import { releaseResources } from '../plans/ledger.ts';
import { namedByNoAsset } from '../plans/unreferenced.ts';
import { isFrozen } from './forks.ts';
import { UNREFERENCED_MS } from './retention.ts';

/**
 * Returns the space of resources that were stored and never became part of an asset, or whose
 * asset let go of them, and says how many bytes. Their files are set aside by the sweep of originals.
 */
export async function releaseUnreferenced({ db, events }: Pick<Services, 'db' | 'events'>, now: number): Promise<number> {
  const libraries = await db.selectFrom('library').select(['id', 'account_id']).execute();
  let bytes = 0;
  for (const { id, account_id: accountId } of libraries) {
    for (;;) {
      const due = await unreferenced(db, id, now);
      if (due.length === 0) break;
      const released = await db.transaction().execute(async (trx) => {
        // Under the lock that every change of the log takes, so none can begin to name them meanwhile.
        await lockLibrary(trx, id);
        return (await isFrozen(trx, id, now)) ? 0 : await releaseResources(trx, id, due);
      });
      bytes += released;
      if (released > 0) events.publish({ kind: 'plan', accountId });
      if (released === 0 || due.length < ROWS_PER_STATEMENT) break;
    }
  }
  return bytes;
}

async function unreferenced(db: Queries, library: LibraryId, now: number): Promise<Sha256[]> {
  const rows = await db
    .selectFrom('resource')
    .select('resource.sha256')
    .where('resource.library_id', '=', library)
    // Few of a million, by the index of the usage bar; the condition below is what counts.
    .where('resource.kind', '=', usageKinds.other)
    .where('resource.verified_at', '<=', now - UNREFERENCED_MS)
    .where(namedByNoAsset)
    .limit(ROWS_PER_STATEMENT)
    .execute();
  return rows.map((row) => row.sha256);
}
