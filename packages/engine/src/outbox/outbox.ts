import { apply, type Entity, type EntityKey, keyOf, type MutationId, type Mutation, type Operation, rowsNamedBy, keyText } from '@everroll/protocol';
import { isRead, readMeta, writeMeta } from '../database/meta.ts';
import type { Driver } from '../ports/driver.ts';
import { done, failed, type Result } from '../ports/failure.ts';
import type { Random } from '../ports/world.ts';
import { refold, showPending, shownRows } from '../replica/entities.ts';

/**
 * The queue of this device's mutations (rules M1 to M4). An entry stays until the cursor covers the
 * `seq` that it got, so that no page that is pulled in between hides it.
 */
export interface Queued {
  readonly number: number;
}

/**
 * Puts an operation into the queue and shows it, in the caller's transaction. An operation that
 * changes nothing that is shown is not sent; one that the rules refuse here fails at once.
 */
export function enqueue(driver: Driver, operation: Operation, now: number, random: Random): Result<Queued | null> {
  const outcome = apply(operation, shownRows(driver), now);
  if (outcome.outcome === 'rejected') return failed(outcome.code);
  if (outcome.outcome === 'unchanged') return done(null);
  return done(queue(driver, operation, touched(operation, outcome.entities), now, random));
}

/** Queues without asking the rules here: the server decides (additions and offers, whose row may be shown already). */
export function enqueueAnyway(driver: Driver, operation: Operation, now: number, random: Random): Queued {
  return queue(driver, operation, rowsNamedBy(operation).filter((key) => operation.op !== 'album.add' || key.kind === 'album_item'), now, random);
}

function touched(operation: Operation, entities: readonly Entity[]): EntityKey[] {
  const changed = new Set(entities.map((entity) => keyText(keyOf(entity))));
  return rowsNamedBy(operation).filter((key) => changed.has(keyText(key)));
}

function queue(driver: Driver, operation: Operation, keys: readonly EntityKey[], now: number, random: Random): Queued {
  const number = readMeta(driver, 'nextNumber');
  writeMeta(driver, 'nextNumber', number + 1);
  driver.prepare('INSERT INTO outbox (number, id, operation, created_at) VALUES (?, ?, ?, ?)').run(number, random.id(), JSON.stringify(operation), now);
  for (const key of keys) driver.prepare('INSERT OR IGNORE INTO outbox_key (key, number) VALUES (?, ?)').run(keyText(key), number);
  showPending(driver, keys, now);
  return { number };
}

/** Characters of operations in one request. Even at three bytes each that is below any server's limit. */
const REQUEST_CHARACTERS = 500_000;

/** The next mutations to send, in order: at least one, and as many as fit into a request. */
export function unsent(driver: Driver, limit: number): Mutation[] {
  const mutations: Mutation[] = [];
  let characters = 0;
  for (const row of driver.prepare(`SELECT number, id, operation FROM outbox WHERE seq IS NULL ORDER BY number LIMIT ${limit}`).all()) {
    const text = String(row['operation']);
    characters += text.length;
    if (mutations.length > 0 && characters > REQUEST_CHARACTERS) break;
    mutations.push({ number: Number(row['number']), id: row['id'] as MutationId, operation: JSON.parse(text) as Operation });
  }
  return mutations;
}

export function hasUnsent(driver: Driver): boolean {
  return driver.prepare('SELECT 1 AS found FROM outbox WHERE seq IS NULL LIMIT 1').get() !== undefined;
}

/** Rows of a change that are here as they were before it. */
const LEFT_TO_READ = 'SELECT 1 FROM outbox_key LEFT JOIN entity ON entity.key = outbox_key.key WHERE outbox_key.number = outbox.number AND coalesce(entity.seq, 0) < outbox.seq';

/**
 * Drops what the cursor covers (rule M4) and shows the rows without it: they hold it now. Where the device was told of a
 * place below the cursor that is not known to be of the history that it read, the log is asked first (rule C3). A row that
 * was changed again since stands further on in the log: until that is read, it holds nothing of the change.
 */
