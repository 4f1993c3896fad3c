import type { Asset } from '@everroll/protocol';
import { askAboutEvicted } from '../optimise/unconfirmed.ts';
import type { Driver } from '../ports/driver.ts';

/**
 * The originals that the library folder lacks, as what follows `FROM`. It names the index of these alone: to
 * tell apart hashes SQLite would rather go through the index of all hashes, on every device at every look.
 */
export const lacking = 'original INDEXED BY original_need WHERE need = 1';

/** An SQL condition over `original`: those of the asset with the id that is bound here. */
export const ofAsset = (id = '?'): string => `original.entity_id = (SELECT entity.id FROM entity WHERE entity.key = 'asset:' || ${id})`;

/**
 * What a change of an asset means for files on this device: which originals the library folder
 * lacks, which of its files are to go, and which files of sources are now out of the library. Called
 * whenever its row changes.
 * @param asset the row that is shown
 * @param committed the server's own row in the epoch that holds, without what this device has yet to send
 * @param before what `committed` was
 */
export function refreshOriginals(driver: Driver, assetId: string, asset: Asset | undefined, committed: Asset | undefined, before: Asset | undefined): void {
  const live = asset?.state === 'live';
  const resources = live ? asset.resources : [];
  const held = driver.prepare(`SELECT sha256 FROM original WHERE ${ofAsset()}`).all(assetId).map((row) => String(row['sha256']));
  driver.prepare(`DELETE FROM original WHERE ${ofAsset()} AND ordinal >= ?`).run(assetId, resources.length);
  for (const [ordinal, resource] of resources.entries()) {
    driver
      .prepare(
        `INSERT INTO original (entity_id, asset_id, ordinal, role, sha256, bytes, name, captured_at) VALUES ((SELECT id FROM entity WHERE key = 'asset:' || ?1), ?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (entity_id, ordinal) DO UPDATE SET role = excluded.role, sha256 = excluded.sha256, bytes = excluded.bytes, name = excluded.name, captured_at = excluded.captured_at
         WHERE sha256 <> excluded.sha256 OR role <> excluded.role OR name <> excluded.name OR captured_at <> excluded.captured_at`,
      )
      .run(assetId, ordinal, resource.role, resource.sha256, resource.bytes, resource.name, asset?.capture.at ?? 0);
    refreshNeed(driver, resource.sha256);
  }
  if (live) {
    driver.prepare(`UPDATE item SET stage = ${stands} WHERE asset_id = ? AND stage = 'remove'`).run(assetId);
    for (const { sha256 } of resources) {
      takeOver(driver, assetId, sha256);
      adoptPreviews(driver, assetId, sha256);
    }
    // Someone recovered it, or added it again elsewhere: this device's own copy counts again. An
    // addition that is only pending says nothing: two copies would wake each other for ever.
    if (committed?.state !== 'live') return;
    for (const { sha256 } of resources) askAboutEvicted(driver, sha256);
    driver
      .prepare(`UPDATE item SET stage = 'ask', code = NULL, evidence = NULL, next_at = 0 WHERE (asset_id = ? OR sha256 IN (SELECT sha256 FROM original WHERE ${ofAsset()})) AND stage = 'excluded' AND code = 'deleted_from_library'`)
      .run(assetId, assetId);
    return;
  }
  leaveToHolder(driver, assetId);
  if (asset?.joinedTo !== undefined) {
    // Nobody deleted it: its files are those of the asset that it is a part of now (rule A7).
    driver.prepare("UPDATE item SET asset_id = ? WHERE asset_id = ? AND stage NOT IN ('excluded', 'vanished')").run(asset.joinedTo, assetId);
    const state = committedState(driver, asset.joinedTo);
    if (state === 'trashed' || state === 'purged') letGo(driver, asset.joinedTo, state, held);
    return;
  }
  // A file goes only when the log says that a person deleted the asset: then the server has its bytes
  // (rule A3). A change that is only pending may meet a server that went back to a state without them,
  // and a row that is merely absent (the same, or a snapshot without it) removes nothing.
  if (committed === undefined || committed.state === 'live' || committed.joinedTo !== undefined) return;
  letGo(driver, assetId, committed.state, [...held, ...[...(before?.resources ?? []), ...committed.resources].map((resource) => resource.sha256)]);
}

function committedState(driver: Driver, assetId: string): unknown {
  return driver.prepare("SELECT CASE overlaid WHEN 1 THEN json_extract(base, '$.state') ELSE state END AS state FROM entity WHERE key = ? AND seq > 0").get(`asset:${assetId}`)?.['state'];
}

