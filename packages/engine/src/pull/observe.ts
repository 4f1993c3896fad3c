import { type ChangesPage, Entry, type Entity, type Epoch, type Fork, generationAt, keyOf, keyText, type MutationsResponse, type SnapshotPage, type WrittenAt } from '@everroll/protocol';
import { type Incarnations, noteTold, readMeta, withIncarnation, writeMeta } from '../database/meta.ts';
import { sendWantedAgain } from '../items/send-again.ts';
import { doubtEvicted, noteEvictedLost } from '../optimise/unconfirmed.ts';
import { dropCovered, renumber } from '../outbox/outbox.ts';
import type { Driver } from '../ports/driver.ts';
import type { Random } from '../ports/world.ts';
import { dropUnseen, storeEntry } from '../replica/entities.ts';
import { type LogRow, storeFresh } from '../replica/fresh.ts';
import { forgetHeld } from '../replica/wanted.ts';
import { deferBehindOffers, enqueueOffers } from './offers.ts';

/**
 * A page of the log, stored with its cursor in one transaction (rule L3). A page that does not begin
 * at the cursor is an answer that came late: it is passed over.
 *
 * @param shown the places beyond the cursor that its question showed
 * @returns `unshown` where the device was told of a place meanwhile that nothing says to be of the page's history
 */
export function observeChanges(driver: Driver, page: ChangesPage, shown: Incarnations, now: number): 'stored' | 'stale' | 'unshown' {
  return driver.transaction(() => {
    const cursor = readMeta(driver, 'cursor');
    if (cursor.phase !== 'log' || cursor.epoch !== page.epoch || cursor.seq !== page.from || page.to < page.from) return 'stale';
    const told = readMeta(driver, 'told');
    if (told.some((place) => place.seq <= page.to && place.by !== page.incarnation && !isAmong(shown, place))) return 'unshown';
    storeEntries(driver, page.entries, cursor.snapshot, now);
    writeMeta(driver, 'cursor', { ...cursor, seq: page.to, incarnations: page.to > 0 ? withIncarnation(cursor.incarnations, { seq: page.to, by: page.incarnation }) : [] });
    // A page that brings nothing says that there is nothing, whatever its head.
    writeMeta(driver, 'head', page.to > page.from ? Math.max(page.to, page.head) : page.to);
    noteForks(driver, page.forks);
    if (told.some((place) => place.seq <= page.to)) writeMeta(driver, 'told', told.filter((place) => place.seq > page.to));
    dropCovered(driver, now);
    return 'stored';
  });
}

const isAmong = (places: Incarnations, { seq, by }: WrittenAt): boolean => places.some((place) => place.seq === seq && place.by === by);

/**
 * Some rows of a page of the snapshot, before the page itself.
 * @returns false where that page is for `observeSnapshot` as a whole: it is the first one of its epoch, or came too late.
 */
export function observePart(driver: Driver, asked: string | null, page: SnapshotPage, entries: readonly unknown[], now: number): boolean {
  return driver.transaction(() => {
    const cursor = readMeta(driver, 'cursor');
    if (cursor.phase !== 'snapshot' || asked === null || cursor.next !== asked || cursor.epoch !== page.epoch) return false;
    storeEntries(driver, entries, cursor.snapshot, now);
    return true;
  });
}

/** A page of the snapshot, and what it was asked for with. */
export interface AskedPage {
  readonly asked: string | null;
  readonly page: SnapshotPage;
}

/**
 * Pages of the snapshot that follow each other, in one transaction; with the last one of all the device goes over
 * to the log (rule C1). `stale`: one of them is not for this cursor, and neither it nor what follows it was stored.
 */
export function observeSnapshot(driver: Driver, pages: readonly AskedPage[], now: number): 'stored' | 'stale' {
  return driver.transaction(() => (pages.every((one) => observePage(driver, one, now) === 'stored') ? 'stored' : 'stale'));
}

