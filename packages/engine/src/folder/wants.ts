import type { AssetId, Resource, Sha256 } from '@everroll/protocol';
import { backoff, retryDelay } from '../backoff.ts';
import { readMeta } from '../database/meta.ts';
import { hold, laneOf, release } from '../holds/holds.ts';
import { mostBytes, originalClass } from '../policy/classes.ts';
import type { Limit, WorkClass } from '../policy/policy.ts';
import type { Driver } from '../ports/driver.ts';
import type { Failure } from '../ports/failure.ts';
import type { SourceEntry } from '../ports/source.ts';
import type { Random } from '../ports/world.ts';
import { groupKeyOf } from '../items/companions.ts';
import { type Item, itemsWhere } from '../items/item.ts';
import { giveWay, isKept } from '../items/scan.ts';
import { refreshNeed } from '../replica/originals.ts';
import { baseAsset, shownAsset } from '../replica/entities.ts';
import { isWanted } from '../replica/wanted.ts';

/** What a person asked for is not evicted again for so long. */
export const KEPT_FOR_MS = 60 * 60_000;

/** An original that the library folder lacks. */
export interface Want {
  readonly assetId: AssetId;
  readonly sha256: Sha256;
  readonly bytes: number;
  readonly name: string;
  /** A person asked for it by name. */
  readonly asked: boolean;
  /** No picture can stand for it, or none that is smaller: it comes, and others make room. */
  readonly isUnpictured: boolean;
  /** The picture that lies in its place in the folder; null: none does. */
  readonly preview: { readonly localId: string } | null;
}

/** What was asked for by name first, then the newest captures: what a person looks for is mostly recent. What the server lost itself is not asked for. */
export function dueWants(driver: Driver, now: number, limits: Readonly<Record<WorkClass, Limit>>, limit: number): Want[] {
  return driver
    .prepare(`SELECT asset_id, sha256, bytes, name, asked, role, unpictured FROM original WHERE need = 1 AND NOT ${isWanted} AND next_at <= ? AND bytes <= ${mostBytes(originalClass, limits)} ORDER BY asked DESC, captured_at DESC LIMIT ${limit}`)
    .all(now)
    .map((row) => {
      const preview = driver.prepare("SELECT local_id FROM item WHERE sha256 = ? AND stage = 'evicted'").get(String(row['sha256']));
      return {
        assetId: row['asset_id'] as AssetId,
        sha256: row['sha256'] as Sha256,
        bytes: Number(row['bytes']),
        name: String(row['name']),
        asked: Number(row['asked']) > 0,
        isUnpictured: row['role'] === 'sidecar' || row['unpictured'] === 1,
        preview: preview ? { localId: String(preview['local_id']) } : null,
      };
    });
}

/**
 * The folder still lacks these bytes. While a new file of it is not read yet they may be that file's:
 * what was fetched stays staged, and is placed, or not, when that is known.
 */
export function isLacking(driver: Driver, sourceId: number, sha256: Sha256): boolean {
  return !hasUnread(driver, sourceId) && isToCome(driver, sha256);
}

/** The folder is to fetch these bytes. */
export function isToCome(driver: Driver, sha256: Sha256): boolean {
  return driver.prepare('SELECT 1 AS found FROM original WHERE sha256 = ? AND need = 1').get(sha256) !== undefined;
}

/** New files of the folder whose content is not known; one that cannot be read holds nothing up. */
export function hasUnread(driver: Driver, sourceId: number): boolean {
  return driver.prepare("SELECT 1 AS found FROM item WHERE +source_id = ? AND stage IN ('settling', 'inspect') AND attempts = 0 LIMIT 1").get(sourceId) !== undefined;
}

/** `2024/05`, by the wall clock of the place where it was taken. */
export function folderOf(driver: Driver, assetId: AssetId): string {
  const capture = shownAsset(driver, assetId)?.capture;
  const taken = new Date((capture?.at ?? 0) + (capture?.offsetMinutes ?? 0) * 60_000);
  const year = String(taken.getUTCFullYear()).padStart(4, '0');
  return `${year}/${String(taken.getUTCMonth() + 1).padStart(2, '0')}`;
}

