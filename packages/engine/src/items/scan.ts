import type { Driver } from '../ports/driver.ts';
import type { SourceEntry } from '../ports/source.ts';
import { baseAsset } from '../replica/entities.ts';
import { refreshNeed } from '../replica/originals.ts';
import { groupKeyOf } from './companions.ts';
import { itemOf, type Item, readItem } from './item.ts';
import { advanceItem, restartItem, waitItem } from './moves.ts';
import { SeenIds } from './seen-ids.ts';
import type { Stage } from './stage.ts';

/** A file that was never quiet enough to be read, and was there for less than this, was a temporary one. */
const PASSING_MS = 60_000;

/** What one listing has shown so far. It lives in memory: a listing that is cut short says nothing. */
export interface Listing {
  readonly sourceId: number;
  readonly seen: SeenIds;
  /** Folders and files that could not be looked at: what lies under them is unknown, not gone. */
  readonly unreadable: string[];
  /** Items that were there before it began; only these can be missed by it. */
  readonly lastId: number;
  /** A library folder, of which a guard looks at what is missed. */
  readonly isLibrary: boolean;
  /** Photos of it at whose place another file lies. */
  replaced: number;
}

export function beginListing(driver: Driver, sourceId: number): Listing {
  // Of all sources: an id is never used again, so what this one gets from now on has a larger one. Its own maximum would be read from all of its rows.
  const lastId = Number(driver.prepare('SELECT max(id) AS last FROM item').get()?.['last'] ?? 0);
  const isLibrary = driver.prepare('SELECT kind FROM source WHERE id = ?').get(sourceId)?.['kind'] === 'folder';
  return { sourceId, seen: new SeenIds(lastId), unreadable: [], lastId, isLibrary, replaced: 0 };
}

/** Stores a batch of a listing in one transaction. A file that is as it was costs one look-up. */
export function observeEntries(driver: Driver, listing: Listing, entries: readonly SourceEntry[], now: number, settleMs: number): void {
  driver.transaction(() => {
    if (!isKept(driver, listing.sourceId)) return;
    const left = runsOf(entries).filter((run) => run.length < RUN_MIN || !isUnchangedRun(driver, listing, run));
    for (const entry of notUnchanged(driver, listing, left.flat())) {
      const known = driver.prepare('SELECT * FROM item WHERE source_id = ? AND local_id = ?').get(listing.sourceId, entry.localId);
      if (!known) {
        insertItem(driver, listing.sourceId, entry, now, settleMs);
        continue;
      }
      const item = itemOf(known);
      if (listing.isLibrary && isAnotherFile(item, entry)) {
        changeItem(driver, numberedAnew(driver, listing, item), entry, now, settleMs);
        continue;
      }
      listing.seen.add(item.id);
      if (sameFile(item, entry)) {
        if (item.groupKey === null) nameGroup(driver, item.id, entry);
        if (item.stage === 'missing' || item.stage === 'vanished') advanceItem(driver, item.id, item.sha256 === null ? 'settling' : 'ask');
      } else {
        changeItem(driver, item, entry, now, settleMs);
      }
    }
  });
}

/** Fewer entries are looked up sooner by their names. */
const RUN_MIN = 8;

/** Files of one folder that follow each other in the order of their names, as most of a listing do. */
function runsOf(entries: readonly SourceEntry[]): readonly (readonly SourceEntry[])[] {
  const runs: SourceEntry[][] = [];
  let run: SourceEntry[] = [];
  let folder = '';
  let last: string | undefined;
  for (const entry of entries) {
    const { localId } = entry;
    if (last !== undefined && last < localId && localId.startsWith(folder) && !localId.includes('/', folder.length)) run.push(entry);
    else {
      run = [entry];
      runs.push(run);
      folder = localId.slice(0, localId.lastIndexOf('/') + 1);
    }
    last = localId;
  }
  return runs;
}

/**
 * Whether the rows of a run are as many as its entries and say the same, one by one: then nothing is to be done about any of
 * them, and all are noted as seen. They are read as one text of one range of the index, which is compared as a whole: looking
 * each up by its name takes twice as long. Wherever something differs (a file that is new, gone or changed, names in another
 * order), it only says no, and each is looked at.
 */
