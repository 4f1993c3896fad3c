import type { AssetId, Sha256 } from '@everroll/protocol';
import { backoff } from '../backoff.ts';
import { kindOf, type Want } from '../folder/wants.ts';
import { readMeta, readSettings, writeMeta } from '../database/meta.ts';
import { groupKeyOf } from '../items/companions.ts';
import { type Item, readItem } from '../items/item.ts';
import { waitItem } from '../items/moves.ts';
import { giveWay, isKept } from '../items/scan.ts';
import type { Driver } from '../ports/driver.ts';
import type { Failure } from '../ports/failure.ts';
import type { Random } from '../ports/world.ts';
import type { Inspection, SourceEntry } from '../ports/source.ts';
import { shownAsset } from '../replica/entities.ts';
import { refreshAllNeeds, refreshNeed } from '../replica/originals.ts';
import { leastRecentlyUsed } from './evictable.ts';
import { storageSettingsOf } from './storage.ts';

/** An original that could not be evicted is left alone for so long; others go instead of it. */
export const EVICT_RETRY_MS = 60 * 60_000;

/** What the library folder is to hold was changed: what it lacks is worked out anew, and tried at once. */
export function applyStorageSettings(driver: Driver): void {
  const wanted = storageSettingsOf(readSettings(driver));
  if (JSON.stringify(readMeta(driver, 'storageInForce')) === JSON.stringify(wanted)) return;
  driver.transaction(() => {
    writeMeta(driver, 'storageInForce', wanted);
    refreshAllNeeds(driver);
    driver.exec('UPDATE original SET unpictured = 0 WHERE unpictured = 1');
    driver.exec("UPDATE original SET next_at = 0, code = NULL, evidence = NULL, since = NULL WHERE need = 1 OR code = 'device_full'");
  });
}

/** The original gave way to a picture. */
export function observeEvicted(driver: Driver, id: number, preview: SourceEntry): void {
  driver.transaction(() => {
    const item = readItem(driver, id);
    if (!item) return;
    // A listing that a crash cut off may have seen the picture as a file of its own.
    driver.prepare('DELETE FROM item WHERE source_id = ? AND local_id = ? AND id <> ?').run(item.sourceId, preview.localId, id);
    driver
      .prepare("UPDATE item SET stage = 'evicted', preview = 1, local_id = ?, bytes = ?, modified_at = ?, identity = ?, kept_until = 0, code = NULL, evidence = NULL, since = NULL, attempts = 0, next_at = 0 WHERE id = ?")
      .run(preview.localId, preview.bytes, preview.modifiedAt, preview.identity, id);
    const toFree = readMeta(driver, 'toFree');
    if (toFree > 0 && toFree < Number.MAX_SAFE_INTEGER) writeMeta(driver, 'toFree', Math.max(0, toFree - item.bytes));
    if (item.sha256 !== null) refreshNeed(driver, item.sha256);
  });
}

/** It stays for now. */
export function observeNotEvicted(driver: Driver, id: number, keptUntil: number): void {
  driver.prepare('UPDATE item SET kept_until = max(kept_until, ?), attempts = attempts + 1 WHERE id = ?').run(keptUntil, id);
}

/** An eviction ended: a person's wish to free space ends where nothing is left that could go. */
export function observeFreed(driver: Driver, now: number): void {
  if (readMeta(driver, 'toFree') === 0) return;
  const folder = driver.prepare("SELECT id FROM source WHERE kind = 'folder'").get();
  if (!folder || leastRecentlyUsed(driver, Number(folder['id']), now, 1).length === 0) writeMeta(driver, 'toFree', 0);
}

/** The server makes the picture: it is asked for again, ever more seldom. */
export function observePreviewMaking(driver: Driver, { sha256 }: Want, now: number, random: Random): void {
  const attempts = Number(driver.prepare('SELECT max(attempts) AS n FROM original WHERE sha256 = ?').get(sha256)?.['n'] ?? 0) + 1;
  driver.prepare('UPDATE original SET attempts = ?, next_at = ? WHERE sha256 = ?').run(attempts, now + backoff(attempts, random), sha256);
}

/** Asked before giving the original up, the server said that it does not hold it: it is sent again. */
export function observeLostThere(driver: Driver, sha256: Sha256, keptUntil: number): void {
  driver.prepare("UPDATE item SET stage = 'ask', next_at = 0, kept_until = max(kept_until, ?) WHERE sha256 = ? AND stage = 'verified'").run(keptUntil, sha256);
}

/** No picture can stand for it: of the originals that there is room for, it is one. */
export function observeUnpictured(driver: Driver, sha256: Sha256): void {
  driver.prepare('UPDATE original SET unpictured = 1, next_at = 0 WHERE sha256 = ?').run(sha256);
}

