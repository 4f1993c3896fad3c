import { keyText, keyOf, type Operation, rowsNamedBy } from '@everroll/protocol';
import { readMeta, writeMeta } from '../database/meta.ts';
import { enqueueAnyway } from '../outbox/outbox.ts';
import type { Driver } from '../ports/driver.ts';
import type { Random } from '../ports/world.ts';
import { dropUnoffered } from '../replica/entities.ts';

/** Offers go out in the order of the lost epochs, so that an album comes before its items, and an asset before what became a part of it. */
export function enqueueOffers(driver: Driver, now: number, random: Random): void {
  const due = driver.prepare("SELECT key, seq, generation, entity FROM offer WHERE mutation IS NULL AND next_at <= ? ORDER BY generation, seq, json_extract(entity, '$.row.joinedTo') IS NOT NULL").all(now);
  for (const row of due) {
    const entity = JSON.parse(String(row['entity'])) as Extract<Operation, { op: 'offer' }>['entity'];
    if (entity.kind === 'asset' && holdsUnsentBytes(driver, String(row['key']))) continue;
    const { number } = enqueueAnyway(driver, { op: 'offer', seq: Number(row['seq']), generation: Number(row['generation']), entity }, now, random);
    driver.prepare('UPDATE offer SET mutation = ? WHERE key = ?').run(number, keyText(keyOf(entity)));
  }
}

/** This device is about to send the asset's bytes: its row is offered once they are there (rule A3). */
function holdsUnsentBytes(driver: Driver, key: string): boolean {
  return (
    driver
      .prepare("SELECT 1 AS found FROM item WHERE asset_id = ? AND stage IN ('settling', 'inspect', 'ask', 'send') AND attempts < 3 LIMIT 1")
      .get(key.slice('asset:'.length)) !== undefined
  );
}

/**
 * Sets aside the changes whose rows cannot be offered yet: on the server's older row they would hide
 * what comes with the offer.
 */
export function deferBehindOffers(driver: Driver, numbers: readonly number[]): number[] {
  return numbers.filter((number) => {
    const waits = driver.prepare('SELECT 1 AS found FROM outbox_key JOIN offer USING (key) WHERE number = ? AND offer.mutation IS NULL LIMIT 1').get(-number) !== undefined;
    const isAddition = driver.prepare('SELECT 1 AS found FROM item WHERE mutation = ? LIMIT 1').get(-number) !== undefined;
    if (!waits || isAddition) return true;
    driver.prepare('INSERT INTO waiting_operation (operation) SELECT operation FROM outbox WHERE number = ?').run(-number);
    return false;
  });
}

/** Whether a mutation changes a row that is still to come: offered, or an addition that has to be made again. */
export function isToCome(driver: Driver, mutation: number): boolean {
  return driver.prepare('SELECT key FROM outbox_key WHERE number = ?').all(mutation).some((row) => isAwaited(driver, String(row['key'])));
}

/**
 * Whether this device's log has a row that the server says it does not know. Either the row was
 * purged since, or the server went back to an older state: the log tells, so it is read first.
 */
export function isLostThere(driver: Driver, mutation: number): boolean {
  const knows = driver.prepare("SELECT 1 AS found FROM outbox_key JOIN entity USING (key) WHERE number = ? AND entity.seq > 0 AND coalesce(entity.base, entity.row) IS NOT NULL LIMIT 1").get(mutation);
  const retried = driver.prepare('SELECT 1 AS found FROM outbox WHERE number = ? AND retried = 1').get(mutation);
  return knows !== undefined && retried === undefined;
}

function isAwaited(driver: Driver, key: string): boolean {
  if (driver.prepare('SELECT 1 AS found FROM offer WHERE key = ?').get(key)) return true;
  const assetId = /^(?:asset:|album_item:[^/]*\/)(.*)$/.exec(key)?.[1];
  return (
    assetId !== undefined &&
    driver.prepare("SELECT 1 AS found FROM item WHERE asset_id = ? AND stage IN ('ask', 'send', 'commit', 'committing') LIMIT 1").get(assetId) !== undefined
  );
}

/** Queues again the changes that had to wait for their rows. */
export function enqueueWaiting(driver: Driver, now: number, random: Random): void {
  const cursor = readMeta(driver, 'cursor');
  if (cursor.phase !== 'log' || readMeta(driver, 'head') > cursor.seq) return;
  for (const row of driver.prepare('SELECT id, operation FROM waiting_operation ORDER BY id').all()) {
    const operation = JSON.parse(String(row['operation'])) as Operation;
    if (rowsNamedBy(operation).some((key) => isAwaited(driver, keyText(key)))) continue;
    const { number } = enqueueAnyway(driver, operation, now, random);
    driver.prepare('UPDATE outbox SET retried = 1 WHERE number = ?').run(number);
    driver.prepare('DELETE FROM waiting_operation WHERE id = ?').run(Number(row['id']));
  }
}

export function nextOfferAt(driver: Driver, now: number): number | null {
  const next = driver.prepare('SELECT min(next_at) AS at FROM offer WHERE mutation IS NULL AND next_at > ?').get(now)?.['at'];
  return typeof next === 'number' ? next : null;
}

/**
 * The rollback is over when the library was read anew and every offer was answered at least once:
 * what still lacks its bytes waits for the device that has them and holds nothing else up.
 */
export function endRollback(driver: Driver, now: number): void {
  const rollback = readMeta(driver, 'rollback');
  const cursor = readMeta(driver, 'cursor');
  if (!rollback?.renumbered || cursor.phase !== 'log') return;
  if (driver.prepare('SELECT 1 AS found FROM offer WHERE mutation IS NOT NULL OR attempts = 0 LIMIT 1').get()) return;
  // Until the cursor covers what was offered, the rows of it are still to come.
  if (driver.prepare("SELECT 1 AS found FROM outbox WHERE operation LIKE '{\"op\":\"offer\"%' LIMIT 1").get()) return;
  dropUnoffered(driver, cursor.snapshot, now);
  writeMeta(driver, 'rollback', null);
}
