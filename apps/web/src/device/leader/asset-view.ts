import { type Asset, type AssetId, lookOf, shownKey, unadjustedFile } from '@everroll/protocol';
import { albumsWith } from '../catalogue/albums.ts';
import type { AssetView } from '../contract/assets.ts';
import type { Home } from './home.ts';

/** How long what was deleted stays in Recently Deleted (PRODUCT section 1, point 4). */
const KEPT_MS = 30 * 24 * 60 * 60_000;

export function assetView({ engine, ports: { driver } }: Home, id: AssetId): AssetView | null {
  const row = driver.prepare('SELECT seq, row FROM entity WHERE key = ?').get(`asset:${id}`);
  if (typeof row?.['row'] !== 'string') return null;
  const asset = JSON.parse(row['row']) as Asset;
  if (asset.state === 'purged') return null;
  const unadjusted = unadjustedFile(asset)?.sha256 ?? asset.primary;
  return {
    asset,
    shown: shownKey(asset),
    unadjusted,
    look: lookOf(asset),
    onServer: Number(row['seq']) > 0,
    pendingChanges: Number(driver.prepare('SELECT count(*) AS n FROM outbox_key WHERE key = ?').get(`asset:${id}`)?.['n'] ?? 0),
    albums: albumsWith(driver, id),
    where: engine.whereabouts(id),
    here: engine.why({ assetId: id }),
    purgedAt: asset.state === 'trashed' && asset.trashedAt !== null ? asset.trashedAt + KEPT_MS : null,
    burst: asset.details?.burstId === undefined ? [] : burstOf(driver, asset.details.burstId),
  };
}

function burstOf(driver: Home['ports']['driver'], burstId: string): AssetId[] {
  return driver
    .prepare("SELECT substr(key, 7) AS id FROM entity WHERE kind = 'asset' AND state = 'live' AND row ->> '$.details.burstId' = ? ORDER BY captured_at, key")
    .all(burstId)
    .map((row) => String(row['id']) as AssetId);
}