function isUnchangedRun(driver: Driver, { sourceId, seen }: Listing, run: readonly SourceEntry[]): boolean {
  const row = driver.prepare(UNCHANGED_RUN).get(sourceId, run[0]?.localId ?? '', run.at(-1)?.localId ?? '', run.length);
  // No name holds what stands between: two lists that are not the same are never the same text.
  const listed = run.map(({ localId, bytes, modifiedAt, identity }) => `${localId}\0${bytes}\0${modifiedAt}\0${identity}`).join('\0');
  if (row?.['rows'] !== listed) return false;
  for (const id of JSON.parse(String(row['ids'])) as number[]) seen.add(id);
  return true;
}

/**
 * Notes as seen the rows of a batch about which nothing is to be done, as the file is what it was; returns the entries
 * that are left. The database compares all of them by one statement: that takes a fifth of reading each row here. A file
 * that it leaves out is looked at by itself, so what two spellings of a number might hide costs time and nothing else.
 */
function notUnchanged(driver: Driver, { sourceId, seen }: Listing, entries: readonly SourceEntry[]): readonly SourceEntry[] {
  if (entries.length === 0) return [];
  // As text, not as an object, which would make one of two entries that have one name.
  const listed = `{${entries.map(({ localId, bytes, modifiedAt, identity }) => `${JSON.stringify(localId)}:${JSON.stringify(`${bytes} ${modifiedAt} ${identity}`)}`).join(',')}}`;
  const idsOf = (sql: string): (number | null)[] => JSON.parse(String(driver.prepare(sql).get(sourceId, listed)?.['ids'])) as (number | null)[];
  const unchanged = idsOf(UNCHANGED);
  // Mostly all are; which ones are not is asked only where some are not.
  const each = unchanged.length === entries.length ? unchanged : idsOf(UNCHANGED_EACH);
  for (const id of each) if (id !== null) seen.add(id);
  if (each === unchanged) return [];
  return each.length === entries.length ? entries.filter((_, at) => each[at] === null) : entries;
}

const IS_UNCHANGED = `item.source_id = ?1 AND item.local_id = listed.key
    AND listed.value = item.bytes || ' ' || CAST(item.modified_at AS INTEGER) || ' ' || item.identity AND item.stage NOT IN ('missing', 'vanished') AND item.group_key IS NOT NULL`;

/**
 * `CROSS JOIN` and `LEFT JOIN` also say in which order: the entry is read first and its row found by its name. SQLite
 * would rather go through all rows of the source for each entry, as it takes the list for the longer of the two.
 */
export const UNCHANGED = `SELECT json_group_array(item.id) AS ids FROM json_each(?2) AS listed CROSS JOIN item ON ${IS_UNCHANGED}`;
/** For each entry in its place its row, or null. */
export const UNCHANGED_EACH = `SELECT json_group_array(item.id ORDER BY listed.id) AS ids FROM json_each(?2) AS listed LEFT JOIN item ON ${IS_UNCHANGED}`;

/** No more rows than there are entries are read, which the index counts: all of a large library may lie between two files. */
export const UNCHANGED_RUN = `SELECT json_group_array(id) AS ids, group_concat(concat_ws(char(0), local_id, bytes, CAST(modified_at AS INTEGER), identity), char(0)) AS rows
  FROM item WHERE source_id = ?1 AND local_id BETWEEN ?2 AND ?3 AND stage NOT IN ('missing', 'vanished') AND group_key IS NOT NULL
    AND (SELECT count(*) FROM (SELECT 1 FROM item WHERE source_id = ?1 AND local_id BETWEEN ?2 AND ?3 LIMIT ?4 + 1)) = ?4`;

/** Stands in the name of a row whose file is no more: no file can be called so. */
const SHADOW = '\u0000';

/**
 * The server has the bytes of a file that is written over before its asset was added: they stay as
 * an item of their own, without a file, until the asset is in the log.
 */
function keepStored(driver: Driver, item: Item): void {
  driver
    .prepare(
      `INSERT OR IGNORE INTO item (source_id, local_id, name, bytes, modified_at, identity, first_seen_at, unchanged_since, stage, sha256, kind, media_type,
         captured_at, capture_offset, latitude, longitude, altitude, asset_id, again)
       SELECT source_id, local_id || ? || sha256, name, bytes, modified_at, '', first_seen_at, unchanged_since, 'commit', sha256, kind, media_type,
         captured_at, capture_offset, latitude, longitude, altitude, asset_id, again FROM item WHERE id = ?`,
    )
    .run(SHADOW, item.id);
}

