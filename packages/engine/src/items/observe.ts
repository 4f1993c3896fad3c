import { deriveAssetId, type Evidence, type KnownResponse, type LibraryId, type Sha256 } from '@everroll/protocol';
import { readMeta, writeMeta } from '../database/meta.ts';
import type { Driver } from '../ports/driver.ts';
import type { Failure } from '../ports/failure.ts';
import type { Inspection, SourceEntry } from '../ports/source.ts';
import type { Random } from '../ports/world.ts';
import { refreshNeed } from '../replica/originals.ts';
import { type Asked, noteHeld } from '../replica/wanted.ts';
import { excludeDeleted } from './in-library.ts';
import { type Item, itemsWhere, readItem } from './item.ts';
import { wakeOtherHalf } from './live-photo.ts';
import { advanceItem, failItem, waitItem } from './moves.ts';
import { isPreview, observePreviewFound } from '../optimise/observe.ts';
import { askAboutEvicted, observeEvictedStanding } from '../optimise/unconfirmed.ts';
import { isBackInPlace, isSentAgain } from './send-again.ts';
import { changeItem, forget, sameFile, settle, vanish } from './scan.ts';

/** While the plan is full the smallest item asks again after this long; a change in the log asks at once. */
export const QUOTA_RETRY_MS = 60_000;

/** A second look at a file that was still being written. Within a transaction. */
export function observeStat(driver: Driver, id: number, entry: SourceEntry | undefined, now: number, settleMs: number): void {
  const item = readItem(driver, id);
  if (!item || item.stage !== 'settling') return;
  if (!entry) vanish(driver, item, now);
  else if (sameFile(item, entry)) settle(driver, id, entry, item.unchangedSince, now, settleMs);
  else changeItem(driver, item, entry, now, settleMs);
}

/** What reading a file told. Within a transaction. */
export function observeInspection(driver: Driver, id: number, inspection: Inspection, library: LibraryId, now: number, settleMs: number): void {
  const item = readItem(driver, id);
  if (!item || item.stage !== 'inspect') return;
  if (!sameFile(item, inspection.entry)) {
    changeItem(driver, item, inspection.entry, now, settleMs);
    return;
  }
  if (isPreview(inspection)) {
    observePreviewFound(driver, item, inspection, now);
    return;
  }
  driver
    .prepare(
      `UPDATE item SET sha256 = ?, kind = ?, media_type = ?, captured_at = ?, capture_offset = ?, latitude = ?, longitude = ?, altitude = ?, content_id = ?, asset_id = ?
       WHERE id = ?`,
    )
    .run(
      inspection.sha256,
      inspection.kind,
      inspection.mediaType,
      inspection.capture?.at ?? null,
      inspection.capture?.offsetMinutes ?? null,
      inspection.place?.latitude ?? null,
      inspection.place?.longitude ?? null,
      inspection.place?.altitude ?? null,
      inspection.contentIdentifier,
      deriveAssetId(library, inspection.sha256),
      id,
    );
  // The row of these bytes may have come from another device before they were read here.
  refreshNeed(driver, inspection.sha256);
  if (inspection.isMedia) advanceItem(driver, id, 'ask');
  else waitItem(driver, id, 'excluded', 'excluded_by_rule', 0, now);
}

export function observeItemFailure(driver: Driver, id: number, failure: Failure, now: number, settleMs: number, random: Random): void {
  driver.transaction(() => {
    const item = readItem(driver, id);
    if (!item) return;
    switch (failure.code) {
      case 'vanished':
        vanish(driver, item, now);
        break;
      case 'changed_during_upload':
        // It is another file now, or about to be: it settles first.
        driver.prepare('UPDATE item SET unchanged_since = ? WHERE id = ?').run(now, id);
        waitItem(driver, id, 'settling', 'changed_during_upload', now + settleMs, now, failure.evidence);
        break;
      case 'checksum_mismatch':
        // Read again: either the file changed without its time showing it, or the bytes were spoilt on the way.
        failItem(driver, item, 'inspect', failure, now, random);
        break;
      default:
        failItem(driver, item, item.stage, failure, now, random);
    }
  });
}

/** The server's answer for a batch of hashes: nothing that it holds is sent. */
export function observeKnown(driver: Driver, hashes: readonly Sha256[], response: KnownResponse, asked: Asked, now: number): void {
  driver.transaction(() => {
    for (const [index, sha256] of hashes.entries()) {
      const standing = response.standings[index];
      if (standing === 'stored') noteHeld(driver, sha256, asked);
      if (standing !== undefined) observeEvictedStanding(driver, sha256, standing, now);
      for (const item of itemsWith(driver, sha256, 'ask')) {
        if (standing === 'stored') stored(driver, item);
        else if (standing === 'deleted' && isSentAgain(item) && isBackInPlace(driver, item)) continue;
        else if (standing === 'deleted' && !item.again) excludeDeleted(driver, item, now);
        else if (isSentAgain(item)) waitItem(driver, item.id, 'send', 'bit_rot', 0, now);
        else advanceItem(driver, item.id, 'send');
      }
    }
  });
}

