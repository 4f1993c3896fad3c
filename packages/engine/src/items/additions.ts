import { type AssetId, deriveAssetId, holds, type LibraryId, type Operation, partNameOf, type ReasonCode, RESOURCES_MAX, withParts } from '@everroll/protocol';
import { enqueueAnyway } from '../outbox/outbox.ts';
import type { Driver } from '../ports/driver.ts';
import type { Random } from '../ports/world.ts';
import { baseAsset, shownAsset } from '../replica/entities.ts';
import { assetWith, fieldsOf, partsFor, resourceOf } from './asset-of.ts';
import { companionshipOf, loneCompanionsOf, wakeCompanions } from './companions.ts';
import { excludeDeleted, isHeldByAnother, isPartOfDeleted, leaveDeleted } from './in-library.ts';
import { isKnown, type Item, itemsWhere, type KnownItem } from './item.ts';
import { livePhotoOf } from './live-photo.ts';
import { advanceItem, failItem, waitItem } from './moves.ts';
import type { PartOf } from './part-of.ts';

/** Items whose bytes the server holds become additions to the log; so many in one step that a first sync is quick. */
const BATCH = 200;
/** How often an item looks whether its asset's offer was answered, after a rollback. */
const OFFER_POLL_MS = 1000;

/** One transaction of the caller: turns items at `commit` into mutations, pairs of a Live Photo into one. */
export function addStoredItems(driver: Driver, library: LibraryId, now: number, settleMs: number, random: Random): number {
  const due = itemsWhere(driver, `stage = 'commit' AND next_at <= ? ORDER BY next_at, id LIMIT ${BATCH}`, now);
  for (const item of due) {
    // An earlier one of this batch may have taken it along.
    const stage = driver.prepare('SELECT stage FROM item WHERE id = ?').get(item.id)?.['stage'];
    if (stage === 'commit' && isKnown(item)) addItem(driver, item, library, now, settleMs, random);
  }
  return due.length;
}

function addItem(driver: Driver, item: KnownItem, library: LibraryId, now: number, settleMs: number, random: Random): void {
  const companionship = companionshipOf(driver, item, now, settleMs);
  if (companionship.kind === 'part') {
    addPart(driver, item, companionship.of, library, now, random);
    return;
  }
  const pairing = companionship.kind === 'wait' ? companionship : livePhotoOf(driver, item, now, settleMs);
  if (pairing.kind !== 'pair' && !item.again) {
    // A file that is part of an asset already (a Live Photo's video that was downloaded, say) is no photo of its own.
    if (isHeldByAnother(driver, item)) return;
    if (isPartOfDeleted(driver, item)) {
      excludeDeleted(driver, item, now);
      return;
    }
  }
  if (pairing.kind === 'wait') {
    if (companionship.kind === 'wait') waitItem(driver, item.id, 'commit', 'companion_incomplete', pairing.until, now, { detail: `The photo is called ${partNameOf(item.name).stem}.` });
    else waitItem(driver, item.id, 'commit', 'live_photo_incomplete', pairing.until, now);
    return;
  }
  const primary = pairing.kind === 'pair' ? pairing.still : item;
  const members = pairing.kind === 'pair' ? [pairing.still, pairing.video] : [item];
  const assetId = deriveAssetId(library, primary.sha256);
  const again = members.some((member) => member.again);
  if (waitsForOffer(driver, item, assetId, now)) return;
  for (const member of members) driver.prepare('UPDATE item SET asset_id = ? WHERE id = ?').run(assetId, member.id);
  const moving = members.filter((member) => member.stage === 'commit');

  const base = baseAsset(driver, assetId)?.asset;
  const resources = pairing.kind === 'pair' ? [resourceOf(pairing.still, pairing.still.kind), ...partsFor(driver, base, pairing.video, 'paired_video', library)] : [resourceOf(item, item.kind)];
  if (base !== undefined && base.state !== 'live' && base.joinedTo === undefined && !again) {
    for (const member of moving) leaveDeleted(driver, member, member === primary, base, now);
    return;
  }
  if (base?.state === 'live' && resources.every((resource) => base.resources.some((held) => held.sha256 === resource.sha256 && held.role === resource.role))) {
    for (const member of moving) advanceItem(driver, member.id, 'verified');
  } else {
    const operation: Operation = { op: 'asset.add', assetId, primary: primary.sha256, resources, fields: fieldsOf(primary, pairing.kind === 'pair' ? pairing.video : primary), again };
    commitTo(driver, moving, enqueueAnyway(driver, operation, now, random).number);
  }
  for (const member of members) {
    wakeCompanions(driver, member);
    foldInParts(driver, member, library, now, random);
  }
}

