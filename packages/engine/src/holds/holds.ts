import type { Evidence, ReasonCode } from '@everroll/protocol';
import { backoff, BACKOFF_MAX_MS } from '../backoff.ts';
import type { Driver } from '../ports/driver.ts';
import type { Failure } from '../ports/failure.ts';
import type { Random } from '../ports/world.ts';

/**
 * A hold stops a whole lane of work for one reason that concerns all of it, so that a thousand items
 * do not each find out that the server is away. `server`: every call; `upload`: sending originals;
 * `download`: writing them here; `pull`, `push`, `known`, `report` and `settings`: that one question, which the server
 * answers wrongly while it answers others. At `next_at` one effect of the lane is let through; its success
 * ends the hold, its failure lengthens it.
 */
export type Lane = 'server' | 'upload' | 'download' | 'pull' | 'push' | 'known' | 'report' | 'settings';

export interface Hold {
  readonly lane: Lane;
  readonly code: ReasonCode;
  readonly evidence: Evidence;
  readonly since: number;
  readonly attempts: number;
  readonly nextAt: number;
}

/** Which lane a failure stops; undefined: it concerns the one item or request alone. */
export function laneOf(code: ReasonCode): Lane | undefined {
  switch (code) {
    case 'offline':
    case 'captive_portal':
    case 'dns_failed':
    case 'server_unreachable':
    case 'tls_invalid':
    case 'rate_limited':
    case 'server_maintenance':
    case 'signed_out':
    case 'session_revoked':
    case 'account_disabled':
    case 'client_too_old':
    case 'server_too_old':
    case 'duplicate_device_identity':
    case 'proxy_interferes':
      return 'server';
    case 'server_disk_full':
      return 'upload';
    case 'device_full':
      return 'download';
    default:
      return undefined;
  }
}

/** A person must act first: trying more often than every five minutes helps nobody. */
const needsPerson = new Set<ReasonCode>(['session_revoked', 'signed_out', 'account_disabled', 'client_too_old', 'server_too_old', 'duplicate_device_identity', 'tls_invalid']);
const PERSON_DELAY = BACKOFF_MAX_MS;

export function readHolds(driver: Driver): Hold[] {
  return driver
    .prepare('SELECT * FROM hold')
    .all()
    .map((row) => ({
      lane: row['lane'] as Lane,
      code: row['code'] as ReasonCode,
      evidence: JSON.parse(String(row['evidence'])) as Evidence,
      since: Number(row['since']),
      attempts: Number(row['attempts']),
      nextAt: Number(row['next_at']),
    }));
}

export function hold(driver: Driver, lane: Lane, failure: Failure, now: number, random: Random): void {
  const earlier = readHolds(driver).find((held) => held.lane === lane);
  // Calls that were under way together fail together: that is one attempt.
  if (earlier?.code === failure.code && earlier.nextAt > now) return;
  const attempts = (earlier?.attempts ?? 0) + 1;
  const delay = failure.evidence.retryAfter !== undefined ? Math.min(failure.evidence.retryAfter * 1000, PERSON_DELAY) : needsPerson.has(failure.code) ? PERSON_DELAY : backoff(attempts, random);
  const since = earlier?.code === failure.code ? earlier.since : now;
  driver
    .prepare('INSERT INTO hold (lane, code, evidence, since, attempts, next_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (lane) DO UPDATE SET code = excluded.code, evidence = excluded.evidence, since = excluded.since, attempts = excluded.attempts, next_at = excluded.next_at')
    .run(lane, failure.code, JSON.stringify(failure.evidence), since, attempts, now + delay);
}

export function release(driver: Driver, lane: Lane): void {
  driver.prepare('DELETE FROM hold WHERE lane = ?').run(lane);
}

/** A person asks, or the network changed: every hold may be tried at once. */
export function tryHoldsNow(driver: Driver, now: number): void {
  driver.prepare('UPDATE hold SET next_at = ?, attempts = 0').run(now);
}

/** The server itself has said something: what waits for it is tried at once. */
export function tryServerNow(driver: Driver, now: number): void {
  driver.prepare("UPDATE hold SET next_at = ?1 WHERE lane = 'server' AND next_at > ?1").run(now);
}