function observePage(driver: Driver, { asked, page }: AskedPage, now: number): 'stored' | 'stale' {
  const cursor = readMeta(driver, 'cursor');
  if (cursor.phase !== 'snapshot' || cursor.next !== asked || (asked !== null && cursor.epoch !== page.epoch)) return 'stale';
  // A page that leads to itself would be read for ever.
  if (page.next !== null && page.next === asked) return 'stale';
  // The first page says in which epoch the library is read. If that is again another one than the
  // device was told of, the numbers of its mutations have to be settled with this one.
  // Where that one broke off nobody said: everything that was seen committed is offered.
  if (cursor.epoch !== null && cursor.epoch !== page.epoch) loseAfter(driver, 0, now);
  storeEntries(driver, page.entries, cursor.snapshot, now);
  noteForks(driver, page.forks);
  writeMeta(driver, 'head', Math.max(page.seq, page.head));
  const seq = cursor.seq ?? page.seq;
  const incarnations = cursor.seq === null ? (page.seq > 0 ? [{ seq: page.seq, by: page.incarnation }] : []) : cursor.incarnations;
  if (page.next !== null) {
    writeMeta(driver, 'cursor', { ...cursor, epoch: page.epoch, seq, next: page.next, incarnations });
    return 'stored';
  }
  dropUnseen(driver, cursor.snapshot, now);
  // What the pages before told of the head their successors have shown to the server.
  if (page.headIncarnation !== undefined) noteTold(driver, { seq: page.head, by: page.headIncarnation });
  writeMeta(driver, 'cursor', { phase: 'log', epoch: page.epoch, seq, snapshot: cursor.snapshot, incarnations });
  dropCovered(driver, now);
  return 'stored';
}

function noteForks(driver: Driver, forks: readonly Fork[] = []): void {
  if (JSON.stringify(forks) !== JSON.stringify(readMeta(driver, 'forks'))) writeMeta(driver, 'forks', forks);
}

/** Entries are read one by one: one that this program cannot read is parked, the rest goes on (rule L4). */
function storeEntries(driver: Driver, entries: readonly unknown[], snapshot: number, now: number): void {
  const rows: LogRow[] = [];
  for (const text of entries) {
    const entry = Entry.safeParse(text);
    if (entry.success) {
      const { kind, row, seq } = entry.data;
      rows.push({ entity: { kind, row } as Entity, seq });
    } else {
      const seq = typeof text === 'object' && text !== null && 'seq' in text && typeof text.seq === 'number' ? text.seq : null;
      driver.prepare('INSERT INTO parked_entry (seq, text, at) VALUES (?, ?, ?)').run(seq, JSON.stringify(text).slice(0, 100_000), now);
    }
  }
  for (const { entity, seq } of storeFresh(driver, rows, snapshot)) storeEntry(driver, entity, seq, snapshot, now);
  hastenOffers(driver, rows);
  sendWantedAgain(driver, now);
  noteEvictedLost(driver, now);
}

/** An offer that waited for bytes which only another device had waits no longer when that one has brought them. */
function hastenOffers(driver: Driver, rows: readonly LogRow[]): void {
  if (driver.prepare('SELECT 1 AS found FROM offer WHERE mutation IS NULL AND next_at > 0 LIMIT 1').get() === undefined) return;
  for (const { entity } of rows) driver.prepare('UPDATE offer SET next_at = 0 WHERE key = ? AND mutation IS NULL').run(keyText(keyOf(entity)));
}

/**
 * The server lives in another epoch than this device's cursor (rule C4). Everything that was seen
 * committed after the fork is kept as an offer, every file is asked for again, and the library is
 * read anew. What the replica shows meanwhile is what it showed before.
 */
