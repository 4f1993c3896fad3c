import { readMeta } from '../database/meta.ts';
import { hasUnsent } from '../outbox/outbox.ts';
import { nextOfferAt } from '../pull/offers.ts';
import type { Draft } from './draft.ts';

/** The log first: it is small, and what others changed decides what is still worth doing here. */
export function planLog(draft: Draft, pullWanted: boolean): void {
  const { driver, now } = draft;
  if (!draft.mayBegin('metadata')) return;
  const cursor = readMeta(driver, 'cursor');
  const rollback = readMeta(driver, 'rollback');
  const pullDue = cursor.phase === 'snapshot' || pullWanted || readMeta(driver, 'head') > cursor.seq;
  if (pullDue && draft.room('pull') > 0 && draft.gate(['server', 'pull']) !== 'shut') draft.add({ do: 'pull', key: 'pull:' });
  const pushDue = cursor.epoch !== null && (rollback !== null && !rollback.renumbered ? true : hasUnsent(driver));
  if (pushDue && draft.room('push') > 0 && draft.gate(['server', 'push']) !== 'shut') draft.add({ do: 'push', key: 'push:' });
  draft.later(nextOfferAt(driver, now));
}
