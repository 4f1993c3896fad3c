import type { Asset, Sha256 } from '@everroll/protocol';
import { askAboutEvicted } from '../optimise/unconfirmed.ts';
import type { Driver } from '../ports/driver.ts';
import { ofAsset } from './originals.ts';

/**
 * What the log says of originals that the server lost (rule S2): which of them a device that has the
 * bytes sends again, and which ones nobody can fetch meanwhile.
 */

/** Called with each row of the server's log, as it is stored; undefined: it has no such row any more. */
export function noteWanted(driver: Driver, assetId: string, asset: Asset | undefined, seq: number, now: number): void {
  const hashes = new Set(asset?.wanted);
  const known = driver.prepare('SELECT sha256 FROM wanted WHERE asset_id = ?').all(assetId);
  for (const row of known) {
    const sha256 = String(row['sha256']) as Sha256;
    if (hashes.has(sha256)) continue;
    driver.prepare('DELETE FROM wanted WHERE asset_id = ? AND sha256 = ?').run(assetId, sha256);
    // It is there again: whoever asked for it in vain before may ask at once.
    driver.prepare("UPDATE original SET code = NULL, evidence = NULL, since = NULL, attempts = 0, next_at = 0 WHERE sha256 = ? AND code = 'bit_rot'").run(sha256);
    askAboutEvicted(driver, sha256);
  }
  for (const sha256 of hashes) {
    // Another row than the one that was answered: the server may have lost it once more.
    driver
      .prepare('INSERT INTO wanted (asset_id, sha256, seq, since) VALUES (?, ?, ?, ?) ON CONFLICT (asset_id, sha256) DO UPDATE SET sent = CASE WHEN seq = excluded.seq THEN sent ELSE 0 END, seq = excluded.seq')
      .run(assetId, sha256, seq, now);
  }
  // A new row that asks for nothing of its own: what was not found before may have come with it, from another device.
  driver.prepare(`UPDATE original SET code = NULL, evidence = NULL, since = NULL, attempts = 0, next_at = 0 WHERE ${ofAsset()} AND code = 'not_found' AND NOT ${isWanted}`).run(assetId);
}

/** What the log said of some bytes when the server was asked for them or sent them. */
export type Asked = readonly { readonly assetId: string; readonly sha256: string; readonly seq: number }[];

export function wantedAmong(driver: Driver, hashes: readonly Sha256[]): Asked {
  return driver
    .prepare('SELECT asset_id, sha256, seq FROM wanted WHERE sha256 IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify(hashes))
    .map((row) => ({ assetId: String(row['asset_id']), sha256: String(row['sha256']), seq: Number(row['seq']) }));
}

/**
 * The server said that it holds these bytes. That counts against the rows that were here when it was
 * asked: one that came while the answer travelled may speak of a later loss.
 */
export function noteHeld(driver: Driver, sha256: Sha256, asked: Asked): void {
  for (const { assetId, seq } of asked.filter((row) => row.sha256 === sha256)) {
    driver.prepare('UPDATE wanted SET sent = 1 WHERE asset_id = ? AND sha256 = ? AND seq = ?').run(assetId, sha256, seq);
  }
}

/** The server went back to an older state: what it said of bytes holds no more. */
export function forgetHeld(driver: Driver): void {
  driver.prepare('UPDATE wanted SET sent = 0').run();
}

/** An SQL condition on a row that has `sha256`: the server asks for these bytes. */
export const isWanted = 'sha256 IN (SELECT wanted.sha256 FROM wanted)';
