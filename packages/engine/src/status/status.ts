import { type Account, type Evidence, type ReasonClass, type ReasonCode, reasons, type ReasonScope } from '@everroll/protocol';
import { type Lane, readHolds } from '../holds/holds.ts';
import { type Identity, readMeta, readSettings } from '../database/meta.ts';
import { itemState, type ItemState, type Stage } from '../items/stage.ts';
import type { WorkClass } from '../policy/policy.ts';
import { downloadsWithoutRoom, evictedOriginals } from './storage.ts';
import type { Room } from '../ports/source.ts';
import { beyondClass, heldBack, heldDownloads, verdict, type Verdict } from '../policy/waiting.ts';
import type { Driver } from '../ports/driver.ts';
import type { Conditions } from '../ports/conditions.ts';
import { lacking } from '../replica/originals.ts';
import { isWanted } from '../replica/wanted.ts';

/** A reason and all that waits for it. */
export interface StatusReason {
  readonly code: ReasonCode;
  readonly scope: ReasonScope;
  readonly class: ReasonClass;
  readonly items: number;
  readonly bytes: number;
  readonly since: number;
  readonly evidence: Evidence;
  /** When it is tried again by itself; null: when its cause goes. */
  readonly nextAt: number | null;
}

export interface Status {
  readonly account: Account | null;
  readonly server: string | null;
  readonly library: Identity['library'] | null;
  readonly device: Identity['device'] | null;
  /** `found` is the sum of the others. */
  readonly items: Readonly<Record<'found' | ItemState, number>>;
  readonly bytes: Readonly<Record<'found' | ItemState, number>>;
  /** Originals that are on this device and not verified on the server. */
  readonly atRisk: { readonly items: number; readonly bytes: number; readonly oldest: number | null };
  readonly reasons: readonly StatusReason[];
  /** Originals that the library folder lacks. */
  readonly downloads: { readonly items: number; readonly bytes: number };
  /** Originals that gave way to pictures in the library folder; the server holds them. Bytes of the originals. */
  readonly evicted: { readonly items: number; readonly bytes: number };
  /** Changes made here that the server has not answered. */
  readonly pendingChanges: number;
  readonly rejectedChanges: readonly { readonly code: ReasonCode; readonly operation: unknown; readonly at: number }[];
  readonly parkedEntries: number;
  readonly cursor: { readonly epoch: string; readonly seq: number } | null;
  readonly head: number;
}

/** Each original that the library folder lacks and that waits for a reason of its own: the server lost it, or it failed. */
const wantReasons = `
  SELECT 'bit_rot' AS code, sha256, max(bytes) AS bytes, (SELECT min(since) FROM wanted WHERE wanted.sha256 = original.sha256) AS since FROM original WHERE need = 1 AND ${isWanted} GROUP BY sha256
  UNION ALL SELECT code, sha256, bytes, since FROM original WHERE need = 1 AND code IS NOT NULL AND NOT ${isWanted}`;

interface Group {
  readonly stage: Stage;
  readonly code: ReasonCode | null;
  readonly uploading: boolean;
  readonly beyond: WorkClass | null;
  /** Of its own code: of one item of the group, as an example; what adds up is added up. */
  readonly evidence: Evidence;
  readonly items: number;
  readonly bytes: number;
  readonly since: number;
  readonly oldest: number;
  readonly nextAt: number;
}