/** Adds a file to the asset of the photo that it is a part of (rule A7). */
function addPart(driver: Driver, item: KnownItem, of: PartOf<KnownItem>, library: LibraryId, now: number, random: Random): void {
  const { asset, assetId, primary } = assetWith(driver, of.primary, library);
  if (waitsForOffer(driver, item, assetId, now)) return;
  if (asset !== undefined && asset.state !== 'live' && !item.again) {
    leaveDeleted(driver, item, false, asset, now);
    return;
  }
  driver.prepare('UPDATE item SET asset_id = ? WHERE id = ?').run(assetId, item.id);
  if (asset?.state === 'live' && holds(asset, item)) {
    advanceItem(driver, item.id, 'verified');
  } else {
    const operation: Operation = { op: 'asset.add', assetId, primary: primary.sha256, resources: [primary, ...partsFor(driver, asset, item, of.role, library)], fields: fieldsOf(of.primary, of.primary), again: item.again };
    commitTo(driver, [item], enqueueAnyway(driver, operation, now, random).number);
  }
  wakeCompanions(driver, item);
  foldInParts(driver, of.primary, library, now, random);
}

/** The parts of an original that came late went up by themselves: their resources go to its asset, which ends theirs. */
function foldInParts(driver: Driver, original: KnownItem, library: LibraryId, now: number, random: Random): void {
  for (const { primary: part, role } of loneCompanionsOf(driver, original)) {
    const { assetId, primary } = assetWith(driver, original, library);
    const [lone, whole] = [shownAsset(driver, deriveAssetId(library, part.sha256)), shownAsset(driver, assetId)];
    if (lone?.state !== 'live' || whole?.state !== 'live' || lone.id === assetId) continue;
    const parts = partsFor(driver, whole, part, role, library);
    if (withParts(whole, parts).resources.length > RESOURCES_MAX) continue;
    enqueueAnyway(driver, { op: 'asset.add', assetId, primary: primary.sha256, resources: [primary, ...parts], fields: fieldsOf(original, original), again: false }, now, random);
  }
}

/**
 * What this device had seen before a rollback is offered with all that people made of it; adding it
 * first, as if it were new, would hide that (rule C4).
 */
function waitsForOffer(driver: Driver, item: KnownItem, assetId: AssetId, now: number): boolean {
  const found = driver.prepare('SELECT 1 AS found FROM offer WHERE key = ? AND attempts = 0').get(`asset:${assetId}`);
  if (found) waitItem(driver, item.id, 'commit', 'server_rolled_back', now + OFFER_POLL_MS, now);
  return found !== undefined;
}

/** The addition is in the outbox: what its answer says is about these files. */
function commitTo(driver: Driver, items: readonly KnownItem[], mutation: number): void {
  for (const item of items) {
    advanceItem(driver, item.id, 'committing');
    driver.prepare('UPDATE item SET mutation = ?, again = 0 WHERE id = ?').run(mutation, item.id);
  }
}

/** The log holds the asset, and the server the bytes: this is what `verified` means. */
export function additionApplied(driver: Driver, number: number): void {
  driver
    .prepare("UPDATE item SET stage = 'verified', mutation = NULL, code = NULL, evidence = NULL, since = NULL, attempts = 0, next_at = 0 WHERE mutation = ?")
    .run(number);
}

/** Refused so often, what was added together goes on by itself: then the answer is about one file. */
const PAIR_ATTEMPTS = 3;

function goAlone(driver: Driver, item: Item): void {
  driver.prepare("UPDATE item SET content_id = NULL, group_key = '' WHERE id = ?").run(item.id);
}

/** @returns whether the mutation was an addition, which is no act of a person: the items of its files now say why. */
export function additionRejected(driver: Driver, number: number, operation: Operation, code: ReasonCode, now: number, random: Random): boolean {
  const items = itemsWhere(driver, 'mutation = ?', number);
  const isPair = operation.op === 'asset.add' && operation.resources.length > 1;
  for (const item of items) {
    driver.prepare('UPDATE item SET mutation = NULL WHERE id = ?').run(item.id);
    if (code !== 'deleted_from_library') {
      // The server lost the bytes since it was asked, or they are half of a pair: ask, then send. What the
      // other half lacks may be nowhere any more.
      failItem(driver, item, 'ask', { code, evidence: {} }, now, random);
      if (isPair && item.attempts + 1 >= PAIR_ATTEMPTS) goAlone(driver, item);
    } else if (isKnown(item) && isHeldByAnother(driver, item)) {
      // Another device has made it part of an asset meanwhile.
    } else if (isPair) {
      // One of the two was deleted. Which one, the log says that is pulled before the next try.
      failItem(driver, item, 'ask', { code, evidence: {} }, now, random);
      if (item.attempts + 1 >= PAIR_ATTEMPTS) goAlone(driver, item);
    } else {
      excludeDeleted(driver, item, now);
    }
  }
  return operation.op === 'asset.add';
}
