import type { LibraryId } from '@everroll/protocol';
import { readMeta } from './database/meta.ts';
import { decideRemovals } from './folder/removals.ts';
import { readHolds, release } from './holds/holds.ts';
import { addStoredItems } from './items/additions.ts';
import { applyStorageSettings } from './optimise/observe.ts';
import { waitItem } from './items/moves.ts';
import { QUOTA_RETRY_MS } from './items/observe.ts';
import { sendWantedAgain } from './items/send-again.ts';
import type { Driver } from './ports/driver.ts';
import type { Random } from './ports/world.ts';
import { endRollback, enqueueOffers, enqueueWaiting } from './pull/offers.ts';

/**
 * What follows from what is stored without touching the world: items whose bytes are at the server
 * become mutations, offers go out after a rollback, the guard asks. Called before each plan.
 */
export function advance(driver: Driver, library: LibraryId, now: number, settleMs: number, random: Random): void {
  applyStorageSettings(driver);
  driver.transaction(() => sendWantedAgain(driver, now));
  const commitDue = driver.prepare("SELECT 1 AS found FROM item WHERE stage = 'commit' AND next_at <= ? LIMIT 1").get(now);
  if (commitDue && readMeta(driver, 'cursor').epoch !== null) driver.transaction(() => addStoredItems(driver, library, now, settleMs, random));

  const rollback = readMeta(driver, 'rollback');
  const offerDue = driver.prepare('SELECT 1 AS found FROM offer WHERE mutation IS NULL AND next_at <= ? LIMIT 1').get(now);
  if (offerDue && (rollback === null || rollback.renumbered)) driver.transaction(() => enqueueOffers(driver, now, random));
  if (rollback !== null) driver.transaction(() => endRollback(driver, now));
  const waiting = driver.prepare('SELECT 1 AS found FROM waiting_operation LIMIT 1').get();
  if (waiting) driver.transaction(() => enqueueWaiting(driver, now, random));

  const quotaRoom = readMeta(driver, 'quotaRoom');
  if (quotaRoom !== null) {
    const untold = driver.prepare("SELECT id, bytes FROM item WHERE stage = 'send' AND code IS NULL AND bytes > ?").all(quotaRoom);
    if (untold.length > 0) {
      driver.transaction(() => {
        for (const row of untold) waitItem(driver, Number(row['id']), 'send', 'quota_full', now + QUOTA_RETRY_MS, now, { shortBytes: Number(row['bytes']) - quotaRoom });
      });
    }
  }

  // A hold of a lane that has no work left would be a reason without a cause.
  for (const held of readHolds(driver)) {
    const idle =
      (held.lane === 'upload' && driver.prepare("SELECT 1 AS found FROM item WHERE stage = 'send' LIMIT 1").get() === undefined) ||
      (held.lane === 'download' && driver.prepare('SELECT 1 AS found FROM original WHERE need = 1 LIMIT 1').get() === undefined);
    if (idle) release(driver, held.lane);
  }

  const folder = driver.prepare("SELECT id, code, removals_confirmed FROM source WHERE kind = 'folder'").get();
  if (folder && rollback === null && folder['code'] !== 'source_missing') {
    const decision = decideRemovals(driver, Number(folder['id']), now);
    const asking = folder['code'] === 'mass_deletion_guard';
    if (decision.kind === 'ask' && !asking) {
      driver
        .prepare("UPDATE source SET code = 'mass_deletion_guard', evidence = ?, since = ? WHERE id = ?")
        .run(JSON.stringify({ detail: `${decision.items} of ${decision.of} files are gone.` }), now, Number(folder['id']));
    } else if (decision.kind === 'none' && (asking || folder['removals_confirmed'] === 1) && driver.prepare("SELECT 1 AS found FROM item WHERE stage = 'missing' LIMIT 1").get() === undefined) {
      // An answer holds for what it was asked about, not for what goes another day.
      driver.prepare('UPDATE source SET removals_confirmed = 0 WHERE id = ?').run(Number(folder['id']));
      if (asking) driver.prepare('UPDATE source SET code = NULL, evidence = NULL, since = NULL WHERE id = ?').run(Number(folder['id']));
    }
  }
}
