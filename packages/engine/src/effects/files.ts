import { backoff } from '../backoff.ts';
import { observeGone, observeStillThere } from '../folder/removals.ts';
import type { Item } from '../items/item.ts';
import { observeInspection, observeItemFailure, observeStat } from '../items/observe.ts';
import { beginListing, completeListing, isShadow, observeEntries } from '../items/scan.ts';
import { isToCome } from '../folder/wants.ts';
import { dropNeedlessPreviews } from '../optimise/observe.ts';
import { SourceGone } from '../ports/source.ts';
import { done, type Failure } from '../ports/failure.ts';
import { type Context, failSource, folderAt, sourceOf } from './context.ts';

/** Lists a source completely. Only a listing that ended by itself says that something is gone. */
export async function scan(context: Context, sourceId: number): Promise<void> {
  const { driver, clock } = context.ports;
  const kind = driver.prepare('SELECT kind FROM source WHERE id = ?').get(sourceId)?.['kind'] === 'folder' ? 'folder' : 'source';
  // A change that is noticed while the listing runs asks for another one.
  driver.prepare('UPDATE source SET scan_wanted = 2 WHERE id = ?').run(sourceId);
  const listing = beginListing(driver, sourceId);
  try {
    for await (const listed of sourceOf(context, sourceId).list(context.signal)) {
      if (listed.what === 'entries') observeEntries(driver, listing, listed.entries, clock.now(), context.timing.settleMs);
      else listing.unreadable.push(listed.localId);
    }
  } catch (error) {
    if (context.signal.aborted) return;
    if (!(error instanceof SourceGone)) throw error;
    fail(context, sourceId, { code: error.code, evidence: { detail: error.message } });
    return;
  }
  if (context.signal.aborted) return;
  const isAsked = driver.prepare('SELECT scan_wanted FROM source WHERE id = ?').get(sourceId)?.['scan_wanted'] === 1;
  // What is missed may have been moved while the listing ran, from where it had not been to where it had: another one tells.
  const isMissed = completeListing(driver, listing, kind, clock.now()) === 'missed';
  const askedAgain = isAsked || isMissed;
  if (kind === 'folder') {
    dropNeedlessPreviews(driver, sourceId);
    await folderAt(context, sourceId).tidy((sha256) => isToCome(driver, sha256));
  }
  if (listing.unreadable.length > 0) {
    // What lies there is unknown, not gone; all else goes on.
    noteUnreadable(context, sourceId, listing.unreadable);
    driver.prepare('UPDATE source SET scan_wanted = ? WHERE id = ?').run(askedAgain ? 1 : 0, sourceId);
  } else {
    driver.prepare("UPDATE source SET code = NULL, evidence = NULL, since = NULL, scan_wanted = ? WHERE id = ? AND code IS NOT 'mass_deletion_guard'").run(askedAgain ? 1 : 0, sourceId);
    driver.prepare('UPDATE source SET scan_wanted = ? WHERE id = ?').run(askedAgain ? 1 : 0, sourceId);
  }
}

function noteUnreadable(context: Context, sourceId: number, paths: readonly string[]): void {
  const { driver, clock } = context.ports;
  const evidence = JSON.stringify({ detail: `${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ` and ${paths.length - 3} more` : ''}` });
  driver
    .prepare("UPDATE source SET since = CASE WHEN code IS 'unreadable' THEN since ELSE ? END, code = 'unreadable', evidence = ? WHERE id = ? AND code IS NOT 'mass_deletion_guard'")
    .run(clock.now(), evidence, sourceId);
}

function fail(context: Context, sourceId: number, failure: Failure): void {
  const attempts = Number(context.ports.driver.prepare('SELECT attempts FROM source WHERE id = ?').get(sourceId)?.['attempts'] ?? 0) + 1;
  // It comes back when a disk is mounted: the watcher may tell, and if not, the next look does.
  failSource(context, sourceId, failure, Math.max(20_000, backoff(attempts, context.ports.random)));
}

export async function stat(context: Context, item: Item): Promise<void> {
  const { driver, clock } = context.ports;
  const result = await sourceOf(context, item.sourceId).stat(item.localId);
  if (result.ok) await context.commits.run(() => observeStat(driver, item.id, result.value, clock.now(), context.timing.settleMs), context.signal);
  else observeFileFailure(context, item, result.failure);
}

export async function inspect(context: Context, item: Item): Promise<void> {
  const { driver, clock } = context.ports;
  const result = await sourceOf(context, item.sourceId).inspect(item.localId, context.signal);
  if (context.signal.aborted) return;
  if (result.ok) await context.commits.run(() => observeInspection(driver, item.id, result.value, context.library, clock.now(), context.timing.settleMs), context.signal);
  else observeFileFailure(context, item, result.failure);
}

/** A fault of the whole source is the source's: its items wait for the next complete listing. */
export function observeFileFailure(context: Context, item: Item, failure: Failure): void {
  const { driver, clock, random } = context.ports;
  context.met.code = failure.code;
  if (failure.code === 'source_missing' || failure.code === 'source_access_revoked') fail(context, item.sourceId, failure);
  observeItemFailure(driver, item.id, failure, clock.now(), context.timing.settleMs, random);
}

/** Looks once more for files that a listing of the library folder did not show, before they count as deleted. */
export async function confirmGone(context: Context, sourceId: number, items: readonly Item[]): Promise<void> {
  const { driver, clock, random } = context.ports;
  const folder = folderAt(context, sourceId);
  for (const item of items) {
    // Where another file lies now, there is nothing to look for.
    const result = isShadow(item) ? done(undefined) : await folder.stat(item.localId);
    if (context.signal.aborted) return;
    if (!result.ok) {
      fail(context, sourceId, result.failure);
      return;
    }
    driver.transaction(() => {
      if (result.value) observeStillThere(driver, item.id);
      else observeGone(driver, item.id, clock.now(), random);
    });
  }
  driver
    .prepare("UPDATE source SET removed = CASE WHEN removals_confirmed = 1 THEN 0 ELSE removed END, removals_confirmed = 0, code = CASE WHEN code = 'mass_deletion_guard' THEN NULL ELSE code END WHERE id = ? AND NOT EXISTS (SELECT 1 FROM item WHERE +source_id = ? AND stage = 'missing')")
    .run(sourceId, sourceId);
}
