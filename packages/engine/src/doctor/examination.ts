import { type CheckName, type CheckResult, type Evidence, type Facts, found, type Health, type ReasonCode, reasons, type Session } from '@everroll/protocol';
import { folderRoom } from '../folder/room.ts';
import { conditionsNow } from '../policy/conditions.ts';
import { verdict, type Verdict } from '../policy/waiting.ts';
import type { Conditions } from '../ports/conditions.ts';
import type { Failure, Result } from '../ports/failure.ts';
import type { Ports } from '../ports/world.ts';
import { status, type Status, type StatusReason } from '../status/status.ts';
import type { Probes } from './probes.ts';

/** What every check is given: the device as it is now, and the probes. */
export interface Examination {
  readonly ports: Ports;
  readonly probes: Probes;
  readonly signal: AbortSignal;
  readonly now: number;
  readonly status: Status;
  readonly conditions: Conditions;
  readonly policy: Verdict;
  /** A device that makes no progress for so long, with work that may be done, stands still. */
  readonly stallMs: number;
  /** False: the doctor runs by itself where nothing may move; it asks nobody outside the device. */
  readonly mayAsk: boolean;
  /** Asked once for all checks that need it. */
  readonly health: () => Promise<Result<{ readonly health: Health; readonly clockDifferenceMs: number }>>;
  readonly session: () => Promise<Result<Session>>;
}

export interface ExaminationOptions {
  readonly signal: AbortSignal;
  readonly stallMs: number;
  readonly mayAsk: boolean;
}

export function examine(ports: Ports, probes: Probes, options: ExaminationOptions): Examination {
  const now = ports.clock.now();
  const conditions = conditionsNow(ports.driver, ports);
  let health: ReturnType<Examination['health']> | undefined;
  let session: ReturnType<Examination['session']> | undefined;
  return {
    ports,
    probes,
    now,
    conditions,
    ...options,
    status: status(ports.driver, conditions, now, folderRoom(ports)),
    policy: verdict(ports.driver, conditions, now),
    health: () => (health ??= probes.health(options.signal)),
    session: () => (session ??= probes.session(options.signal)),
  };
}

export const NOT_ASKED = 'Nothing may move over this connection now, so nobody was asked.';

/** Why something that needs the server could not be told. */
export const unanswered = ({ code }: Failure): string => `The server could not be asked: ${reasons[code].sentence}`;

/** What stands in evidence, apart by whether it may leave the person's machines. */
export function apart({ detail, epoch: _epoch, ...numbers }: Evidence): { facts: Facts; names: Record<string, string> } {
  return { facts: numbers as Facts, names: detail === undefined ? {} : { detail: detail.slice(0, 1000) } };
}

/** Part of work that goes its way: nothing is wrong with it. */
const passing: ReadonlySet<ReasonCode> = new Set(['queued', 'still_being_written', 'live_photo_incomplete', 'companion_incomplete']);

/** Every reason that the status shows stands in exactly one check. */
export function checkOf(code: ReasonCode): CheckName {
  switch (code) {
    case 'sync_off':
    case 'paused_by_user':
    case 'signed_out':
    case 'session_revoked':
    case 'account_disabled':
    case 'wrong_account':
    case 'duplicate_device_identity':
    case 'source_missing':
    case 'source_access_revoked':
    case 'mass_deletion_guard':
      return 'settings';
    case 'offline':
    case 'captive_portal':
    case 'dns_failed':
    case 'server_unreachable':
    case 'tls_invalid':
    case 'proxy_interferes':
    case 'rate_limited':
    case 'server_maintenance':
    case 'mobile_data_off':
    case 'mobile_allowance_used':
    case 'low_data_mode':
    case 'metered_consent_needed':
    case 'waiting_for_wifi':
    case 'internal_error':
      return 'connection';
    case 'quota_full':
    case 'item_larger_than_plan':
    case 'server_disk_full':
      return 'storage_plan';
    case 'device_full':
      return 'device_storage';
    case 'client_too_old':
    case 'server_too_old':
    case 'replica_newer_than_program':
      return 'update';
    case 'not_charging':
    case 'low_power_mode':
    case 'battery_low':
    case 'too_hot':
    case 'outside_schedule':
      return 'power';
    case 'server_rolled_back':
      return 'epoch';
    default:
      return 'items';
  }
}

/** What the status tells that belongs to a check, with what waits for it. */
export function told(exam: Examination, check: CheckName, except: readonly ReasonCode[] = []): CheckResult[] {
  return exam.status.reasons
    .filter(({ code }) => checkOf(code) === check && !passing.has(code) && reasons[code].class !== 'excluded' && !except.includes(code))
    .map((reason) => foundAs(check, reason));
}

export function foundAs(check: CheckName, { code, since, items, bytes, evidence, nextAt }: StatusReason): CheckResult {
  const { facts, names } = apart(evidence);
  return found(check, code, { since, facts: { ...facts, ...(nextAt === null ? {} : { nextAt: Math.min(nextAt, Number.MAX_SAFE_INTEGER) }) }, names, items: { count: items, bytes } });
}

/**
 * What failed a while ago and would go well now waits for its next try, and for nothing else: trying
 * again at once is the fix, whatever mended it.
 */
export function overdue(result: CheckResult): CheckResult {
  if (result.verdict !== 'warn' && result.verdict !== 'fail') return result;
  return { ...result, verdict: 'warn', evidence: { facts: { ...result.evidence.facts, answersNow: true }, private: result.evidence.private }, fix: { kind: 'automatic', actions: ['retry'], steps: [] } };
}

/** All that is not saved yet: what waits where nothing moves at all. */
export function allThatWaits({ status: { items, bytes, downloads } }: Examination): CheckResult['items'] {
  return { count: items.waiting + items.uploading + items.failed + downloads.items, bytes: bytes.waiting + bytes.uploading + bytes.failed + downloads.bytes };
}

export function waitsFor(exam: Examination, code: ReasonCode): CheckResult['items'] {
  const reason = exam.status.reasons.find((each) => each.code === code);
  return reason === undefined ? allThatWaits(exam) : { count: reason.items, bytes: reason.bytes };
}

export function sinceOf(exam: Examination, code: ReasonCode): number {
  return exam.status.reasons.find((each) => each.code === code)?.since ?? exam.now;
}
