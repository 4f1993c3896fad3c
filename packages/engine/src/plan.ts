import type { Sha256 } from '@everroll/protocol';
import { readMeta } from './database/meta.ts';
import { decideRemovals } from './folder/removals.ts';
import { dueWants, type Want } from './folder/wants.ts';
import { type Hold, type Lane, readHolds } from './holds/holds.ts';
import { type Item, itemsWhere } from './items/item.ts';
import { hasUnsent } from './outbox/outbox.ts';
import { permission } from './policy/policy.ts';
import type { Driver } from './ports/driver.ts';
import type { Conditions } from './ports/world.ts';
import { nextOfferAt } from './pull/offers.ts';

/** One step of work. `key` names it: an effect is not begun while another of its key runs. */
export type Effect =
  | { readonly do: 'scan'; readonly key: string; readonly sourceId: number }
  | { readonly do: 'stat'; readonly key: string; readonly item: Item }
  | { readonly do: 'inspect'; readonly key: string; readonly item: Item }
  | { readonly do: 'known'; readonly key: string; readonly hashes: readonly Sha256[] }
  | { readonly do: 'upload'; readonly key: string; readonly item: Item & { readonly sha256: Sha256 } }
  | { readonly do: 'push'; readonly key: string }
  | { readonly do: 'pull'; readonly key: string }
  | { readonly do: 'download'; readonly key: string; readonly want: Want; readonly sourceId: number }
  | { readonly do: 'confirm-gone'; readonly key: string; readonly sourceId: number; readonly items: readonly Item[] }
  | { readonly do: 'remove'; readonly key: string; readonly item: Item };

export interface Plan {
  /** False: nothing may run, and what runs is to stop. */
  readonly allowed: boolean;
  readonly effects: readonly Effect[];
  /** When there is something to do that is not due yet; null: nothing is left. */
  readonly nextAt: number | null;
}

/**
 * How many of a kind run at once. Uploads and downloads overlap their round trips; hashing takes a
 * core; of what moves the log there is only ever one, as its order matters.
 */
const limits: Record<Effect['do'], number> = { 'scan': 1, 'stat': 4, 'inspect': 2, 'known': 1, 'upload': 4, 'push': 1, 'pull': 1, 'download': 4, 'confirm-gone': 1, 'remove': 1 };

/** Hashes in one question. */
const KNOWN_BATCH = 500;
/** Items looked at for the next uploads: more than run at once, as several may have the same bytes. */
const CANDIDATES = 64;
export interface PlanInput {
  readonly driver: Driver;
  readonly now: number;
  readonly conditions: Conditions;
  /** Keys of the effects that run. */
  readonly running: ReadonlySet<string>;
  /** Someone said that the server has something new, or it was not asked since the start. */
  readonly pullWanted: boolean;
}