/** There is no room for the original, and the server has no picture of it now. */
export function observeNoPreview(driver: Driver, { sha256 }: Want, failure: Failure, now: number): void {
  driver
    .prepare("UPDATE original SET since = CASE WHEN code IS 'device_full' THEN coalesce(since, ?) ELSE ? END, code = 'device_full', evidence = ?, next_at = ? WHERE sha256 = ?")
    .run(now, now, JSON.stringify({ detail: `It is larger than what is left of the limit, and the server has no preview of it (${failure.code}).` }), now + EVICT_RETRY_MS, sha256);
}

/** There was no room for the original: a picture stands for it. */
export function observePreviewPlaced(driver: Driver, sourceId: number, want: Want, entry: SourceEntry, now: number): void {
  driver.transaction(() => {
    if (!isKept(driver, sourceId)) return;
    const before = driver.prepare('SELECT id FROM item WHERE source_id = ? AND local_id = ?').get(sourceId, entry.localId);
    const item = before && readItem(driver, Number(before['id']));
    if (item) giveWay(driver, item, now);
    driver
      .prepare(
        `INSERT INTO item (source_id, local_id, name, bytes, modified_at, identity, first_seen_at, unchanged_since, stage, preview)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'settling', 1)`,
      )
      .run(sourceId, entry.localId, want.name, entry.bytes, entry.modifiedAt, entry.identity, now, now);
    const id = Number(driver.prepare('SELECT id FROM item WHERE source_id = ? AND local_id = ?').get(sourceId, entry.localId)?.['id']);
    driver.prepare('UPDATE original SET code = NULL, evidence = NULL, since = NULL, attempts = 0, next_at = 0 WHERE sha256 = ?').run(want.sha256);
    stand(driver, { id, localId: entry.localId, sourceId }, want.sha256, want.assetId);
  });
}

/** Whether a file is a picture that Everroll put in an original's place. */
export function isPreview(inspection: Inspection): inspection is Inspection & { readonly previewOf: Sha256 } {
  return inspection.previewOf !== null;
}

/**
 * Reading a file showed that it is a picture which Everroll made: after a crash or with a new
 * database, or a person moved or copied it. It is never a photo of its own.
 */
export function observePreviewFound(driver: Driver, item: Item, inspection: Inspection & { readonly previewOf: Sha256 }, now: number): void {
  const inFolder = driver.prepare("SELECT 1 AS found FROM source WHERE id = ? AND kind = 'folder'").get(item.sourceId) !== undefined;
  const holder = driver
    .prepare('SELECT asset_id FROM original WHERE sha256 = ?')
    .all(inspection.previewOf)
    .find((row) => shownAsset(driver, String(row['asset_id']))?.state === 'live');
  driver.prepare('UPDATE item SET preview = ?, sha256 = ? WHERE id = ?').run(inFolder ? 1 : 0, inFolder ? inspection.previewOf : inspection.sha256, item.id);
  if (inFolder && holder) stand(driver, item, inspection.previewOf, holder['asset_id'] as AssetId);
  else waitItem(driver, item.id, 'excluded', 'excluded_by_rule', 0, now, { detail: 'a preview that Everroll made' });
}

/** A person put an original beside its picture: the picture goes. */
export function dropNeedlessPreviews(driver: Driver, sourceId: number): void {
  driver
    .prepare("UPDATE item SET stage = 'remove', next_at = 0 WHERE +source_id = ?1 AND stage = 'evicted' AND EXISTS (SELECT 1 FROM item AS own WHERE own.sha256 = item.sha256 AND +own.source_id = ?1 AND own.stage = 'verified')")
    .run(sourceId);
}

/** The picture stands for the original from now on, or goes where the original itself is there. */
function stand(driver: Driver, { id, localId, sourceId }: Pick<Item, 'id' | 'localId' | 'sourceId'>, sha256: Sha256, assetId: AssetId): void {
  const asset = shownAsset(driver, assetId);
  const resource = asset?.resources.find((held) => held.sha256 === sha256);
  const original = driver.prepare("SELECT 1 AS found FROM item WHERE +source_id = ? AND sha256 = ? AND preview = 0 AND stage NOT IN ('vanished', 'missing')").get(sourceId, sha256);
  const stage = asset?.state !== 'live' || original ? 'remove' : 'evicted';
  const name = resource?.name ?? localId.slice(localId.lastIndexOf('/') + 1);
  driver
    .prepare(
      `UPDATE item SET stage = ?, preview = 1, sha256 = ?, asset_id = ?, name = ?, kind = ?, media_type = ?, group_key = ?,
         code = NULL, evidence = NULL, since = NULL, attempts = 0, next_at = 0 WHERE id = ?`,
    )
    .run(stage, sha256, assetId, name, kindOf(resource), resource?.mediaType ?? 'application/octet-stream', groupKeyOf(localId, name), id);
  refreshNeed(driver, sha256);
}
