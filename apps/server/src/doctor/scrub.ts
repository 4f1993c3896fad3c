import { allWell, cannotTell, type CheckResult, found } from '@everroll/protocol';
import { READ_WITHIN_MS } from '../scrub/scrub.ts';
import { scrubStanding } from '../scrub/standing.ts';
import type { ServerExamination } from './examination.ts';

/** Whether the store has what the rows say: all originals there, each read again in time, none of them lost. */
export async function checkScrub({ services: { db }, desk, now }: ServerExamination): Promise<CheckResult> {
  const { held, missing, damaged, left, lostSince, inventoryAt, readAt, oldestReadAt, absentSince } = await scrubStanding(db);
  const facts = { held: held.count, missing: missing.count, damaged: damaged.count, left: left.count, inventoryAt, readAt, oldestReadAt };
  if (absentSince !== null) return found('scrub', 'originals_missing', { since: absentSince, facts, items: held });
  if (lostSince !== null) return found('scrub', 'bit_rot', { since: lostSince, facts, items: { count: missing.count + damaged.count, bytes: missing.bytes + damaged.bytes } });
  if (desk.upkeep.scrub?.ok === false) return found('scrub', 'upkeep_failed', { since: desk.upkeep.scrub.endedAt, facts });
  if (inventoryAt === null) return cannotTell('scrub', 'The originals have not been compared with the database yet.', 'could_not_run', facts);
  if (oldestReadAt !== null && now - oldestReadAt > READ_WITHIN_MS) return found('scrub', 'upkeep_failed', { since: oldestReadAt + READ_WITHIN_MS, verdict: 'warn', facts });
  return allWell('scrub', facts);
}
