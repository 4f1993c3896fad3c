import type { Driver } from '../ports/driver.ts';
import { shownAsset } from '../replica/entities.ts';
import { refreshNeed } from '../replica/originals.ts';
import { enqueue } from '../outbox/outbox.ts';
import type { Random } from '../ports/world.ts';
import { type Item, itemsWhere, readItem } from '../items/item.ts';
import { pictureStands } from '../items/moves.ts';
import { forget } from '../items/scan.ts';

/** PRODUCT section 3, `mass_deletion_guard`. */
const GUARD_ITEMS = 100;
const GUARD_SHARE = 0.05;
/** Below this many the share alone does not ask: deleting two photos of twenty is an ordinary act. */
const GUARD_SHARE_FROM = 10;
/** What goes little by little counts together: a slow deletion, or a disk that loses one file after another. */
const GUARD_MEMORY_MS = 60 * 60_000;
/** So many are looked at again before they are believed gone, in one effect. */
const BATCH = 500;

export type Removals =
  | { readonly kind: 'none' }
  /** So much vanished at once that a person is asked first. */
  | { readonly kind: 'ask'; readonly items: number; readonly of: number }
  | { readonly kind: 'confirm'; readonly items: readonly Item[] };

/**
 * Files of the library folder that a complete listing did not show. A person removed them, or they
 * were moved: that is known only when every new file of the folder has been read, so nothing is
 * decided before.
 */
export function decideRemovals(driver: Driver, sourceId: number, now: number): Removals {
  // `+`: by the stage, which few rows have, and not through all rows of the folder: this is asked at every step.
  if (driver.prepare("SELECT 1 AS found FROM item WHERE +source_id = ? AND stage = 'missing' LIMIT 1").get(sourceId) === undefined) return { kind: 'none' };
  const source = driver.prepare('SELECT removals_confirmed, code, scan_wanted, emptied, removed, removed_since FROM source WHERE id = ?').get(sourceId);
  const unread = driver.prepare("SELECT 1 AS found FROM item WHERE +source_id = ? AND stage IN ('settling', 'inspect') LIMIT 1").get(sourceId);
  if (unread || source?.['scan_wanted'] !== 0) return { kind: 'none' };
  const moved = itemsWhere(
    driver,
    "+source_id = ? AND stage = 'missing' AND EXISTS (SELECT 1 FROM item AS other WHERE other.sha256 = item.sha256 AND +other.source_id = item.source_id AND other.stage <> 'missing')",
    sourceId,
  );
  if (moved.length > 0) driver.transaction(() => moved.forEach((item) => forget(driver, item)));

  const count = (condition: string): number => Number(driver.prepare(`SELECT count(*) AS n FROM item WHERE source_id = ? AND sha256 IS NOT NULL ${condition}`).get(sourceId)?.['n'] ?? 0);
  // Where a part of the folder cannot be read, others may have gone from there with a file whose place was taken: the guard could not count them.
  const judged = source['code'] === 'unreadable' ? "stage = 'missing' AND instr(local_id, char(0)) = 0" : "stage = 'missing'";
  const missing = count(`AND ${judged}`);
  // Of the files that were there when these went: what came since says nothing about them.
  const all = missing + count("AND stage <> 'missing' AND id <= (SELECT listed_id FROM source WHERE id = source_id)");
  if (missing === 0) return { kind: 'none' };
  const lately = Math.abs(now - Number(source['removed_since'])) < GUARD_MEMORY_MS ? Number(source['removed']) : 0;
  const gone = missing + lately;
  const many = gone > GUARD_ITEMS || (gone >= GUARD_SHARE_FROM && gone > (all + lately) * GUARD_SHARE) || (missing > 1 && missing * 2 > all) || source['emptied'] === 1;
  if (many && source?.['removals_confirmed'] !== 1) return { kind: 'ask', items: missing, of: all };
  return { kind: 'confirm', items: itemsWhere(driver, `+source_id = ? AND ${judged} LIMIT ${BATCH}`, sourceId) };
}

/**
 * The file was looked for once more and is gone. Where it was its asset's primary file the asset moves
 * to Recently Deleted; a lone half of a Live Photo comes back, as nobody can delete half a photo.
 */
export function observeGone(driver: Driver, id: number, now: number, random: Random): void {
  const item = readItem(driver, id);
  if (item?.stage !== 'missing') return;
  const asset = item.assetId === null ? undefined : shownAsset(driver, item.assetId);
  if (asset?.state === 'live' && asset.primary === item.sha256) enqueue(driver, { op: 'asset.trash', assetIds: [asset.id] }, now, random);
  driver
    .prepare('UPDATE source SET removed = CASE WHEN abs(? - removed_since) < ? THEN removed + 1 ELSE 1 END, removed_since = CASE WHEN abs(? - removed_since) < ? THEN removed_since ELSE ? END WHERE id = ?')
    .run(now, GUARD_MEMORY_MS, now, GUARD_MEMORY_MS, now, item.sourceId);
  forget(driver, item);
}

/** The second look found it after all. */
export function observeStillThere(driver: Driver, id: number): void {
  driver.prepare(`UPDATE item SET stage = CASE preview WHEN 1 THEN ${pictureStands} ELSE 'ask' END, since = NULL, next_at = 0 WHERE id = ? AND stage = 'missing'`).run(id);
}

/** A person says that they did not delete these files: they are fetched again. */
export function restoreMissing(driver: Driver, sourceId: number): number {
  return driver.transaction(() => {
    const missing = itemsWhere(driver, "+source_id = ? AND stage = 'missing'", sourceId);
    for (const item of missing) {
      driver.prepare('DELETE FROM item WHERE id = ?').run(item.id);
      if (item.sha256 !== null) refreshNeed(driver, item.sha256);
    }
    return missing.length;
  });
}
