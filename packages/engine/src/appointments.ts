import { BACKOFF_MAX_MS, PARKED_FOR } from './backoff.ts';
import { readSettings, writeMeta } from './database/meta.ts';
import { KEPT_FOR_MS } from './folder/wants.ts';
import type { Driver } from './ports/driver.ts';

/**
 * Times to try again are those of the device's own clock. When that clock goes back (it was a year
 * ahead and is set right), each of them lies in a time to come. One that is further ahead than
 * anything that is ever set was made under another clock, and is due; a pause begins anew.
 */
export function mendAppointments(driver: Driver, now: number): void {
  driver.transaction(() => {
    for (const table of ['hold', 'source', 'offer'] as const) {
      const longest = table === 'offer' ? PARKED_FOR : BACKOFF_MAX_MS;
      driver.prepare(`UPDATE ${table} SET next_at = 0 WHERE next_at > ?`).run(now + longest);
    }
    for (const table of ['item', 'original'] as const) driver.prepare(`UPDATE ${table} SET next_at = 0 WHERE next_at > ?`).run(now + PARKED_FOR);
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
