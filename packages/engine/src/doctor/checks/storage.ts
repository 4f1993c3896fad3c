import { allWell, cannotTell, type CheckResult, type Facts, found } from '@everroll/protocol';
import { readSettings } from '../../database/meta.ts';
import { folderRoom } from '../../folder/room.ts';
import { keptForNow } from '../../optimise/evictable.ts';
import { type StorageState, storageState } from '../../status/storage.ts';
import { type Examination, NOT_ASKED, overdue, sinceOf, told, unanswered, waitsFor } from '../examination.ts';

/** Used, reserved, limit, and the bytes that are short. */
export async function checkStoragePlan(exam: Examination): Promise<CheckResult[]> {
  const held = told(exam, 'storage_plan');
  if (!exam.mayAsk) return held.length > 0 ? held : [cannotTell('storage_plan', NOT_ASKED)];
  const usage = await exam.probes.usage(exam.signal);
  if (!usage.ok) return [cannotTell('storage_plan', unanswered(usage.failure)), ...held];
  const { plan, used, reserved, byKind } = usage.value;
  const facts = { plan, used, reserved, ...byKind };
  // What waits, less the room that there is: so much has to be freed or added.
  const shortBytes = (waiting: number): number => Math.max(0, waiting + used + reserved - (plan ?? Number.MAX_SAFE_INTEGER));
  if (held.length > 0) {
    return held.map((result) => {
      const measured = result.reason === 'quota_full' ? { shortBytes: shortBytes(result.items.bytes) } : {};
      const now = { ...result, evidence: { ...result.evidence, facts: { ...result.evidence.facts, ...facts, ...measured } } };
      // There is room again: a larger plan, or space that was freed elsewhere.
      return measured.shortBytes === 0 ? overdue(now) : now;
    });
  }
  // Full, and nothing has met it yet: what comes next will.
  if (plan !== null && used + reserved >= plan) return [found('storage_plan', 'quota_full', { since: exam.now, verdict: 'warn', facts: { ...facts, shortBytes: used + reserved - plan } })];
  return [allWell('storage_plan', facts)];
}

/** Below this a device's own database cannot be relied on to be written. */
const LEAST_FREE_BYTES = 256 * 1024 * 1024;

/** Room on this device's disks; what the replica takes, and what of it could give way. */
export async function checkDeviceStorage(exam: Examination): Promise<CheckResult[]> {
  const held = told(exam, 'device_storage');
  const state = storageState(exam.ports.driver, readSettings(exam.ports.driver), folderRoom(exam.ports), exam.now);
  const disks = await exam.probes.disks();
  if (!disks.known) return held.length > 0 ? held : [cannotTell('device_storage', disks.why)];
  const facts = { disks: disks.value.map(({ holds, freeBytes, totalBytes }) => ({ holds, freeBytes, totalBytes })), ...replicaSize(exam), ...originalsOf(state) };
  const names = Object.fromEntries(disks.value.map(({ holds, path }) => [holds, path]));
  const isStuck = state !== null && state.pressure > state.evictable.bytes + keptForNow(exam.ports.driver, exam.now);
  const isLow = isStuck || disks.value.some(({ freeBytes }) => freeBytes < LEAST_FREE_BYTES);
  if (held.length > 0) {
    return held.map((result) => {
      const now = { ...result, evidence: { facts: { ...facts, ...result.evidence.facts }, private: { ...names, ...result.evidence.private } } };
      // What stays above the floor is worked out anew each time it is asked.
      const isSo = isLow || 'floorBytes' in result.evidence.facts || disks.value.some(({ freeBytes }) => freeBytes < result.items.bytes);
      return isSo ? now : overdue(now);
    });
  }
  if (isLow) {
    return [found('device_storage', 'device_full', { since: sinceOf(exam, 'device_full'), verdict: 'warn', facts, names, items: waitsFor(exam, 'device_full') })];
  }
  return [allWell('device_storage', facts, names)];
}

/** What the library folder holds, and what of it could be evicted. */
function originalsOf(state: StorageState | null): Facts {
  if (state === null) return {};
  const { held, evicted, evictable, limitBytes, disk, pressure } = state;
  return { originalsHeldBytes: held, evictedItems: evicted.items, evictedBytes: evicted.bytes, evictableItems: evictable.items, evictableBytes: evictable.bytes, toFreeBytes: pressure, ...(limitBytes === null ? {} : { limitBytes }), ...(disk === null ? {} : { floorBytes: disk.floorBytes }) };
}

function replicaSize({ ports: { driver } }: Examination): { databaseBytes: number } {
  const pragma = (name: string): number => Number(Object.values(driver.prepare(`PRAGMA ${name}`).get() ?? {})[0] ?? 0);
  return { databaseBytes: pragma('page_count') * pragma('page_size') };
}