/** A person may take a source away while work on it is under way: what comes of that is passed over. */
export function isKept(driver: Driver, sourceId: number): boolean {
  return driver.prepare('SELECT 1 AS found FROM source WHERE id = ?').get(sourceId) !== undefined;
}

function isAnotherFile(item: Item, entry: SourceEntry): boolean {
  return item.identity !== entry.identity && item.identity !== '' && entry.identity !== '';
}

/** The row of a place where another file lies is one of those that came since: the guard counts what is left of those that were there. An id is never used again, so the table's own count goes up with it. */
function numberedAnew(driver: Driver, listing: Listing, item: Item): Item {
  const id = Number(driver.prepare("SELECT max(seq, (SELECT max(id) FROM item)) + 1 AS id FROM sqlite_sequence WHERE name = 'item'").get()?.['id']);
  driver.prepare('UPDATE item SET id = ? WHERE id = ?').run(id, item.id);
  driver.prepare("UPDATE sqlite_sequence SET seq = ? WHERE name = 'item'").run(id);
  if (item.sha256 !== null) listing.replaced += 1;
  return { ...item, id };
}

export function sameFile(item: Item, entry: SourceEntry): boolean {
  return item.bytes === entry.bytes && item.modifiedAt === entry.modifiedAt && (item.identity === entry.identity || item.identity === '' || entry.identity === '');
}

function insertItem(driver: Driver, sourceId: number, entry: SourceEntry, now: number, settleMs: number): void {
  driver
    .prepare(
      `INSERT INTO item (source_id, local_id, name, bytes, modified_at, identity, first_seen_at, unchanged_since, stage)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'settling')`,
    )
    .run(sourceId, entry.localId, entry.name, entry.bytes, entry.modifiedAt, entry.identity, now, now);
  const id = Number(driver.prepare('SELECT id FROM item WHERE source_id = ? AND local_id = ?').get(sourceId, entry.localId)?.['id']);
  nameGroup(driver, id, entry);
  settle(driver, id, entry, now, now, settleMs);
}

function nameGroup(driver: Driver, id: number, entry: Pick<SourceEntry, 'localId' | 'name'>): void {
  driver.prepare('UPDATE item SET group_key = ? WHERE id = ?').run(groupKeyOf(entry.localId, entry.name), id);
}

/**
 * Another file took the place of this one: a download got the name that a person had just freed. What
 * was saved is missing like any file that a listing does not show. Whoever took it may have taken more: a
 * listing looks before anything is decided, so that the guard sees all of it together.
 */
export function giveWay(driver: Driver, item: Item, now: number): void {
  if (item.stage === 'commit') keepStored(driver, item);
  const isSaved = item.sha256 !== null && (item.stage === 'verified' || item.stage === 'missing' || isInLibrary(driver, item));
  if (isSaved) {
    driver.prepare("UPDATE OR IGNORE item SET local_id = local_id || ? || sha256, identity = '', stage = 'missing', since = coalesce(since, ?) WHERE id = ?").run(SHADOW, now, item.id);
    driver.prepare('UPDATE source SET scan_wanted = 1, next_at = 0 WHERE id = ?').run(item.sourceId);
  }
  // It was missing from here before, or is not spoken of any more.
  if (!isSaved || readItem(driver, item.id)?.localId === item.localId) forget(driver, item);
}

/** The row of a file whose place another one took. */
export function isShadow(item: Item): boolean {
  return item.localId.includes(SHADOW);
}

/** Another content under the same name. What was saved of the earlier one stays in the library. */
export function changeItem(driver: Driver, item: Item, entry: SourceEntry, now: number, settleMs: number): void {
  if (item.stage === 'commit') keepStored(driver, item);
  restartItem(driver, item.id, entry, now);
  if (item.sha256 !== null) refreshNeed(driver, item.sha256);
  settle(driver, item.id, entry, now, now, settleMs);
}

/**
 * A file is read when it has been left alone for `settleMs`: by its own time of change, or, where
 * that lies in the future (a clock is wrong), by what this device has seen.
 */
export function settle(driver: Driver, id: number, entry: SourceEntry, unchangedSince: number, now: number, settleMs: number): void {
  if (entry.bytes === 0 && now - unchangedSince >= settleMs) {
    waitItem(driver, id, 'excluded', 'empty_file', 0, now);
  } else if (entry.modifiedAt <= now && now - entry.modifiedAt >= settleMs && entry.bytes > 0) {
    advanceItem(driver, id, 'inspect');
  } else if (now - unchangedSince >= settleMs) {
    advanceItem(driver, id, 'inspect');
  } else {
    const quietSince = entry.modifiedAt <= now && entry.bytes > 0 ? Math.min(entry.modifiedAt, unchangedSince) : unchangedSince;
    waitItem(driver, id, 'settling', 'still_being_written', quietSince + settleMs, now);
  }
}

