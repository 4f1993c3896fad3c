import { type AssetFields, deriveAssetId, type LibraryId, type Operation, type ReasonCode, type Resource, type ResourceRole } from '@everroll/protocol';
import { enqueue, enqueueAnyway } from '../outbox/outbox.ts';
import type { Driver } from '../ports/driver.ts';
import type { Random } from '../ports/world.ts';
import { baseAsset, shownAsset } from '../replica/entities.ts';
import { isKnown, itemsWhere, type KnownItem } from './item.ts';
import { livePhotoOf } from './live-photo.ts';
import { advanceItem, failItem, waitItem } from './moves.ts';

/** Items whose bytes the server holds become additions to the log; so many in one step that a first sync is quick. */
const BATCH = 200;
/** How often an item looks whether its asset's offer was answered, after a rollback. */
const OFFER_POLL_MS = 1000;

/** One transaction of the caller: turns items at `commit` into mutations, pairs of a Live Photo into one. */
export function addStoredItems(driver: Driver, library: LibraryId, now: number, settleMs: number, random: Random): number {
  const due = itemsWhere(driver, "stage = 'commit' AND next_at <= ? ORDER BY next_at, id LIMIT ?", now, BATCH);
  for (const item of due) {
    // An earlier one of this batch may have taken it along.
    const stage = driver.prepare('SELECT stage FROM item WHERE id = ?').get(item.id)?.['stage'];
    if (stage === 'commit' && isKnown(item)) addItem(driver, item, library, now, settleMs, random);
  }
  return due.length;
}

function addItem(driver: Driver, item: KnownItem, library: LibraryId, now: number, settleMs: number, random: Random): void {
  const pairing = livePhotoOf(driver, item, now, settleMs);
  if (pairing.kind === 'wait') {
    waitItem(driver, item.id, 'commit', 'live_photo_incomplete', pairing.until, now);
    return;
  }
  if (pairing.kind === 'alone' && !item.again) {
    // A file that is part of an asset already (a Live Photo's video that was downloaded, say) is no photo of its own.
    if (isHeldByAnother(driver, item)) return;
    if (isPartOfDeleted(driver, item)) {
      excludeDeleted(driver, item.id, now);
      return;
    }
  }
  const primary = pairing.kind === 'pair' ? pairing.still : item;
  const members = pairing.kind === 'pair' ? [pairing.still, pairing.video] : [item];
  const assetId = deriveAssetId(library, primary.sha256);
  const again = members.some((member) => member.again);

  // What this device had seen before a rollback is offered with all that people made of it; adding
  // it first, as if it were new, would hide that (rule C4).
  if (driver.prepare('SELECT 1 AS found FROM offer WHERE key = ? AND attempts = 0').get(`asset:${assetId}`)) {
    waitItem(driver, item.id, 'commit', 'server_rolled_back', now + OFFER_POLL_MS, now);
    return;
  }
  for (const member of members) driver.prepare('UPDATE item SET asset_id = ? WHERE id = ?').run(assetId, member.id);
  const moving = members.filter((member) => member.stage === 'commit');

  const base = baseAsset(driver, assetId)?.asset;
  const resources = members.map((member): Resource => ({
    role: roleOf(member, pairing.kind === 'pair'),
    sha256: member.sha256,
    bytes: member.bytes,
    name: member.name,
    mediaType: member.mediaType,
  }));
  if (base !== undefined && base.state !== 'live' && !again) {
    for (const member of moving) {
      if (isHeldByAnother(driver, member)) continue;
      if (member === primary || base.resources.some((resource) => resource.sha256 === member.sha256)) excludeDeleted(driver, member.id, now);
      // Another file with the identifier of what was deleted (a copy that was trimmed) is a photo of its own.
      else driver.prepare('UPDATE item SET content_id = NULL, next_at = 0 WHERE id = ?').run(member.id);
    }
    return;
  }
  if (base?.state === 'live' && resources.every((resource) => base.resources.some((held) => held.sha256 === resource.sha256 && held.role === resource.role))) {
    for (const member of moving) advanceItem(driver, member.id, 'verified');
    return;
  }
  const operation: Operation = { op: 'asset.add', assetId, primary: primary.sha256, resources, fields: fieldsOf(primary, pairing.kind === 'pair' ? pairing.video : primary), again };
  const { number } = enqueueAnyway(driver, operation, now, random);
  for (const member of moving) {
    advanceItem(driver, member.id, 'committing');
    driver.prepare('UPDATE item SET mutation = ?, again = 0 WHERE id = ?').run(number, member.id);
  }
  if (pairing.kind === 'pair') foldInLoneVideo(driver, pairing.video, library, now, random);
}

