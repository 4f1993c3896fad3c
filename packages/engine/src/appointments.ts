import { BACKOFF_MAX_MS, PARKED_FOR } from './backoff.ts';
import { readMeta, readSettings, writeMeta } from './database/meta.ts';
import { KEPT_FOR_MS } from './folder/wants.ts';
import type { Driver } from './ports/driver.ts';

/** Clocks are set back by less than this every day, to keep them right. */
const CLOCK_JITTER_MS = 1000;

/**
 * Times to try again are those of the device's own clock. When that clock goes back (it was a year
 * ahead and is set right), each of them lies in a time to come: they are due; a pause begins anew.
 *
 * @param seenAt the clock as it was last seen, by this run or, as far as it noted it, by the one before
 */
export function mendAppointments(driver: Driver, now: number, seenAt: number = lastSeen(driver)): void {
  const isBack = now < seenAt - CLOCK_JITTER_MS;
  driver.transaction(() => {
    // What one that noted nothing has left: further ahead than anything that is ever set.
    const longest = { hold: BACKOFF_MAX_MS, source: BACKOFF_MAX_MS, offer: PARKED_FOR, item: PARKED_FOR, original: PARKED_FOR };
    for (const [table, ms] of Object.entries(longest)) driver.prepare(`UPDATE ${table} SET next_at = 0 WHERE next_at > ?`).run(isBack ? now : now + ms);
    driver.prepare('UPDATE source SET scanned_at = ?1 WHERE scanned_at > ?1').run(now);
    driver.prepare('UPDATE item SET kept_until = 0 WHERE kept_until > ?').run(now + KEPT_FOR_MS);
    // A file that was seen at a time to come was seen, at the latest, now: it settles from here.
    driver.prepare('UPDATE item SET unchanged_since = ?1 WHERE unchanged_since > ?1').run(now);
    const settings = readSettings(driver);
    const { pausedAt, pausedUntil } = settings;
    if (pausedAt !== null && pausedUntil !== null && pausedAt > now && pausedUntil < Number.MAX_SAFE_INTEGER) {
      writeMeta(driver, 'settings', { ...settings, pausedAt: now, pausedUntil: now + (pausedUntil - pausedAt) });
    }
  });
}

/** Moments that were past when they were noted. */
function lastSeen(driver: Driver): number {
  const { at } = driver.prepare('SELECT max(scanned_at) AS at FROM source').get() ?? {};
  return Math.max(Number(at ?? 0), readMeta(driver, 'progress').at);
}
