import type { ResourceStanding, Sha256 } from '@everroll/protocol';
import { PARKED_FOR } from '../backoff.ts';
import type { Driver } from '../ports/driver.ts';

/**
 * Originals that gave way on the server's word, where that word holds no more: this device cannot send
 * them again, so it says that they are in danger, and asks until the server has them, from a device that
 * holds them or from a backup. Their code stands in the picture's row: `server_rolled_back` until it was
 * asked once, `bit_rot` when it said that it lacks them.
 */

/** An SQL condition over `item`. */
export const isUnconfirmed = "stage = 'evicted' AND code IS NOT NULL";

/** The server went back to an older state: what it said before, it said of another one. */
export function doubtEvicted(driver: Driver, now: number): void {
  driver.prepare("UPDATE item SET code = 'server_rolled_back', since = ?, next_at = 0 WHERE stage = 'evicted' AND code IS NULL").run(now);
  driver.exec(`UPDATE item SET next_at = 0 WHERE ${isUnconfirmed}`);
}

/** The log says that the server lost them (rule S2). It says as well when they are back. */
export function noteEvictedLost(driver: Driver, now: number): void {
  driver
    .prepare("UPDATE item SET code = 'bit_rot', since = ?, next_at = ? WHERE stage = 'evicted' AND code IS NOT 'bit_rot' AND sha256 IN (SELECT wanted.sha256 FROM wanted WHERE sent = 0)")
    .run(now, now + PARKED_FOR);
}

/** Something was heard of these bytes: what the server lacked it may have now. */
export function askAboutEvicted(driver: Driver, sha256: string): void {
  driver.prepare(`UPDATE item SET next_at = 0 WHERE sha256 = ? AND ${isUnconfirmed}`).run(sha256);
}

/**
 * This device has no row of the photo any more, its own or the server's: it was not in the snapshot, or the server refused the
 * offer. That alone says nothing of who deleted it, so the server is asked about the original, also where it was before.
 */
export function doubtEvictedOf(driver: Driver, assetId: string, now: number): void {
  driver
    .prepare("UPDATE item SET since = CASE WHEN code IS NULL THEN ? ELSE since END, code = coalesce(code, 'server_rolled_back'), next_at = 0 WHERE asset_id = ? AND preview = 1 AND stage IN ('evicted', 'missing')")
    .run(now, assetId);
}

/** No photo that this device knows has these bytes. */
const isOfNoPhoto = "NOT EXISTS (SELECT 1 FROM original WHERE original.sha256 = item.sha256) AND NOT EXISTS (SELECT 1 FROM entity WHERE key = 'asset:' || item.asset_id)";

/**
 * What the server answered. Of what was deleted for ever the log says the rest, unless that was before the snapshot that this device
 * read: then there is nothing left to come, and the picture goes.
 */
export function observeEvictedStanding(driver: Driver, sha256: Sha256, standing: ResourceStanding, now: number): void {
  if (standing === 'deleted') driver.prepare(`UPDATE item SET stage = 'remove', code = NULL, evidence = NULL, since = NULL, next_at = 0 WHERE sha256 = ? AND ${isUnconfirmed} AND ${isOfNoPhoto}`).run(sha256);
  if (standing === 'missing') {
    driver
      .prepare(`UPDATE item SET since = CASE code WHEN 'bit_rot' THEN since ELSE ? END, code = 'bit_rot', next_at = ? WHERE sha256 = ? AND ${isUnconfirmed}`)
      .run(now, now + PARKED_FOR, sha256);
  } else driver.prepare(`UPDATE item SET code = NULL, evidence = NULL, since = NULL, next_at = 0 WHERE sha256 = ? AND ${isUnconfirmed}`).run(sha256);
}