/** @param diskRoom of the library folder's disk; null: it does not tell. */
export function status(driver: Driver, conditions: Conditions, now: number, diskRoom: Room | null): Status {
  const identity = readMeta(driver, 'identity');
  const policy = verdict(driver, conditions, now);
  const groups = itemGroups(driver, policy, now);
  const quotaRoom = readMeta(driver, 'quotaRoom');
  const blocking = deviceReasons(driver, policy, now);
  const items = { found: 0, verified: 0, waiting: 0, uploading: 0, failed: 0, excluded: 0 };
  const bytes = { ...items };
  const atRisk = { items: 0, bytes: 0, oldest: null as number | null };
  const byCode = new Map<ReasonCode, StatusReason>();
  for (const group of groups) {
    const state = itemState({ ...group, uploading: group.uploading && !isStopped(blocking) });
    items.found += group.items;
    bytes.found += group.bytes;
    items[state] += group.items;
    bytes[state] += group.bytes;
    if (state === 'verified') continue;
    if (state !== 'excluded' && group.stage !== 'vanished' && group.stage !== 'missing') {
      atRisk.items += group.items;
      atRisk.bytes += group.bytes;
      atRisk.oldest = Math.min(atRisk.oldest ?? group.oldest, group.oldest);
    }
    if (state === 'uploading') continue;
    const { code, evidence, until, since } = reasonOf(group, policy, blocking);
    addReason(byCode, { code, ...of(code), items: group.items, bytes: group.bytes, since: since ?? group.since, evidence: { ...group.evidence, ...evidence, ...(code === 'quota_full' && { shortBytes: Math.max(1, group.bytes - (quotaRoom ?? 0)) }) }, nextAt: group.nextAt > now ? group.nextAt : until });
  }
  for (const reason of blocking) addReason(byCode, reason);
  const wanted = driver.prepare(`SELECT count(*) AS items, coalesce(sum(bytes), 0) AS bytes FROM (SELECT DISTINCT sha256, bytes FROM ${lacking})`).get();
  for (const row of driver.prepare(`SELECT code, count(*) AS items, sum(bytes) AS bytes, min(since) AS since FROM (${wantReasons}) GROUP BY code`).all()) {
    const code = row['code'] as ReasonCode;
    addReason(byCode, { code, ...of(code), items: Number(row['items']), bytes: Number(row['bytes']), since: Number(row['since']), evidence: {}, nextAt: null });
  }
  if (policy.permission.may === 'run') {
    for (const { waiting, items: held, bytes: heldBytes } of heldDownloads(driver, policy)) {
      addReason(byCode, { code: waiting.code, ...of(waiting.code), items: held, bytes: heldBytes, since: now, evidence: waiting.evidence, nextAt: waiting.until });
    }
  }
  const noRoom = downloadsWithoutRoom(driver, readSettings(driver), diskRoom, now);
  if (noRoom !== null) addReason(byCode, { code: 'device_full', ...of('device_full'), ...noRoom, since: now, nextAt: null });
  const cursor = readMeta(driver, 'cursor');
  const count = (sql: string): number => Number(driver.prepare(sql).get()?.['n'] ?? 0);
  return {
    account: identity?.account ?? null,
    server: identity?.server ?? null,
    library: identity?.library ?? null,
    device: identity?.device ?? null,
    items,
    bytes,
    atRisk,
    reasons: [...byCode.values()],
    downloads: { items: Number(wanted?.['items'] ?? 0), bytes: Number(wanted?.['bytes'] ?? 0) },
    evicted: evictedOriginals(driver),
    pendingChanges: count('SELECT count(*) AS n FROM outbox WHERE seq IS NULL'),
    rejectedChanges: driver
      .prepare('SELECT operation, code, at FROM rejection ORDER BY number DESC LIMIT 20')
      .all()
      .map((row) => ({ code: row['code'] as ReasonCode, operation: JSON.parse(String(row['operation'])) as unknown, at: Number(row['at']) })),
    parkedEntries: count('SELECT count(*) AS n FROM parked_entry'),
    cursor: cursor.phase === 'log' ? { epoch: cursor.epoch, seq: cursor.seq } : null,
    head: readMeta(driver, 'head'),
  };
}

/** A reason as it holds for one item. `since` is null where the item's own waiting says it. */
export interface ItemReason {
  readonly code: ReasonCode;
  readonly evidence: Evidence;
  readonly until: number | null;
  readonly since: number | null;
}

/** Why an item that is not verified does not move: its own reason, else what stops the device, else policy, else its turn. */
export function reasonOf(item: { stage: Stage; code: ReasonCode | null; beyond: WorkClass | null }, policy: Verdict, blocking: readonly StatusReason[]): ItemReason {
  // That the server lost it is why it is sent at all; what stands in its way is another thing, and comes first.
  const own = item.code === 'bit_rot' ? null : item.code ?? (item.stage === 'missing' ? 'mass_deletion_guard' : null);
  const held = blocking.find((reason) => (own === null ? stopsItems(reason.code) : reason.code === own));
  if (own !== null) return { code: own, evidence: held?.evidence ?? {}, until: held?.nextAt ?? null, since: null };
  if (held) return { code: held.code, evidence: held.evidence, until: held.nextAt, since: held.since };
  const waiting = heldBack(policy, item.stage, item.beyond);
  return waiting === null ? { code: item.code ?? 'queued', evidence: {}, until: null, since: null } : { ...waiting, since: null };
}