export function observeRollback(driver: Driver, epoch: Epoch, forkedAt: number, now: number): void {
  driver.transaction(() => {
    const cursor = readMeta(driver, 'cursor');
    if (cursor.epoch === epoch) return;
    loseAfter(driver, forkedAt, now);
    writeMeta(driver, 'cursor', { phase: 'snapshot', epoch, seq: null, next: null, snapshot: cursor.snapshot + 1, incarnations: [] });
    writeMeta(driver, 'head', 0);
  });
}

/**
 * What was seen committed after the fork is kept as an offer, every file is asked for again, and the
 * numbers of the queue are to be settled.
 */
function loseAfter(driver: Driver, forkedAt: number, now: number): void {
  driver.exec('DELETE FROM upload');
  // What was to be removed, too: the server may have neither the photo nor the wish any more.
  driver.exec("UPDATE item SET had = 1 WHERE stage IN ('verified', 'remove')");
  driver.exec("UPDATE item SET stage = 'ask', next_at = 0 WHERE (stage IN ('send', 'commit', 'verified') OR (stage = 'remove' AND preview = 0)) AND sha256 IS NOT NULL");
  doubtEvicted(driver, now);
  // An offer of the epoch before that is not made yet stands: what was read since up to where that one broke off is its past.
  const common = readMeta(driver, 'rollback')?.forkedAt ?? 0;
  const forks = readMeta(driver, 'forks');
  const lost = driver.prepare('SELECT key, kind, seq, row, base, overlaid FROM entity WHERE seq > ?').all(forkedAt);
  for (const row of lost) {
    const text = row['overlaid'] === 1 ? row['base'] : row['row'];
    if (typeof text !== 'string') continue;
    const entity = { kind: row['kind'], row: JSON.parse(text) } as Entity;
    // Nor does what was only added again since say anything against it: an addition is nobody's edit.
    const stands = Number(row['seq']) <= common || isUntouched(entity);
    driver
      .prepare('INSERT INTO offer (key, seq, entity, generation) VALUES (?1, ?2, ?3, ?5) ON CONFLICT (key) DO UPDATE SET seq = iif(?4, seq, ?2), generation = iif(?4, generation, ?5), entity = iif(?4, entity, ?3), mutation = NULL, attempts = 0, next_at = 0')
      .run(String(row['key']), Number(row['seq']), JSON.stringify(entity), stands ? 1 : 0, generationAt(forks, Number(row['seq'])));
  }
  // Their place in the new epoch is unknown: any row of the server's is newer than none.
  driver.prepare('UPDATE entity SET seq = 0 WHERE seq > ?').run(forkedAt);
  // The place of an applied change was one of the lost epoch: it is unsent again, whatever the new
  // cursor covers before the numbers are settled.
  driver.prepare('UPDATE outbox SET seq = NULL WHERE seq > ?').run(forkedAt);
  writeMeta(driver, 'told', []);
  forgetHeld(driver);
  writeMeta(driver, 'rollback', { forkedAt, renumbered: false });
}

/** A photo as a device adds it by itself, of which nobody has made anything since. */
function isUntouched({ kind, row }: Entity): boolean {
  return kind === 'asset' && row.state === 'live' && row.joinedTo === undefined && row.adjustments === undefined && row.asTaken === undefined && row.caption === null && !row.favourite && !row.hidden && !row.archived;
}

/** The server said which of this device's mutations it still has; what it lost is queued anew, then the offers. */
export function observeLastNumber(driver: Driver, { epoch, lastNumber }: Pick<MutationsResponse, 'epoch' | 'lastNumber'>, now: number, random: Random): void {
  driver.transaction(() => {
    const rollback = readMeta(driver, 'rollback');
    // Of an epoch that was over when the answer came, the numbers say nothing.
    if (!rollback || rollback.renumbered || epoch !== readMeta(driver, 'cursor').epoch) return;
    renumber(driver, lastNumber, rollback.forkedAt, now, random, (kept) => {
      enqueueOffers(driver, now, random);
      return deferBehindOffers(driver, kept);
    });
    writeMeta(driver, 'rollback', { ...rollback, renumbered: true });
  });
}