/** Files with bytes of a live asset that belonged to one which is no longer live are its files now. */
function takeOver(driver: Driver, assetId: string, sha256: string): void {
  driver
    .prepare(
      `UPDATE item SET asset_id = ?1, stage = CASE stage WHEN 'remove' THEN ${stands} ELSE stage END
       WHERE sha256 = ?2 AND stage IN ('verified', 'evicted', 'remove', 'missing') AND asset_id IS NOT ?1
         AND NOT EXISTS (SELECT 1 FROM original WHERE original.sha256 = item.sha256 AND original.asset_id = item.asset_id)`,
    )
    .run(assetId, sha256);
}

/** The same from the other side: what another live asset shares (one video of two stills, say) stays for that one. */
function leaveToHolder(driver: Driver, assetId: string): void {
  driver
    .prepare(
      `UPDATE item SET asset_id = (SELECT original.asset_id FROM original WHERE original.sha256 = item.sha256 LIMIT 1), stage = CASE stage WHEN 'remove' THEN ${stands} ELSE stage END
       WHERE asset_id = ? AND stage IN ('verified', 'evicted', 'remove', 'missing') AND sha256 IN (SELECT sha256 FROM original)`,
    )
    .run(assetId);
}

/**
 * What a picture waited for (its original was asked about, say) has nothing to do with that it is to go.
 * @param held its bytes: a file of it may have come as a part of another asset.
 */
function letGo(driver: Driver, assetId: string, state: 'trashed' | 'purged', held: readonly string[]): void {
  driver.prepare(`UPDATE item SET stage = 'remove', code = NULL, evidence = NULL, since = NULL, next_at = 0 WHERE asset_id = ? AND (stage IN ('verified', 'evicted') OR (stage = 'excluded' AND code = 'deleted_from_library' AND had = 1)) AND ${inFolder}`).run(assetId);
  for (const sha256 of held) {
    driver
      .prepare(`UPDATE item SET stage = 'remove', code = NULL, evidence = NULL, since = NULL, next_at = 0 WHERE sha256 = ? AND stage IN ('verified', 'evicted') AND ${inFolder} AND sha256 NOT IN (SELECT sha256 FROM original)`)
      .run(sha256);
  }
  if (state === 'purged') {
    driver
      .prepare(`UPDATE item SET stage = 'excluded', code = 'deleted_from_library', again = 0 WHERE asset_id = ? AND stage = 'verified' AND NOT ${inFolder}`)
      .run(assetId);
  }
}

const inFolder = "source_id IN (SELECT id FROM source WHERE kind = 'folder')";

/** Its original, or another file with the same bytes, lies in the library folder. */
const originalIsThere = `EXISTS (SELECT 1 FROM item AS own WHERE own.sha256 = item.sha256 AND own.preview = 0 AND own.stage NOT IN ('vanished', 'missing') AND own.${inFolder})`;

/** What a file that was to be removed is when its asset is live: a picture whose original is there again still goes. */
const stands = `CASE WHEN preview = 0 THEN 'verified' WHEN ${originalIsThere} THEN 'remove' ELSE 'evicted' END`;

/** A picture that was found before its asset was known stands for it from now on. */
function adoptPreviews(driver: Driver, assetId: string, sha256: string): void {
  const adopted = driver
    .prepare(`UPDATE item SET stage = ${stands}, asset_id = ?, code = NULL, evidence = NULL, since = NULL WHERE sha256 = ? AND preview = 1 AND stage = 'excluded' AND ${inFolder}`)
    .run(assetId, sha256).changes;
  if (adopted > 0) refreshNeed(driver, sha256);
}

/**
 * Whether the library folder is to fetch these bytes. A file that is missing without a decision still
 * counts as there, and so does a picture in the original's place, unless a person asked for the
 * original or all originals are kept.
 */
const needed = `
  EXISTS (SELECT 1 FROM source WHERE kind = 'folder')
  AND NOT EXISTS (SELECT 1 FROM item WHERE item.sha256 = original.sha256 AND preview = 0 AND stage <> 'vanished' AND ${inFolder})
  AND (
    asked > 0
    OR NOT EXISTS (SELECT 1 FROM item WHERE item.sha256 = original.sha256 AND preview = 1 AND stage IN ('evicted', 'missing') AND ${inFolder})
    OR coalesce((SELECT json_extract(value, '$.originals') FROM meta WHERE key = 'storageInForce'), 'keep') = 'keep'
  )`;

export function refreshNeed(driver: Driver, sha256: string): void {
  driver.prepare(`UPDATE original SET need = (${needed}) WHERE sha256 = ?`).run(sha256);
}

/** After the library folder was set, changed or given up, or what it is to hold. */
export function refreshAllNeeds(driver: Driver): void {
  driver.prepare(`UPDATE original SET need = (${needed})`).run();
}