/** Whether something stands in the way of all originals: what was begun waits as well. */
export const isStopped = (blocking: readonly StatusReason[]): boolean => blocking.some(({ code }) => stopsItems(code));

function stopsItems(code: ReasonCode): boolean {
  return code !== 'mass_deletion_guard' && code !== 'source_missing' && code !== 'source_access_revoked' && code !== 'unreadable' && code !== 'device_full' && reasons[code].class !== 'warning';
}

/** No photo waits for what devices tell each other. */
const stopsWork = (lane: Lane): boolean => lane !== 'report' && lane !== 'settings';

/** What concerns all of the device's work, the most basic first: policy, holds, sources, a rollback. */
export function deviceReasons(driver: Driver, { permission }: Verdict, now: number): StatusReason[] {
  const found: StatusReason[] = [];
  const add = (code: ReasonCode, since: number, evidence: Evidence, nextAt: number | null): void => {
    found.push({ code, ...of(code), items: 0, bytes: 0, since, evidence, nextAt });
  };
  if (permission.may === 'not') add(permission.code, now, {}, permission.until);
  for (const held of readHolds(driver)) if (stopsWork(held.lane)) add(held.code, held.since, held.evidence, held.nextAt);
  for (const row of driver.prepare('SELECT location, code, evidence, since, next_at FROM source WHERE code IS NOT NULL').all()) {
    const evidence = JSON.parse(String(row['evidence'] ?? '{}')) as Evidence;
    add(row['code'] as ReasonCode, Number(row['since']), { ...evidence, detail: `${String(row['location'])}${evidence.detail ? `: ${evidence.detail}` : ''}` }, Number(row['next_at']) || null);
  }
  if (readMeta(driver, 'rollback') !== null) add('server_rolled_back', now, {}, null);
  return found;
}

function of(code: ReasonCode): { scope: ReasonScope; class: ReasonClass } {
  return { scope: reasons[code].scope, class: reasons[code].class };
}

function addReason(byCode: Map<ReasonCode, StatusReason>, reason: StatusReason): void {
  const known = byCode.get(reason.code);
  byCode.set(
    reason.code,
    known
      ? { ...known, items: known.items + reason.items, bytes: known.bytes + reason.bytes, since: Math.min(known.since, reason.since), evidence: { ...reason.evidence, ...known.evidence }, nextAt: known.nextAt ?? reason.nextAt }
      : reason,
  );
}

function itemGroups(driver: Driver, policy: Verdict, now: number): Group[] {
  return driver
    .prepare(
      `SELECT stage, code, upload.sha256 IS NOT NULL AS uploading, ${beyondClass(policy)} AS beyond, count(*) AS items, sum(item.bytes) AS bytes,
         max(CASE WHEN code IS NOT NULL THEN evidence END) AS evidence, min(coalesce(since, first_seen_at)) AS since, min(first_seen_at) AS oldest, min(next_at) AS next_at
       FROM item LEFT JOIN upload ON upload.sha256 = item.sha256 AND item.stage = 'send' GROUP BY 1, 2, 3, 4`,
    )
    .all(now, now)
    .map((row) => ({
      stage: row['stage'] as Stage,
      code: row['code'] as ReasonCode | null,
      // One that was begun and may not go on waits.
      uploading: row['uploading'] === 1 && row['beyond'] === null,
      beyond: row['beyond'] as WorkClass | null,
      evidence: JSON.parse(String(row['evidence'] ?? '{}')) as Evidence,
      items: Number(row['items']),
      bytes: Number(row['bytes']),
      since: Number(row['since']),
      oldest: Number(row['oldest']),
      nextAt: Number(row['next_at']),
    }));
}