/**
 * As one value: a row for each of a hundred thousand files costs three times as much. And without a look at the rows, whose
 * ids stand in each index: the few that are not there are found by their stage.
 */
export const THERE = "SELECT json_group_array(id) AS ids FROM item WHERE source_id = ? AND id <= ? AND id NOT IN (SELECT id FROM item WHERE stage IN ('vanished', 'missing'))";

/** More ids that a listing has not shown are mostly those of other sources. */
const UNSEEN_MAX = 1000;
const THERE_OF = "SELECT json_group_array(item.id) AS ids FROM json_each(?2) AS unseen CROSS JOIN item ON item.id = unseen.value WHERE source_id = ?1 AND stage NOT IN ('vanished', 'missing')";

/** Rows that the listing could have shown and has not. */
function notSeen(driver: Driver, { sourceId, seen, lastId }: Listing): number[] {
  const unseen = seen.unseen(UNSEEN_MAX);
  const there = unseen === null ? driver.prepare(THERE).get(sourceId, lastId) : driver.prepare(THERE_OF).get(sourceId, JSON.stringify(unseen));
  return (JSON.parse(String(there?.['ids'])) as number[]).filter((id) => !seen.has(id));
}

/**
 * A listing ended by itself: what it did not show is gone, be it everything (a disk that is not mounted is
 * never an empty source, but `source_missing`). Files that only moved keep all that is known of them. What
 * goes from a source that is only read deletes nothing; for the library folder the guard asks a person.
 * @returns whether it missed saved files of the library folder that none missed before
 */
export function completeListing(driver: Driver, listing: Listing, kind: 'source' | 'folder', now: number): 'whole' | 'missed' {
  return driver.transaction(() => {
    if (!isKept(driver, listing.sourceId)) return 'whole';
    const hidden = (localId: string): boolean => listing.unreadable.some((path) => localId === path || localId.startsWith(`${path}/`) || path === '');
    const gone = notSeen(driver, listing)
      .flatMap((id) => readItem(driver, id) ?? [])
      .filter((item) => !hidden(item.localId));
    driver.prepare('UPDATE source SET scanned_at = ?, attempts = 0, next_at = 0 WHERE id = ?').run(now, listing.sourceId);
    const still = gone.filter((item) => !followMove(driver, listing, item) && !(kind === 'folder' && wasOverwritten(driver, listing, item)));
    noteEmptied(driver, listing, gone.length - still.length, still);

    // What cannot be looked at and was never seen before may be a file that is missed, under a new name.
    const mayBeThere = kind === 'folder' && listing.unreadable.some((path) => driver.prepare('SELECT 1 AS found FROM item WHERE source_id = ? AND local_id = ?').get(listing.sourceId, path) === undefined);
    let isMissed = false;
    for (const item of mayBeThere ? [] : still) {
      if (isShadow(item)) {
        if (item.stage === 'verified') forget(driver, item);
      } else if (kind === 'folder' && item.sha256 !== null && (item.stage === 'verified' || item.stage === 'evicted' || item.stage === 'remove' || isInLibrary(driver, item))) {
        if (item.stage === 'remove') forget(driver, item);
        else {
          driver.prepare("UPDATE item SET stage = 'missing', since = ? WHERE id = ?").run(now, item.id);
          isMissed = true;
        }
      } else {
        vanish(driver, item, now);
      }
    }
    // `+`: by the stage, which few rows have, and not through all rows of the source.
    driver
      .prepare(
        `UPDATE source SET listed_id = (SELECT coalesce(max(id), 0) FROM item)
         WHERE id = ? AND NOT EXISTS (SELECT 1 FROM item WHERE stage = 'missing' AND +source_id = source.id)`,
      )
      .run(listing.sourceId);
    return isMissed ? 'missed' : 'whole';
  });
}

/**
 * Whether several files were there and none of them is left; new ones say nothing about those. What
 * an upload found gone before this listing did counts, and so does what was to be removed anyway:
 * that it went with the others shows that they did not go one by one. So does a photo at whose place another file lies.
 */
