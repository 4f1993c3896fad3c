import { type Asset, holds } from '@everroll/protocol';
import type { Driver } from '../ports/driver.ts';
import { baseAsset } from '../replica/entities.ts';
import { detach } from './companions.ts';
import type { Item, KnownItem } from './item.ts';
import { advanceItem, waitItem } from './moves.ts';
import { mayBePart } from './part-of.ts';
import { isBackInPlace } from './send-again.ts';

/** The bytes are those of another asset that is live (a Live Photo's video, say): they are saved, and nobody deleted them. */
export function isHeldByAnother(driver: Driver, item: KnownItem): boolean {
  const holder = driver
    .prepare('SELECT asset_id FROM original WHERE sha256 = ?')
    .all(item.sha256)
    .map((row) => String(row['asset_id']))
    .find((assetId) => {
      const base = baseAsset(driver, assetId)?.asset;
      return base?.state === 'live' && base.resources.some((resource) => resource.sha256 === item.sha256);
    });
  if (holder === undefined) return false;
  driver.prepare('UPDATE item SET asset_id = ? WHERE id = ?').run(holder, item.id);
  advanceItem(driver, item.id, 'verified');
  return true;
}

/**
 * Half of a Live Photo that lies in Recently Deleted went there with the other half, and any part with
 * its photo, which this device may not have. (Another file is the first file of its asset or of none.)
 */
export function isPartOfDeleted(driver: Driver, item: KnownItem): boolean {
  if (item.contentId === null && !mayBePart(item)) return false;
  const deleted = driver.prepare("SELECT key FROM entity WHERE kind = 'asset' AND state = 'trashed' AND row LIKE ?").get(`%${item.sha256}%`)?.['key'];
  if (typeof deleted !== 'string') return false;
  driver.prepare('UPDATE item SET asset_id = ? WHERE id = ?').run(deleted.slice('asset:'.length), item.id);
  return true;
}

/** The asset that a file belongs to was deleted: with the file, or the file is another one and goes by itself. */
export function leaveDeleted(driver: Driver, item: KnownItem, isPrimary: boolean, deleted: Asset, now: number): void {
  if (isHeldByAnother(driver, item)) return;
  if (isPrimary || holds(deleted, item)) excludeDeleted(driver, item, now);
  // Another file with the identifier or the name of what was deleted (a copy that was trimmed) is a photo of its own.
  else detach(driver, item);
}

/** The photo was deleted. A file that the library had goes the way of such files: out of the library folder. */
export function excludeDeleted(driver: Driver, item: Item, now: number): void {
  if (item.had && isBackInPlace(driver, item)) return;
  waitItem(driver, item.id, 'excluded', 'deleted_from_library', 0, now);
}
