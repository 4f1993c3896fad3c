import { allWell, type CheckResult, found } from '@everroll/protocol';
import { BACKOFF_MAX_MS, PARKED_FOR } from '../../backoff.ts';
import { readMeta } from '../../database/meta.ts';
import { readHolds } from '../../holds/holds.ts';
import type { Examination } from '../examination.ts';
import { isWanted } from '../../replica/wanted.ts';
import { integrityOf } from '../integrity.ts';

/** Whether what can be done is being done: last progress, and a process that works. */
export async function checkRestart(exam: Examination): Promise<CheckResult[]> {
  const { driver } = exam.ports;
  const running = exam.probes.isRunning();
  const movable = canMove(exam);
  const { at } = readMeta(driver, 'progress');
  const facts = { running, lastProgressAt: at === 0 ? null : at, canMove: movable.count, neverScanned: unscanned(exam), database: integrityOf(driver, 'quick').state, oldestUploadMs: oldestUploadMs(exam) };
  if (running && at > 0 && movable.count > 0 && exam.now - at >= exam.stallMs) return [found('restart', 'stalled', { since: at, facts, items: movable, retest: ['restart', 'local_database', 'leases'] })];
  if (!running && (movable.count > 0 || unscanned(exam) > 0) && exam.policy.permission.may === 'run') return [found('restart', 'not_running', { since: at === 0 ? exam.now : at, facts, items: movable })];
  return [allWell('restart', facts)];
}

/** What nothing stands in the way of. */
export function canMove(exam: Pick<Examination, 'status' | 'policy' | 'ports'>): CheckResult['items'] {
  const { status, policy, ports } = exam;
  if (policy.permission.may !== 'run' || policy.limits.metadata.upTo === 0) return { count: 0, bytes: 0 };
  const holds = readHolds(ports.driver);
  if (holds.some(({ lane }) => lane === 'server')) return { count: 0, bytes: 0 };
  const queued = status.reasons.find(({ code }) => code === 'queued');
  // One change of metadata is work as well, though no byte of an original waits for it.
  const changes = holds.some(({ lane }) => lane === 'push') ? 0 : status.pendingChanges;
  const held = status.reasons.filter(({ scope, code }) => scope === 'device' && code !== 'queued').reduce((sum, { items }) => sum + items, 0);
  // What the server lost comes when another device sends it.
  const lost = Number(ports.driver.prepare(`SELECT count(DISTINCT sha256) AS n FROM original WHERE need = 1 AND ${isWanted}`).get()?.['n'] ?? 0);
  const downloads = holds.some(({ lane }) => lane === 'download') ? 0 : Math.max(0, status.downloads.items - held - lost);
  return {
    count: (queued?.items ?? 0) + status.items.uploading + changes + downloads,
    bytes: (queued?.bytes ?? 0) + status.bytes.uploading + (downloads > 0 ? status.downloads.bytes : 0),
  };
}

function unscanned({ ports: { driver } }: Examination): number {
  return Number(driver.prepare('SELECT count(*) AS n FROM source WHERE scanned_at IS NULL AND code IS NULL').get()?.['n'] ?? 0);
}

function oldestUploadMs({ ports: { driver }, now }: Examination): number | null {
  const begun = driver.prepare('SELECT min(begun_at) AS at FROM upload').get()?.['at'];
  return typeof begun === 'number' ? Math.max(0, now - begun) : null;
}

/** A day: an upload that no file wants any more is dropped by the server long before. */
const LEASE_MAX_MS = 24 * 60 * 60_000;
/** Of two clocks that are nearly the same. */
const SLACK_MS = 60_000;

/**
 * What was begun or put off and nobody takes up again: times to try again that lie further ahead
 * than any that is ever set, uploads that no file wants.
 */
export async function checkLeases(exam: Examination): Promise<CheckResult[]> {
  const { ports: { driver }, now } = exam;
  const count = (sql: string, ...parameters: number[]): number => Number(driver.prepare(sql).get(...parameters)?.['n'] ?? 0);
  const soon = now + BACKOFF_MAX_MS + SLACK_MS;
  const late = now + PARKED_FOR + SLACK_MS;
  const facts = {
    holdsTooFar: count('SELECT count(*) AS n FROM hold WHERE next_at > ?', soon),
    sourcesTooFar: count('SELECT count(*) AS n FROM source WHERE next_at > ?', soon),
    itemsTooFar: count('SELECT count(*) AS n FROM item WHERE next_at > ?', late),
    originalsTooFar: count('SELECT count(*) AS n FROM original WHERE need = 1 AND next_at > ?', late),
    uploadsUnwanted: count("SELECT count(*) AS n FROM upload WHERE begun_at < ? AND NOT EXISTS (SELECT 1 FROM item WHERE item.sha256 = upload.sha256 AND stage IN ('ask', 'send'))", now - LEASE_MAX_MS),
    uploadsBegun: count('SELECT count(*) AS n FROM upload'),
  };
  const stuck = facts.holdsTooFar + facts.sourcesTooFar + facts.itemsTooFar + facts.originalsTooFar + facts.uploadsUnwanted;
  return [stuck > 0 ? found('leases', 'lease_stuck', { since: now, facts, items: { count: facts.itemsTooFar + facts.originalsTooFar, bytes: 0 } }) : allWell('leases', facts)];
}
