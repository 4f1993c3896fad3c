import { allWell, cannotTell, type CheckResult, found } from '@everroll/protocol';
import { POSTPONED_AT_MOST_MS } from '../renditions/leases.ts';
import { pipelineVersions } from '../renditions/renditions.ts';
import type { ServerExamination } from './examination.ts';

/** Work that nobody has taken up for so long is not a backlog but a fault. */
const STILL_MS = 10 * 60_000;

/**
 * What is still to be made from originals, who works on it, and what cannot be made. Renditions are
 * no originals: a backlog of them means that photos show late, and never that one is not saved.
 */
export async function checkRenditions({ services: { db, renditions }, now }: ServerExamination): Promise<CheckResult> {
  if (renditions === null) return cannotTell('renditions', 'This server makes no renditions.', 'not_available');
  const waiting = await db
    .selectFrom('asset')
    .select((is) => [is.fn.countAll<number>().as('count'), is.fn.min('added_at').as('oldest')])
    .where('described', '<', pipelineVersions.images)
    .where('state', 'in', ['live', 'trashed'])
    .executeTakeFirstOrThrow();
  const working = await db
    .selectFrom('rendition')
    .select((is) => is.fn.countAll<number>().as('count'))
    .where('lease_holder', 'is not', null)
    .where('lease_until', '>', now)
    .where('lease_until', '<=', now + POSTPONED_AT_MOST_MS)
    .executeTakeFirstOrThrow();
  const made = await db.selectFrom('rendition').select((is) => is.fn.max('made_at').as('last')).executeTakeFirstOrThrow();
  const failed = await db
    .selectFrom('rendition')
    .select((is) => ['code', is.fn.countAll<number>().as('count')])
    .where('outcome', '=', 'failed')
    .groupBy('code')
    .execute();
  const facts = { waiting: waiting.count, working: working.count, lastMadeAt: made.last, cannotBeMade: failed.map(({ code, count }) => ({ code, count })) };
  const quietSince = Math.max(made.last ?? 0, waiting.oldest ?? now);
  if (waiting.count > 0 && working.count === 0 && now - quietSince > STILL_MS) return found('renditions', 'upkeep_failed', { since: quietSince, verdict: 'warn', facts });
  return allWell('renditions', facts);
}
