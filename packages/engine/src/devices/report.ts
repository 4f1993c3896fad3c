import { type DeviceReport, type DeviceState, type Evidence, PRODUCT_VERSION, PROTOCOL, REPORT_REASONS_MAX, type ReasonClass, type ReportedReason } from '@everroll/protocol';
import { readSettings } from '../database/meta.ts';
import type { Conditions } from '../ports/conditions.ts';
import type { Driver } from '../ports/driver.ts';
import type { Room } from '../ports/source.ts';
import { type Status, status, type StatusReason } from '../status/status.ts';

/** Evidence is for people: what is longer than this nobody reads. */
const DETAIL_MAX = 500;
/** Free space is told in steps: every disk is written to all the time. */
const FREE_STEP_BYTES = 100_000_000;

/**
 * What this device has to say of itself now.
 *
 * @param of.before what it said last: a reason that holds since then keeps the time at which it was first said
 */
export function reportOf(driver: Driver, of: { conditions: Conditions; freeBytes: number | null; diskRoom: Room | null; now: number; before: DeviceReport | null; progressAt: number | null }): DeviceReport {
  const { conditions, before } = of;
  const seen = status(driver, conditions, of.now, of.diskRoom);
  return {
    state: stateOf(seen, readSettings(driver).sync),
    items: seen.items,
    bytes: seen.bytes,
    atRisk: seen.atRisk,
    downloads: seen.downloads,
    pendingChanges: seen.pendingChanges,
    behind: seen.cursor === null ? null : Math.max(0, seen.head - seen.cursor.seq),
    reasons: seen.reasons
      .toSorted((a, b) => b.items - a.items || (a.code < b.code ? -1 : 1))
      .slice(0, REPORT_REASONS_MAX)
      .map((reason) => reported(reason, before)),
    conditions: { ...conditions },
    versions: { protocol: PROTOCOL.max, program: PRODUCT_VERSION },
    progressAt: of.progressAt,
    storage: { freeBytes: of.freeBytes === null ? null : Math.floor(of.freeBytes / FREE_STEP_BYTES) * FREE_STEP_BYTES },
  };
}

function reported({ code, items, bytes, since, nextAt, evidence }: StatusReason, before: DeviceReport | null): ReportedReason {
  const earlier = before?.reasons.find((reason) => reason.code === code)?.since;
  return { code, items, bytes, since: earlier === undefined ? since : Math.min(earlier, since), nextAt, evidence: shortened(evidence) };
}

function shortened(evidence: Evidence): ReportedReason['evidence'] {
  const values = Object.entries(evidence).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(values.map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, DETAIL_MAX) : value])) as ReportedReason['evidence'];
}

/** What holds nothing back. */
const idleClasses: ReadonlySet<ReasonClass> = new Set(['excluded', 'warning']);

/** @param sync the switch of this device */
export function stateOf({ items, downloads, pendingChanges, cursor, head, reasons: all }: Pick<Status, 'items' | 'downloads' | 'pendingChanges' | 'cursor' | 'head' | 'reasons'>, sync: boolean): DeviceState {
  if (!sync) return 'off';
  if (all.some((reason) => reason.code === 'paused_by_user')) return 'paused';
  const holding = all.filter((reason) => reason.code !== 'queued' && !idleClasses.has(reason.class));
  const held = holding.reduce((sum, reason) => sum + reason.items, 0);
  const isHeld = holding.some((reason) => reason.scope === 'device');
  const open = items.waiting + items.uploading + items.failed + (isHeld ? 0 : downloads.items);
  const isReading = cursor === null || head > cursor.seq;
  // What has no reason of its own, nor one of the whole device, is on its way.
  const moves = items.uploading > 0 || open > held || ((pendingChanges > 0 || isReading) && !isHeld);
  if (moves) return 'syncing';
  if (holding.length === 0) return 'idle';
  return holding.some((reason) => reason.class === 'blocked') ? 'blocked' : 'waiting';
}

/** Whether two reports say the same: a sentence for the others, or silence. */
export function saysTheSame(a: DeviceReport | null, b: DeviceReport): boolean {
  return a !== null && JSON.stringify(a) === JSON.stringify(b);
}

