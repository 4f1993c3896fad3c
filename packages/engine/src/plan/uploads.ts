import type { Sha256 } from '@everroll/protocol';
import { readMeta } from '../database/meta.ts';
import { type Item, itemsWhere } from '../items/item.ts';
import { itemClass, mostBytes } from '../policy/classes.ts';
import type { Draft } from './draft.ts';
import { isUnconfirmed } from '../optimise/unconfirmed.ts';
import { limits } from './effect.ts';

/** Hashes in one question. */
const KNOWN_BATCH = 500;
/** Items looked at for the next uploads: more than run at once, as several may have the same bytes. */
const CANDIDATES = 64;

/** From the question which bytes the server has to the sending of those that it lacks. */
export function planUploads(draft: Draft): void {
  planQuestion(draft);
  // An addition waits for answers of the server: while its lane is shut, its own appointment comes to nothing.
  const commitAt = draft.nextOf('commit');
  draft.later(commitAt === null ? null : Math.max(commitAt, draft.heldUntil('server')));
  planSending(draft);
}

function planQuestion(draft: Draft): void {
  if (draft.room('known') > 0 && draft.mayBegin('metadata') && draft.gate(['server', 'known']) !== 'shut') {
    const hashes = draft.driver
      .prepare(`SELECT sha256 FROM item WHERE stage = 'ask' AND next_at <= ?1 UNION SELECT sha256 FROM item WHERE ${isUnconfirmed} AND next_at <= ?1 LIMIT ${KNOWN_BATCH}`)
      .all(draft.now)
      .map((row) => row['sha256'] as Sha256);
    if (hashes.length > 0) draft.add({ do: 'known', key: 'known:', hashes });
  }
  draft.later(draft.nextOf('ask'));
  draft.later(draft.nextOf('evicted'));
}

function planSending(draft: Draft): void {
  const { driver, now } = draft;
  for (const work of ['fresh', 'backlog'] as const) draft.mayBegin(work);
  const open = draft.gate(['server', 'upload']);
  draft.later(draft.nextOf('send'));
  if (open === 'shut') return;
  const planRoom = readMeta(driver, 'quotaRoom');
  const passing = `bytes <= ${mostBytes(itemClass, draft.limits)}`;
  const dueItems = (condition: string, order: string, limit: number): Item[] =>
    itemsWhere(driver, `stage = 'send' AND next_at <= ? AND ${passing} ${condition} ORDER BY ${order} LIMIT ${limit}`, now, now);
  // With the plan full, what fits goes on, and what is charged already; of the rest the smallest asks now and then.
  const fitting = dueItems(planRoom === null ? '' : `AND (bytes <= ${planRoom} OR code = 'bit_rot')`, 'asked DESC, next_at, id', CANDIDATES);
  const candidates = fitting.length > 0 || planRoom === null ? fitting : dueItems('', 'bytes', 1);
  for (const item of candidates) {
    if (draft.room('upload') <= (open === 'probe' ? limits.upload - 1 : 0)) return;
    if (item.sha256 !== null) draft.add({ do: 'upload', key: `upload:${item.sha256}`, item: { ...item, sha256: item.sha256 } });
  }
}