/** The bytes are those of another asset that is live (a Live Photo's video, say): they are saved, and nobody deleted them. */
function isHeldByAnother(driver: Driver, item: KnownItem): boolean {
  const holder = driver
    .prepare('SELECT asset_id FROM original WHERE sha256 = ?')
    .all(item.sha256)
    .map((row) => String(row['asset_id']))
    .find((assetId) => baseAsset(driver, assetId)?.asset.resources.some((resource) => resource.sha256 === item.sha256));
  if (holder === undefined) return false;
  driver.prepare('UPDATE item SET asset_id = ? WHERE id = ?').run(holder, item.id);
  advanceItem(driver, item.id, 'verified');
  return true;
}

/**
 * Half of a Live Photo that lies in Recently Deleted went there with the other half, which this
 * device may not have. (A file without an identifier is the first file of its asset or of none.)
 */
function isPartOfDeleted(driver: Driver, item: KnownItem): boolean {
  if (item.contentId === null) return false;
  const deleted = driver.prepare("SELECT key FROM entity WHERE kind = 'asset' AND state = 'trashed' AND row LIKE ?").get(`%${item.sha256}%`)?.['key'];
  if (typeof deleted !== 'string') return false;
  driver.prepare('UPDATE item SET asset_id = ? WHERE id = ?').run(deleted.slice('asset:'.length), item.id);
  return true;
}

/**
 * The video went up by itself because its still came late. Now that both are one Live Photo, the
 * video alone goes to Recently Deleted: its bytes stay, as they are the Live Photo's.
 */
function foldInLoneVideo(driver: Driver, video: KnownItem, library: LibraryId, now: number, random: Random): void {
  const lone = shownAsset(driver, deriveAssetId(library, video.sha256));
  if (lone?.state === 'live' && lone.mediaKind === 'video') enqueue(driver, { op: 'asset.trash', assetIds: [lone.id] }, now, random);
}

function roleOf(item: KnownItem, paired: boolean): ResourceRole {
  return item.kind === 'video' && paired ? 'paired_video' : item.kind;
}

/**
 * Where a file does not say when it was taken, the time of the file is the best that is known. The
 * stills of phones before iOS 13 have no offset while their videos do: then the video's time holds.
 */
function fieldsOf(item: KnownItem, half: KnownItem): AssetFields {
  const timed = item.captureOffset === null && half.captureOffset !== null && half.capturedAt !== null ? half : item;
  return {
    favourite: false,
    hidden: false,
    archived: false,
    caption: null,
    capture: { at: timed.capturedAt ?? Math.round(item.modifiedAt), offsetMinutes: timed.capturedAt === null ? null : timed.captureOffset },
    place: item.latitude === null || item.longitude === null ? null : { latitude: item.latitude, longitude: item.longitude, altitude: item.altitude },
  };
}

export function excludeDeleted(driver: Driver, id: number, now: number): void {
  waitItem(driver, id, 'excluded', 'deleted_from_library', 0, now);
}

/** The log holds the asset, and the server the bytes: this is what `verified` means. */
export function additionApplied(driver: Driver, number: number): void {
  driver
    .prepare("UPDATE item SET stage = 'verified', mutation = NULL, code = NULL, evidence = NULL, since = NULL, attempts = 0, next_at = 0 WHERE mutation = ?")
    .run(number);
}

/** Refused so often, the halves of a Live Photo go on by themselves: then the answer is about one file. */
const PAIR_ATTEMPTS = 3;

/** @returns whether the mutation was an addition of this device's files, whose items now say why. */
export function additionRejected(driver: Driver, number: number, operation: Operation, code: ReasonCode, now: number, random: Random): boolean {
  const items = itemsWhere(driver, 'mutation = ?', number);
  const isPair = operation.op === 'asset.add' && operation.resources.length > 1;
  for (const item of items) {
    driver.prepare('UPDATE item SET mutation = NULL WHERE id = ?').run(item.id);
    if (code !== 'deleted_from_library') {
      // The server lost the bytes since it was asked, or they are half of a pair: ask, then send.
      failItem(driver, item, 'ask', { code, evidence: {} }, now, random);
    } else if (isKnown(item) && isHeldByAnother(driver, item)) {
      // Another device has made it part of an asset meanwhile.
    } else if (isPair) {
      // One of the two was deleted. Which one, the log says that is pulled before the next try.
      failItem(driver, item, 'ask', { code, evidence: {} }, now, random);
      if (item.attempts + 1 >= PAIR_ATTEMPTS) driver.prepare('UPDATE item SET content_id = NULL WHERE id = ?').run(item.id);
    } else {
      excludeDeleted(driver, item.id, now);
    }
  }
  return items.length > 0;
}