/** The server holds the bytes, verified: for every file of this device that has them. Within a transaction. */
export function observeStored(driver: Driver, sha256: Sha256, asked: Asked): void {
  noteHeld(driver, sha256, asked);
  askAboutEvicted(driver, sha256);
  driver.prepare('DELETE FROM upload WHERE sha256 = ?').run(sha256);
  for (const stage of ['ask', 'send'] as const) for (const item of itemsWith(driver, sha256, stage)) stored(driver, item);
}

function stored(driver: Driver, item: Item): void {
  if (isSentAgain(item) && isBackInPlace(driver, item)) return;
  advanceItem(driver, item.id, 'commit');
  wakeOtherHalf(driver, item.contentId);
}

export function observeUploadBegun(driver: Driver, sha256: Sha256, bytes: number, now: number): void {
  driver.prepare('INSERT OR IGNORE INTO upload (sha256, address, offset, bytes, begun_at) VALUES (?, NULL, 0, ?, ?)').run(sha256, bytes, now);
}

export function observeUploadOffset(driver: Driver, sha256: Sha256, address: string, offset: number): void {
  driver.prepare('UPDATE upload SET address = ?, offset = ? WHERE sha256 = ?').run(address, offset, sha256);
}

export function observeUploadGone(driver: Driver, sha256: Sha256): void {
  driver.transaction(() => {
    driver.prepare('DELETE FROM upload WHERE sha256 = ?').run(sha256);
    driver.prepare("UPDATE item SET stage = 'ask' WHERE sha256 = ? AND stage = 'send'").run(sha256);
  });
}

/**
 * The plan has no room for these bytes. Every file that is as large says so at once, with the bytes
 * that it lacks, rather than asking one by one; the smallest of them asks again at `nextAt`. (What the
 * server lost comes again at no charge.)
 * @param room bytes that the plan still has; below zero where it was made smaller than what is stored.
 */
export function observeQuotaFull(driver: Driver, room: number, nextAt: number, now: number): void {
  driver.transaction(() => {
    writeMeta(driver, 'quotaRoom', room);
    for (const row of driver.prepare("SELECT id, bytes FROM item WHERE stage = 'send' AND bytes > ? AND code IS NOT 'item_larger_than_plan' AND code IS NOT 'bit_rot'").all(room)) {
      waitItem(driver, Number(row['id']), 'send', 'quota_full', nextAt, now, { shortBytes: Number(row['bytes']) - room });
    }
  });
}

/** Room appeared: what waited for it is due. */
export function observeQuotaRoom(driver: Driver): void {
  if (readMeta(driver, 'quotaRoom') === null) return;
  driver.transaction(() => {
    writeMeta(driver, 'quotaRoom', null);
    driver.exec("UPDATE item SET next_at = 0, code = NULL, evidence = NULL, since = NULL WHERE stage = 'send' AND code = 'quota_full'");
  });
}

/** The file alone exceeds the plan: only a larger plan helps, so it is asked for seldom. */
export function observeTooLarge(driver: Driver, sha256: Sha256, evidence: Evidence, nextAt: number, now: number): void {
  driver.transaction(() => {
    for (const item of itemsWith(driver, sha256, 'send')) waitItem(driver, item.id, 'send', 'item_larger_than_plan', nextAt, now, { shortBytes: evidence.shortBytes ?? item.bytes });
  });
}

function itemsWith(driver: Driver, sha256: Sha256, stage: 'ask' | 'send'): Item[] {
  return itemsWhere(driver, `sha256 = ? AND stage = '${stage}'`, sha256);
}

/** So long a file that was to be removed waits for the listing that says what else is gone. */
const GONE_RETRY_MS = 60_000;

/**
 * What was to be removed is gone by itself. Whoever took it may have taken more: a listing looks, so
 * that the guard sees all of it together, and forgets this one.
 */
export function observeGoneBefore(driver: Driver, item: Item, now: number): void {
  driver.transaction(() => {
    driver.prepare("UPDATE item SET next_at = ? WHERE id = ? AND stage = 'remove'").run(now + GONE_RETRY_MS, item.id);
    driver.prepare('UPDATE source SET scan_wanted = 1, next_at = 0 WHERE id = ?').run(item.sourceId);
  });
}

/** Asked before it was to be removed, the server said that it lacks these bytes: they are sent first. */
export function observeLacking(driver: Driver, id: number): void {
  driver.prepare("UPDATE item SET stage = 'ask', had = 1, next_at = 0 WHERE id = ? AND stage = 'remove'").run(id);
}

/** The library folder no longer has the file, as its asset is no longer live. */
export function observeRemoved(driver: Driver, id: number): void {
  driver.transaction(() => {
    const item = readItem(driver, id);
    if (item?.stage === 'remove') forget(driver, item);
  });
}
