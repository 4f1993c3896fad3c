import { holds } from '@everroll/protocol';
import type { Driver } from '../ports/driver.ts';
import { baseAsset, shownAsset } from '../replica/entities.ts';
import { refreshOriginals } from '../replica/originals.ts';
import { type Item, itemsWhere } from './item.ts';
import { advanceItem, waitItem } from './moves.ts';

/** Stages whose files the server has had, as far as this device knew; one that is to be removed is sent before it goes. */
const HAD = "stage IN ('commit', 'verified', 'remove') AND preview = 0";

/**
 * The server lost bytes that it had, and says so in the log: what this device has of them is asked for,
 * and sent again (rule S2). Derived from what is stored, so that it holds in whatever order the row, an
 * answer about the bytes and an addition came. In the caller's transaction: the one that stores the row,
 * so that nothing is called verified which the device has heard is lost.
 */
export function sendWantedAgain(driver: Driver, now: number): void {
  if (driver.prepare('SELECT 1 AS found FROM wanted WHERE sent = 0 LIMIT 1').get() === undefined) return;
  for (const item of itemsWhere(driver, `${HAD} AND sha256 IN (SELECT wanted.sha256 FROM wanted WHERE sent = 0)`)) waitItem(driver, item.id, 'ask', 'bit_rot', 0, now);
}

/** It is on its way to the server once more. */
export function isSentAgain(item: Pick<Item, 'code'>): boolean {
  return item.code === 'bit_rot';
}

/**
 * The server has the bytes of a file again. Its asset is in the log, so nothing is to be added: it is
 * verified, or goes on to what follows from its asset's state (a file of the library folder whose photo
 * was deleted is removed). False: nothing in the log has it, and it is added like any other.
 */
export function isBackInPlace(driver: Driver, item: Item): boolean {
  const base = item.assetId === null ? undefined : baseAsset(driver, item.assetId)?.asset;
  if (item.assetId === null || item.sha256 === null || !base) return false;
  if (base.state === 'purged' ? base.joinedTo !== undefined : !holds(base, { sha256: item.sha256 })) return false;
  advanceItem(driver, item.id, 'verified');
  refreshOriginals(driver, item.assetId, shownAsset(driver, item.assetId), base, base);
  return true;
}
