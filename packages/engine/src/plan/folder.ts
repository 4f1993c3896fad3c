import { readMeta } from '../database/meta.ts';
import { decideRemovals } from '../folder/removals.ts';
import { dueWants, hasUnread } from '../folder/wants.ts';
import { PREVIEW_MAX_BYTES } from '../effects/previews.ts';
import { type Item, itemsWhere } from '../items/item.ts';
import { evictableNow, leastRecentlyUsed } from '../optimise/evictable.ts';
import { pressureOf, type Storage, storageNow } from '../optimise/storage.ts';
import { isWanted } from '../replica/wanted.ts';
import type { Draft } from './draft.ts';
import { limits } from './effect.ts';

/** So many files are removed on one answer of the server. */
const REMOVE_BATCH = 50;

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
  if (hasUnread(driver, sourceId)) return;
  const storage = storageNow(driver, sourceId, draft.settings, draft.diskRoom);
  planDownloads(draft, sourceId, storage);
  planEvictions(draft, sourceId, storage);
  const next = driver.prepare(`SELECT min(next_at) AS at FROM original WHERE need = 1 AND NOT ${isWanted} AND next_at > ?`).get(now)?.['at'];
  draft.later(typeof next === 'number' ? next : null);
}

function planRemovals(draft: Draft, sourceId: number): void {
  const removals = decideRemovals(draft.driver, sourceId, draft.now);
  if (removals.kind === 'confirm' && draft.room('confirm-gone') > 0) draft.add({ do: 'confirm-gone', key: `confirm-gone:${sourceId}`, sourceId, items: removals.items });
  draft.later(draft.nextOf('remove'));
  if (draft.room('remove') === 0 || draft.runningOf('evict') > 0) return;
  const due = (preview: 0 | 1): Item[] => itemsWhere(draft.driver, `stage = 'remove' AND +source_id = ? AND next_at <= ? AND preview = ${preview} LIMIT ${REMOVE_BATCH}`, sourceId, draft.now);
  // A picture needs nobody's word; an original that of the server.
  const pictures = due(1);
  const items = pictures.length > 0 ? pictures : due(0);
  if (items.length === 0 || (pictures.length === 0 && !(draft.mayBegin('metadata') && draft.gate(['server', 'known']) !== 'shut'))) return;
  draft.add({ do: 'remove', key: `remove:${sourceId}`, items });
}

/** What there is room for comes as it is; with optimised storage a picture stands for each of the rest. */
function planDownloads(draft: Draft, sourceId: number, storage: Storage): void {
  const { driver } = draft;
  draft.mayBegin('backlog');
  const open = draft.gate(['server', 'download']);
  if (open === 'shut') return;
  const downloading = draft.keysOf('download');
  const busy = new Set([...downloading, ...draft.keysOf('preview')]);
  // One that has just arrived counts as held already.
  const begun = downloading.reduce((sum, sha256) => sum + Number(driver.prepare('SELECT bytes FROM original WHERE sha256 = ? AND need = 1').get(sha256)?.['bytes'] ?? 0), 0);
  const evictable = (): number => evictableNow(driver, sourceId, draft.now).bytes;
  let [diskLeft, limitLeft] = [storage.diskLeft - begun, storage.limitLeft - begun];
  for (const want of dueWants(driver, draft.now, draft.limits, limits.download * 2)) {
    if (busy.has(want.sha256)) continue;
    const isFull = draft.room('download') <= (open === 'probe' ? limits.download - 1 : 0);
    if (want.bytes <= diskLeft && (want.bytes <= limitLeft || want.asked || (want.isUnpictured && want.bytes <= limitLeft + evictable()))) {
      if (isFull) break;
      draft.add({ do: 'download', key: `download:${want.sha256}`, want, sourceId });
      diskLeft -= want.bytes;
      limitLeft -= want.bytes;
    } else if (storage.optimises && want.preview === null && !want.isUnpictured && open === 'open' && mayFetchPreviews(draft) && draft.room('preview') > 0) {
      draft.add({ do: 'preview', key: `preview:${want.sha256}`, want, sourceId });
    }
  }
}

/** Originals that are to give way to pictures: the least recently used first, and no more than has to. */
function planEvictions(draft: Draft, sourceId: number, storage: Storage): void {
  const { driver, now } = draft;
  const asked = readMeta(driver, 'toFree');
  if (!storage.optimises || readMeta(driver, 'cursor').phase !== 'log' || readMeta(driver, 'rollback') !== null) return;
  let toGo = Math.max(pressureOf(storage), asked);
  if (toGo === 0 || !mayFetchPreviews(draft) || draft.gate(['server']) !== 'open') return;
  // What is being taken away, or read, might be taken for something else.
  if (draft.runningOf('remove') + draft.runningOf('scan') > 0 || draft.effects.some((effect) => effect.do === 'remove' || effect.do === 'scan')) return;
  const running = new Set(draft.keysOf('evict'));
  const later = driver.prepare("SELECT min(kept_until) AS at FROM item WHERE source_id = ? AND stage = 'verified' AND kept_until > ?").get(sourceId, now)?.['at'];
  draft.later(typeof later === 'number' ? later : null);
  for (const evictable of leastRecentlyUsed(driver, sourceId, now, limits.evict * 2)) {
    if (toGo <= 0) break;
    toGo -= evictable.bytes;
    if (!running.has(String(evictable.itemId)) && draft.room('evict') > 0) draft.add({ do: 'evict', key: `evict:${evictable.itemId}`, evictable });
  }
}

/** They are no originals, but no smaller than some: they come when originals may. */
function mayFetchPreviews(draft: Draft): boolean {
  return draft.limits.backlog.upTo >= PREVIEW_MAX_BYTES;
}