/** The original lies in the folder, durable and with the right hash: it is an item there from now on. Within a transaction. */
export function observePlaced(driver: Driver, sourceId: number, want: Want, entry: SourceEntry, now: number): void {
  release(driver, 'download');
  // The folder was given up meanwhile; the file that was placed in it is the person's.
  if (!isKept(driver, sourceId)) return;
  const asset = shownAsset(driver, want.assetId);
  const resource = asset?.resources.find((held) => held.sha256 === want.sha256);
  const committed = baseAsset(driver, want.assetId)?.asset;
  const isKnown = committed !== undefined && committed.joinedTo === undefined && !isUnconfirmed(driver, want.assetId);
  const stage = !isKnown ? 'ask' : committed.state === 'live' || asset?.state === 'live' ? 'verified' : 'remove';
  const kind = kindOf(resource);
  // What lay there before went without a listing that showed it.
  const [before] = itemsWhere(driver, 'source_id = ? AND local_id = ? AND sha256 IS NOT ?', sourceId, entry.localId, want.sha256);
  if (before) giveWay(driver, before, now);
  driver
    .prepare(
      `INSERT INTO item (source_id, local_id, name, bytes, modified_at, identity, first_seen_at, unchanged_since, stage, sha256, kind, media_type, asset_id, group_key, used_at, kept_until, had)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
       ON CONFLICT (source_id, local_id) DO UPDATE SET bytes = excluded.bytes, modified_at = excluded.modified_at, identity = excluded.identity,
         stage = excluded.stage, sha256 = excluded.sha256, kind = excluded.kind, media_type = excluded.media_type, asset_id = excluded.asset_id, group_key = excluded.group_key,
         preview = 0, had = 1, used_at = excluded.used_at, kept_until = excluded.kept_until, code = NULL, evidence = NULL, since = NULL, attempts = 0, next_at = 0`,
    )
    .run(sourceId, entry.localId, entry.name, entry.bytes, entry.modifiedAt, entry.identity, now, now, stage, want.sha256, kind, resource?.mediaType ?? 'application/octet-stream', want.assetId, groupKeyOf(entry.localId, entry.name), want.asked ? now : 0, want.asked ? now + KEPT_FOR_MS : 0);
  // The picture that stood for it goes.
  // `+`: by the hash, and not through all rows of the folder: each original that comes asks this.
  driver.prepare("UPDATE item SET stage = 'remove', next_at = 0 WHERE +source_id = ? AND sha256 = ? AND preview = 1 AND stage IN ('evicted', 'missing', 'excluded')").run(sourceId, want.sha256);
  driver.prepare('UPDATE original SET code = NULL, evidence = NULL, since = NULL, attempts = 0, next_at = 0, asked = 0 WHERE sha256 = ?').run(want.sha256);
  refreshNeed(driver, want.sha256);
}

/**
 * The server went back while the bytes came, and nobody knows yet whether it still has them: this
 * device may be the one that has to send them again, like every other file that is asked for anew (rule C4).
 */
function isUnconfirmed(driver: Driver, assetId: AssetId): boolean {
  return readMeta(driver, 'rollback') !== null || driver.prepare('SELECT 1 AS found FROM offer WHERE key = ?').get(`asset:${assetId}`) !== undefined;
}

/** An edit is of the kind of what was edited. */
export function kindOf(resource: Resource | undefined): NonNullable<Item['kind']> {
  switch (resource?.role) {
    case 'paired_video':
      return 'video';
    case 'rendered_edit':
      return resource.mediaType.startsWith('video/') ? 'video' : 'photo';
    default:
      return resource?.role ?? 'photo';
  }
}

export function observeWantFailure(driver: Driver, want: Want, failure: Failure, now: number, random: Random): void {
  driver.transaction(() => {
    const lane = laneOf(failure.code);
    if (lane === 'download') hold(driver, 'download', failure, now, random);
    const attempts = Number(driver.prepare('SELECT max(attempts) AS n FROM original WHERE sha256 = ?').get(want.sha256)?.['n'] ?? 0) + 1;
    // What fails for a reason that concerns all of them did nothing wrong: it is not set aside for a day, when the reason may be long gone.
    const pause = lane === undefined ? retryDelay(attempts, random) : backoff(attempts, random);
    driver
      .prepare('UPDATE original SET since = CASE WHEN code IS ? THEN coalesce(since, ?) ELSE ? END, code = ?, evidence = ?, attempts = ?, next_at = ? WHERE sha256 = ?')
      .run(failure.code, now, now, failure.code, JSON.stringify(failure.evidence), attempts, now + pause, want.sha256);
  });
}
