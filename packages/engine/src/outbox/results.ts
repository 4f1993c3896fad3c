import { keyOf, keyText, type MutationsResponse, type Operation } from '@everroll/protocol';
import { retryDelay } from '../backoff.ts';
import { noteTold, readMeta, writeMeta } from '../database/meta.ts';
import { sendWantedAgain } from '../items/send-again.ts';
import { additionApplied, additionRejected } from '../items/additions.ts';
import type { Driver } from '../ports/driver.ts';
import type { Random } from '../ports/world.ts';
import { isLostThere, isToCome } from '../pull/offers.ts';
import { drop, dropCovered } from './outbox.ts';

/** The server's answer to a batch, stored in one transaction; only then is it acknowledged (rule M3). */
export function observeResults(driver: Driver, response: MutationsResponse, now: number, random: Random): void {
  driver.transaction(() => {
    // An answer that was under way when the device learned of another epoch speaks of lost places.
    if (response.epoch !== readMeta(driver, 'cursor').epoch) return;
    for (const result of response.results) {
      const known = driver.prepare('SELECT id, operation FROM outbox WHERE number = ?').get(result.number);
      if (known?.['id'] !== result.id) continue;
      if (result.outcome === 'applied') {
        driver.prepare('UPDATE outbox SET seq = ? WHERE number = ?').run(result.seq, result.number);
        driver.prepare('DELETE FROM offer WHERE mutation = ?').run(result.number);
        additionApplied(driver, result.number);
      } else {
        const operation = JSON.parse(String(known['operation'])) as Operation;
        const ofItems = additionRejected(driver, result.number, operation, result.code, now, random);
        if (operation.op === 'offer' && result.code === 'resource_missing') {
          offerLater(driver, operation, result.number, now, random);
        } else if (operation.op === 'offer') {
          // The server will not have it: what is shown of it here is no part of the library any more.
          driver.prepare('DELETE FROM entity WHERE seq = 0 AND overlaid = 0 AND key IN (SELECT key FROM offer WHERE mutation = ?)').run(result.number);
          driver.prepare('DELETE FROM offer WHERE mutation = ?').run(result.number);
        } else if (result.code === 'not_found' && isToCome(driver, result.number)) {
          // The row is one that the server lost and that comes again: the change follows it.
          driver.prepare('INSERT INTO waiting_operation (operation) VALUES (?)').run(String(known['operation']));
        } else if (result.code === 'not_found' && isLostThere(driver, result.number)) {
          driver.prepare('INSERT INTO waiting_operation (operation) VALUES (?)').run(String(known['operation']));
          const { seq } = readMeta(driver, 'cursor');
          writeMeta(driver, 'head', Math.max(readMeta(driver, 'head'), (seq ?? 0) + 1));
        } else if (!ofItems) {
          driver
            .prepare('INSERT OR REPLACE INTO rejection (number, operation, code, at) VALUES (?, ?, ?, ?)')
            .run(result.number, String(known['operation']), result.code, now);
        }
        drop(driver, [result.number], now);
      }
      writeMeta(driver, 'acknowledged', Math.max(readMeta(driver, 'acknowledged'), result.number));
    }
    driver.exec("UPDATE item SET next_at = 0 WHERE stage = 'commit' AND code = 'server_rolled_back'");
    const applied = Math.max(0, ...response.results.map((result) => (result.outcome === 'applied' ? result.seq : 0)));
    noteTold(driver, { seq: applied, by: response.incarnation });
    if (response.head > readMeta(driver, 'head')) writeMeta(driver, 'head', response.head);
    dropCovered(driver, now);
    sendWantedAgain(driver, now);
    // The list is for people; the newest thousand tell all that one can still act on.
    driver.exec('DELETE FROM rejection WHERE number <= (SELECT max(number) FROM rejection) - 1000');
  });
}

/**
 * The bytes may be on another device: offered again later, ever more seldom. An offer that was applied
 * is forgotten, and may be sent once more when the server went back again: then it is one anew.
 */
function offerLater(driver: Driver, offer: Extract<Operation, { op: 'offer' }>, number: number, now: number, random: Random): void {
  driver
    .prepare('INSERT OR IGNORE INTO offer (key, seq, generation, entity, mutation) VALUES (?, ?, ?, ?, ?)')
    .run(keyText(keyOf(offer.entity)), offer.seq, offer.generation ?? 0, JSON.stringify(offer.entity), number);
  const attempts = Number(driver.prepare('SELECT attempts FROM offer WHERE mutation = ?').get(number)?.['attempts'] ?? 0) + 1;
  driver.prepare('UPDATE offer SET mutation = NULL, attempts = ?, next_at = ? WHERE mutation = ?').run(attempts, now + retryDelay(attempts, random), number);
}
