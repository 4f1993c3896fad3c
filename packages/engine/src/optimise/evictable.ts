import type { AssetId, Sha256 } from '@everroll/protocol';
import type { Driver } from '../ports/driver.ts';

/** An original of the library folder that may give way to a picture. */
export interface Evictable {
  readonly itemId: number;
  readonly sha256: Sha256;
  readonly assetId: AssetId;
  readonly bytes: number;
}

/**
 * Saved, its photo in the library, so that it can be fetched again, and a picture can stand for it: a
 * sidecar has none. A copy that is being taken away anyway is no part of it.
 */
const may = `FROM item JOIN original ON original.sha256 = item.sha256 AND original.asset_id = item.asset_id
  WHERE item.source_id = ? AND item.stage = 'verified' AND item.kind <> 'sidecar' AND original.unpictured = 0 AND item.kept_until <= ?
    AND NOT EXISTS (SELECT 1 FROM item AS leaving WHERE leaving.sha256 = item.sha256 AND leaving.stage = 'remove')`;

/** The least recently used first. A file that nobody asked for was used when it came. */
export function leastRecentlyUsed(driver: Driver, sourceId: number, now: number, limit: number): Evictable[] {
  return driver
    .prepare(`SELECT item.id, item.sha256, item.asset_id, item.bytes ${may} ORDER BY max(item.used_at, item.first_seen_at), item.id LIMIT ?`)
    .all(sourceId, now, limit)
    .map((row) => ({ itemId: Number(row['id']), sha256: row['sha256'] as Sha256, assetId: row['asset_id'] as AssetId, bytes: Number(row['bytes']) }));
}

/** What could be evicted now, if it had to be. */
export function evictableNow(driver: Driver, sourceId: number, now: number): { readonly items: number; readonly bytes: number } {
  const row = driver.prepare(`SELECT count(DISTINCT item.id) AS items, coalesce(sum(item.bytes), 0) AS bytes ${may}`).get(sourceId, now);
  return { items: Number(row?.['items'] ?? 0), bytes: Number(row?.['bytes'] ?? 0) };
}
