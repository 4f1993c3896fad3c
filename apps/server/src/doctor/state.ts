import { allWell, cannotTell, type CheckResult, found } from '@everroll/protocol';
import { isAnyFrozen } from '../housekeeping/forks.ts';
import { usageOf } from '../plans/usage.ts';
import { expiredBefore } from '../uploads/desk.ts';
import { DISK_RESERVE_BYTES } from '../uploads/room.ts';
import { checkDevicesOf } from './devices.ts';
import type { ServerCheck, ServerExamination } from './examination.ts';
import { checkRenditions } from './renditions.ts';
import { checkScrub } from './scrub.ts';

/** Housekeeping runs each hour; twice that is late. */
const UPKEEP_MAX_MS = 2 * 60 * 60_000;

async function database({ database: check, now }: ServerExamination): Promise<CheckResult> {
  const { sound, tables, detail, at } = await check();
  const facts = { tables, checkedAgoMs: Math.max(0, now - at) };
  return sound ? allWell('server_database', facts) : found('server_database', 'server_database_corrupt', { since: at, facts, names: { detail: detail.slice(0, 1000) } });
}

async function disk({ desk, now, services }: ServerExamination): Promise<CheckResult> {
  const left = await desk.room.bytes();
  if (left === Number.POSITIVE_INFINITY) return allWell('server_disk', { bounded: false });
  const facts = { freeBytes: left + DISK_RESERVE_BYTES, reserveBytes: DISK_RESERVE_BYTES };
  if (left > 0) return allWell('server_disk', facts);
  const waiting = await services.db.selectFrom('upload').select((is) => [is.fn.countAll<number>().as('count'), is.fn.sum<number | null>('bytes').as('bytes')]).executeTakeFirstOrThrow();
  return found('server_disk', 'server_disk_full', { since: now, verdict: 'fail', facts: { ...facts, shortBytes: -left }, items: { count: waiting.count, bytes: waiting.bytes ?? 0 } });
}

async function plan({ services, session, now }: ServerExamination): Promise<CheckResult> {
  const { plan: limit, used, reserved, byKind } = await usageOf(services.db, session.accountId);
  const facts = { plan: limit, used, reserved, ...byKind };
  return limit !== null && used + reserved >= limit ? found('server_plan', 'quota_full', { since: now, verdict: 'warn', facts: { ...facts, shortBytes: used + reserved - limit } }) : allWell('server_plan', facts);
}

async function uploads({ services, now }: ServerExamination): Promise<CheckResult> {
  const rows = await services.db.selectFrom('upload').select(['reserved', 'touched_at']).execute();
  const expired = rows.filter((row) => row.touched_at <= expiredBefore(now)).length;
  return allWell('uploads', { open: rows.length - expired, expired, reservedBytes: rows.reduce((sum, row) => sum + row.reserved, 0), oldestTouchedAt: rows.length === 0 ? null : Math.min(...rows.map((row) => row.touched_at)) });
}

async function housekeeping({ desk, now }: ServerExamination): Promise<CheckResult> {
  const steps = [...desk.upkeep.steps];
  if (steps.length === 0) return cannotTell('housekeeping', 'It has not run since the server started.');
  const facts = { steps: steps.map(([step, { endedAt, ok }]) => ({ step, endedAt, ok })) };
  const failed = steps.filter(([, { ok }]) => !ok);
  const last = Math.max(...steps.map(([, { endedAt }]) => endedAt));
  if (failed.length > 0) return found('housekeeping', 'upkeep_failed', { since: Math.min(...failed.map(([, { endedAt }]) => endedAt)), facts });
  return now - last > UPKEEP_MAX_MS ? found('housekeeping', 'upkeep_failed', { since: last, facts }) : allWell('housekeeping', facts);
}

/** The counters of all plans beside the sums that they stand for (I3). */
async function originals({ services: { db }, now }: ServerExamination): Promise<CheckResult> {
  const held = await db.selectFrom('resource').select((is) => [is.fn.countAll<number>().as('count'), is.fn.sum<number | string | null>('bytes').as('bytes')]).executeTakeFirstOrThrow();
  const counted = await db.selectFrom('account').select((is) => is.fn.sum<number | string | null>('used_bytes').as('bytes')).executeTakeFirstOrThrow();
  const facts = { resources: held.count, bytes: Number(held.bytes ?? 0), countedBytes: Number(counted.bytes ?? 0) };
  return facts.bytes === facts.countedBytes ? allWell('originals', facts) : found('originals', 'internal_error', { since: now, facts });
}

async function epochs({ services: { db }, now }: ServerExamination): Promise<CheckResult> {
  const rows = await db.selectFrom('epoch').select(['began_at', 'ordinal']).execute();
  const forks = rows.filter(({ ordinal }) => ordinal > 0);
  return allWell('epochs', { epochs: rows.length, forks: forks.length, lastForkAt: forks.length === 0 ? null : Math.max(...forks.map((row) => row.began_at)), deletionsFrozen: await isAnyFrozen(db, now) });
}

export const serverChecksInOrder: readonly ServerCheck[] = [
  { name: 'server_database', of: 'server', run: database },
  { name: 'server_disk', of: 'server', run: disk },
  { name: 'server_plan', of: 'account', run: plan },
  { name: 'uploads', of: 'server', run: uploads },
  { name: 'housekeeping', of: 'server', run: housekeeping },
  { name: 'originals', of: 'server', run: originals },
  { name: 'epochs', of: 'server', run: epochs },
  { name: 'renditions', of: 'server', run: checkRenditions },
  { name: 'scrub', of: 'server', run: checkScrub },
  { name: 'devices', of: 'account', run: checkDevicesOf },
];