function noteEmptied(driver: Driver, listing: Listing, moved: number, still: readonly Item[]): void {
  const count = (stage: Stage): number => Number(driver.prepare(`SELECT count(*) AS n FROM item WHERE +source_id = ? AND stage = '${stage}' AND sha256 IS NOT NULL`).get(listing.sourceId)?.['n'] ?? 0);
  const listedId = Number(driver.prepare('SELECT listed_id FROM source WHERE id = ?').get(listing.sourceId)?.['listed_id'] ?? 0);
  const files = still.filter((item) => item.sha256 !== null && !isShadow(item)).length;
  const isLeft = moved > 0 || listing.seen.hasUpTo(listedId);
  const set = (emptied: 0 | 1): void => void driver.prepare('UPDATE source SET emptied = ? WHERE id = ?').run(emptied, listing.sourceId);
  if (isLeft || (files === 0 && count('missing') === 0)) set(0);
  else if (files > 0 && files + listing.replaced + count('vanished') > 1) set(1);
}

/** The file is gone. It is spoken of as lost only if it may have been a photo that is saved nowhere. */
export function vanish(driver: Driver, item: Item, now: number): void {
  if (item.stage === 'commit' || item.stage === 'committing') {
    // The server has the bytes: the asset is added all the same, at once, waiting for nothing that belongs to it.
    if (item.stage === 'commit') driver.prepare("UPDATE item SET next_at = 0, content_id = NULL, group_key = '' WHERE id = ?").run(item.id);
    return;
  }
  const saved = item.stage === 'verified' || item.stage === 'evicted' || item.stage === 'excluded' || isSavedElsewhere(driver, item) || isInLibrary(driver, item);
  const passing = item.sha256 === null && Math.abs(now - item.firstSeenAt) < PASSING_MS;
  if (saved || passing) forget(driver, item);
  else {
    waitItem(driver, item.id, 'vanished', 'vanished', 0, now);
    if (item.sha256 !== null) refreshNeed(driver, item.sha256);
  }
}

/** An asset of the log has these bytes: what asks the server again was saved before. */
function isInLibrary(driver: Driver, item: Item): boolean {
  if (item.sha256 === null || item.assetId === null) return false;
  return baseAsset(driver, item.assetId)?.asset.resources.some((resource) => resource.sha256 === item.sha256) ?? false;
}

/** The same bytes are verified under another name or in another source: nothing was lost. */
function isSavedElsewhere(driver: Driver, item: Item): boolean {
  return item.sha256 !== null && driver.prepare("SELECT 1 AS found FROM item WHERE sha256 = ? AND id <> ? AND stage = 'verified'").get(item.sha256, item.id) !== undefined;
}

export function forget(driver: Driver, item: Item): void {
  driver.prepare('DELETE FROM item WHERE id = ?').run(item.id);
  if (item.sha256 !== null) refreshNeed(driver, item.sha256);
}

/**
 * The file itself is there under another name with other bytes: it was moved and then written over.
 * Nobody deleted the photo, so its original comes back. (A new file that got the inode of one that
 * was deleted looks the same; then a deletion is not believed, which loses nothing.)
 */
function wasOverwritten(driver: Driver, listing: Listing, item: Item): boolean {
  if (item.identity === '' || item.stage === 'remove') return false;
  const found = driver.prepare('SELECT 1 AS found FROM item WHERE source_id = ? AND identity = ? AND id > ?').get(item.sourceId, item.identity, listing.lastId);
  if (!found) return false;
  forget(driver, item);
  return true;
}

/** A file that this listing showed for the first time and that is the missing one by device, inode, size and time. */
function followMove(driver: Driver, listing: Listing, item: Item): boolean {
  if (item.identity === '') return false;
  const moved = driver
    .prepare("SELECT id, local_id, name FROM item WHERE source_id = ? AND identity = ? AND bytes = ? AND modified_at = ? AND id > ? AND stage IN ('settling', 'inspect')")
    .get(item.sourceId, item.identity, item.bytes, item.modifiedAt, listing.lastId);
  if (!moved) return false;
  driver.prepare('DELETE FROM item WHERE id = ?').run(Number(moved['id']));
  // A picture in an original's place goes by the original's name.
  const [localId, name] = [String(moved['local_id']), item.preview ? item.name : String(moved['name'])];
  driver.prepare('UPDATE item SET local_id = ?, name = ?, group_key = ? WHERE id = ?').run(localId, name, groupKeyOf(localId, name), item.id);
  return true;
}