/** Derives from what is stored what to do next. It writes nothing; see `advance` for what needs no effect. */
export function plan(input: PlanInput): Plan {
  const { driver, now } = input;
  const effects: Effect[] = [];
  const times: number[] = [];
  const allowed = permission({ settings: readMeta(driver, 'settings'), identity: readMeta(driver, 'identity'), signedIn: readMeta(driver, 'signedIn'), conditions: input.conditions, now });
  if (allowed.may === 'not') return { allowed: false, effects, nextAt: allowed.until };

  const holds = new Map(readHolds(driver).map((held) => [held.lane, held]));
  const runningOf = (kind: Effect['do']): number => [...input.running].filter((key) => key.startsWith(`${kind}:`)).length;
  const begun = new Map<Effect['do'], number>();
  const room = (kind: Effect['do']): number => limits[kind] - runningOf(kind) - (begun.get(kind) ?? 0);
  const add = (effect: Effect): void => {
    if (input.running.has(effect.key) || effects.some((other) => other.key === effect.key)) return;
    begun.set(effect.do, (begun.get(effect.do) ?? 0) + 1);
    effects.push(effect);
  };
  const later = (at: number | null): void => {
    if (at !== null) times.push(at);
  };
  const callsRunning = [...input.running].some((key) => /^(known|upload|push|pull|download):/.test(key));
  /** Open: as many as the limits say. Probe: the hold is due, one effect may try. Shut: not now. */
  const gate = (lanes: readonly Lane[]): 'open' | 'probe' | 'shut' => {
    let result: 'open' | 'probe' | 'shut' = 'open';
    for (const lane of lanes) {
      const held: Hold | undefined = holds.get(lane);
      if (!held) continue;
      const probing = callsRunning || effects.some((effect) => /^(known|upload|push|pull|download)$/.test(effect.do));
      if (held.nextAt > now || probing) {
        later(held.nextAt > now ? held.nextAt : null);
        result = 'shut';
      } else if (result === 'open') {
        result = 'probe';
      }
    }
    return result;
  };

  const cursor = readMeta(driver, 'cursor');
  const rollback = readMeta(driver, 'rollback');

  // The log first: it is small, and what others changed decides what is still worth doing here.
  const pullDue = cursor.phase === 'snapshot' || input.pullWanted || readMeta(driver, 'head') > cursor.seq;
  if (pullDue && room('pull') > 0 && gate(['server', 'pull']) !== 'shut') add({ do: 'pull', key: 'pull:' });
  const pushDue = cursor.epoch !== null && (rollback !== null && !rollback.renumbered ? true : hasUnsent(driver));
  if (pushDue && room('push') > 0 && gate(['server', 'push']) !== 'shut') add({ do: 'push', key: 'push:' });
  later(nextOfferAt(driver, now));

  for (const row of driver.prepare('SELECT id, next_at FROM source WHERE scan_wanted = 1').all()) {
    if (Number(row['next_at']) > now) later(Number(row['next_at']));
    else if (room('scan') > 0 && runningOf('remove') === 0) add({ do: 'scan', key: `scan:${Number(row['id'])}`, sourceId: Number(row['id']) });
  }

  const due = (stage: 'settling' | 'inspect', kind: 'stat' | 'inspect'): void => {
    // As many more as may be running already, so that those do not fill the answer.
    for (const item of itemsWhere(driver, 'stage = ? AND next_at <= ? ORDER BY next_at, id LIMIT ?', stage, now, limits[kind] * 2)) {
      if (room(kind) > 0) add({ do: kind, key: `${kind}:${item.id}`, item });
    }
    later(nextOf(driver, stage, now));
  };
  due('settling', 'stat');
  due('inspect', 'inspect');

  if (room('known') > 0 && gate(['server', 'known']) !== 'shut') {
    const hashes = driver
      .prepare("SELECT DISTINCT sha256 FROM item WHERE stage = 'ask' AND next_at <= ? LIMIT ?")
      .all(now, KNOWN_BATCH)
      .map((row) => row['sha256'] as Sha256);
    if (hashes.length > 0) add({ do: 'known', key: 'known:', hashes });
  }
  later(nextOf(driver, 'ask', now));
  // An addition waits for answers of the server: while its lane is shut, its own appointment comes to nothing.
  const commitAt = nextOf(driver, 'commit', now);
  later(commitAt === null ? null : Math.max(commitAt, holds.get('server')?.nextAt ?? 0));

  planUploads(driver, now, gate(['server', 'upload']), room, add, later);

  const folder = driver.prepare("SELECT id, code FROM source WHERE kind = 'folder'").get();
  if (folder) {
    const sourceId = Number(folder['id']);
    const readable = folder['code'] === null || folder['code'] === 'mass_deletion_guard' || folder['code'] === 'unreadable';
    const scanned = driver.prepare('SELECT 1 AS found FROM source WHERE id = ? AND scan_wanted = 0').get(sourceId) !== undefined;
    // A listing under way may have seen a file that is removed now, and would show it as a new one.
    if (rollback === null && readable && scanned) {
      const removals = decideRemovals(driver, sourceId, now);
      if (removals.kind === 'confirm' && room('confirm-gone') > 0) add({ do: 'confirm-gone', key: `confirm-gone:${sourceId}`, sourceId, items: removals.items });
      for (const item of itemsWhere(driver, "stage = 'remove' AND source_id = ? AND next_at <= ? LIMIT 4", sourceId, now)) {
        if (room('remove') > 0) add({ do: 'remove', key: `remove:${item.id}`, item });
      }
      later(nextOf(driver, 'remove', now));
    }
    // New files of the folder are read first: what looks lacking may be there under another name.
    const unread = driver.prepare("SELECT 1 AS found FROM item WHERE source_id = ? AND stage IN ('settling', 'inspect') AND attempts = 0 LIMIT 1").get(sourceId);
    if (readable && scanned && !unread) {
      const open = gate(['server', 'download']);
      if (open !== 'shut') {
        for (const want of dueWants(driver, now, limits.download * 2)) {
          if (room('download') <= (open === 'probe' ? limits.download - 1 : 0)) break;
          add({ do: 'download', key: `download:${want.sha256}`, want, sourceId });
        }
      }
      const next = driver.prepare('SELECT min(next_at) AS at FROM original WHERE need = 1 AND next_at > ?').get(now)?.['at'];
      later(typeof next === 'number' ? next : null);
    }
  }
  return { allowed: true, effects, nextAt: times.length === 0 ? null : Math.min(...times) };
}

function planUploads(driver: Driver, now: number, open: 'open' | 'probe' | 'shut', room: (kind: Effect['do']) => number, add: (effect: Effect) => void, later: (at: number | null) => void): void {
  later(nextOf(driver, 'send', now));
  if (open === 'shut') return;
  const atOnce = open === 'probe' ? 1 : limits.upload;
  const planRoom = readMeta(driver, 'quotaRoom');
  const dueItems = (condition: string, order: string, limit: number): Item[] =>
    itemsWhere(driver, `stage = 'send' AND next_at <= ? ${condition} ORDER BY ${order} LIMIT ?`, now, limit);
  // With the plan full, what fits goes on; of the rest the smallest asks now and then.
  const fitting = dueItems(planRoom === null ? '' : `AND bytes <= ${planRoom}`, 'next_at, id', CANDIDATES);
  const candidates = fitting.length > 0 || planRoom === null ? fitting : dueItems('', 'bytes', 1);
  for (const item of candidates) {
    if (limits.upload - room('upload') >= atOnce) return;
    if (item.sha256 !== null) add({ do: 'upload', key: `upload:${item.sha256}`, item: { ...item, sha256: item.sha256 } });
  }
}

function nextOf(driver: Driver, stage: string, now: number): number | null {
  const at = driver.prepare('SELECT min(next_at) AS at FROM item WHERE stage = ? AND next_at > ?').get(stage, now)?.['at'];
  return typeof at === 'number' ? at : null;
}
