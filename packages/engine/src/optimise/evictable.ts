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
const may = `item.source_id = ? AND item.stage = 'verified' AND item.kind <> 'sidecar' AND item.kept_until <= ?
  AND EXISTS (SELECT 1 FROM original WHERE original.sha256 = item.sha256 AND original.asset_id = item.asset_id AND original.unpictured = 0)
  AND item.sha256 NOT IN (SELECT sha256 FROM item WHERE stage = 'remove' AND sha256 IS NOT NULL)`;

/** The least recently used first. A file that nobody asked for was used when it came. */
export function leastRecentlyUsed(driver: Driver, sourceId: number, now: number, limit: number): Evictable[] {
  return driver
    .prepare(`SELECT id, sha256, asset_id, bytes FROM item WHERE ${may} ORDER BY max(used_at, first_seen_at), id LIMIT ${limit}`)
    .all(sourceId, now)
    .map((row) => ({ itemId: Number(row['id']), sha256: row['sha256'] as Sha256, assetId: row['asset_id'] as AssetId, bytes: Number(row['bytes']) }));
}

/** Bytes of originals that a person asked for and that stay for a while: they give way by themselves, one that could not before does not. */
export function keptForNow(driver: Driver, now: number): number {
  return Number(driver.prepare("SELECT coalesce(sum(item.bytes), 0) AS bytes FROM item JOIN source ON source.id = source_id WHERE source.kind = 'folder' AND stage = 'verified' AND kept_until > ? AND item.attempts = 0").get(now)?.['bytes']);
}

/**
 * What could be evicted now, if it had to be. All rows in the order in which they lie: by an index, in
 * the order of their use, 100,000 of them take twenty times as long.
 */
export function evictableNow(driver: Driver, sourceId: number, now: number): { readonly items: number; readonly bytes: number } {
  const row = driver.prepare(`SELECT count(*) AS items, coalesce(sum(bytes), 0) AS bytes FROM item NOT INDEXED WHERE ${may}`).get(sourceId, now);
  return { items: Number(row?.['items'] ?? 0), bytes: Number(row?.['bytes'] ?? 0) };
}