export function dropCovered(driver: Driver, now: number): void {
  const cursor = readMeta(driver, 'cursor');
  if (cursor.phase !== 'log') return;
  if (readMeta(driver, 'told').some((place) => place.seq <= cursor.seq && !isRead(cursor, place))) {
    writeMeta(driver, 'head', Math.max(readMeta(driver, 'head'), cursor.seq + 1));
    return;
  }
  const unlessLeft = readMeta(driver, 'head') <= cursor.seq ? '' : `AND NOT EXISTS (${LEFT_TO_READ})`;
  const covered = driver.prepare(`SELECT number FROM outbox WHERE seq IS NOT NULL AND seq <= ? ${unlessLeft}`).all(cursor.seq);
  drop(driver, covered.map((row) => Number(row['number'])), now);
}

export function drop(driver: Driver, numbers: readonly number[], now: number): void {
  const keys = new Set<string>();
  for (const number of numbers) {
    for (const row of driver.prepare('SELECT key FROM outbox_key WHERE number = ?').all(number)) keys.add(String(row['key']));
    driver.prepare('DELETE FROM outbox_key WHERE number = ?').run(number);
    driver.prepare('DELETE FROM outbox WHERE number = ?').run(number);
  }
  for (const key of keys) refold(driver, key, now);
}

/**
 * After a rollback the server knows other numbers than this device. What it may have lost is sent
 * again under new numbers and ids; registers and sets take it a second time without harm.
 * @param lastNumber the last one that the server has of this device.
 * @param forkedAt what was applied after it is lost.
 * @param first queues what has to come before (the offers, on whose rows the kept mutations work) and
 * says which of those are sent now.
 */
export function renumber(driver: Driver, lastNumber: number, forkedAt: number, now: number, random: Random, first: (kept: readonly number[]) => readonly number[] = (kept) => kept): void {
  const kept = driver.prepare('SELECT number FROM outbox WHERE seq IS NULL OR seq > ? ORDER BY number').all(forkedAt).map((row) => Number(row['number']));
  // Away first, then to their places: the numbers may overlap.
  for (const table of ['outbox', 'outbox_key'] as const) driver.exec(`UPDATE ${table} SET number = -number WHERE number > 0`);
  driver.exec('UPDATE item SET mutation = -mutation WHERE mutation IS NOT NULL');
  driver.exec('UPDATE offer SET mutation = -mutation WHERE mutation IS NOT NULL');
  writeMeta(driver, 'nextNumber', lastNumber + 1);
  writeMeta(driver, 'acknowledged', lastNumber);
  const sent = first(kept);
  let next = readMeta(driver, 'nextNumber') - 1;
  for (const number of sent) {
    next += 1;
    driver.prepare('UPDATE outbox SET number = ?, id = ?, seq = NULL WHERE number = ?').run(next, random.id(), -number);
    driver.prepare('UPDATE outbox_key SET number = ? WHERE number = ?').run(next, -number);
    driver.prepare('UPDATE item SET mutation = ? WHERE mutation = ?').run(next, -number);
    driver.prepare('UPDATE offer SET mutation = ? WHERE mutation = ?').run(next, -number);
  }
  // What is left was applied before the fork: the snapshot holds it, and no row is shown with it any more.
  const left = driver.prepare('SELECT number FROM outbox WHERE number < 0').all();
  drop(driver, left.map((row) => Number(row['number'])), now);
  driver.exec('DELETE FROM outbox_key WHERE number < 0');
  driver.exec("UPDATE item SET mutation = NULL, stage = CASE WHEN stage = 'committing' THEN 'ask' ELSE stage END WHERE mutation < 0");
  driver.exec('UPDATE offer SET mutation = NULL WHERE mutation < 0');
  writeMeta(driver, 'nextNumber', next + 1);
}
