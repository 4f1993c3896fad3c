import { readMeta } from '../database/meta.ts';
import { decideRemovals } from '../folder/removals.ts';
import { dueWants } from '../folder/wants.ts';
import { itemsWhere } from '../items/item.ts';
import type { Draft } from './draft.ts';
import { limits } from './effect.ts';

/** The two-way library folder: what left it, what is to leave it, what it lacks. */
export function planFolder(draft: Draft): void {
  const { driver, now } = draft;
  const folder = driver.prepare("SELECT id, code FROM source WHERE kind = 'folder'").get();
  if (!folder) return;
  const sourceId = Number(folder['id']);
  const readable = folder['code'] === null || folder['code'] === 'mass_deletion_guard' || folder['code'] === 'unreadable';
  const scanned = driver.prepare('SELECT 1 AS found FROM source WHERE id = ? AND scan_wanted = 0').get(sourceId) !== undefined;
  // A listing under way may have seen a file that is removed now, and would show it as a new one.
  if (!readable || !scanned) return;
  if (readMeta(driver, 'rollback') === null) planRemovals(draft, sourceId);

  // New files of the folder are read first: what looks lacking may be there under another name.
  const unread = driver.prepare("SELECT 1 AS found FROM item WHERE source_id = ? AND stage IN ('settling', 'inspect') AND attempts = 0 LIMIT 1").get(sourceId);
  if (unread) return;
  planDownloads(draft, sourceId);
  const next = driver.prepare('SELECT min(next_at) AS at FROM original WHERE need = 1 AND next_at > ?').get(now)?.['at'];
  draft.later(typeof next === 'number' ? next : null);
}

function planRemovals(draft: Draft, sourceId: number): void {
  const removals = decideRemovals(draft.driver, sourceId, draft.now);
  if (removals.kind === 'confirm' && draft.room('confirm-gone') > 0) draft.add({ do: 'confirm-gone', key: `confirm-gone:${sourceId}`, sourceId, items: removals.items });
  for (const item of itemsWhere(draft.driver, "stage = 'remove' AND source_id = ? AND next_at <= ? LIMIT 4", sourceId, draft.now)) {
    if (draft.room('remove') > 0) draft.add({ do: 'remove', key: `remove:${item.id}`, item });
  }
  draft.later(draft.nextOf('remove'));
}

function planDownloads(draft: Draft, sourceId: number): void {
  draft.mayBegin('backlog');
  const open = draft.gate(['server', 'download']);
  if (open === 'shut') return;
  for (const want of dueWants(draft.driver, draft.now, draft.limits, limits.download * 2)) {
    if (draft.room('download') <= (open === 'probe' ? limits.download - 1 : 0)) break;
    draft.add({ do: 'download', key: `download:${want.sha256}`, want, sourceId });
  }
}
