import { readMeta, writeMeta } from '../database/meta.ts';
import { failed, done, type Result } from '../ports/failure.ts';
import type { Ports } from '../ports/world.ts';
import { integrityOf } from './integrity.ts';

/** What "Restart sync" let go of. */
export interface Restarted {
  readonly holds: number;
  readonly items: number;
  readonly uploads: number;
  readonly sources: number;
}

/**
 * Stops, checks the database, lets go of what is stuck, looks at every source again, goes on. What
 * the server has is not sent again: what was begun goes on at the server's offset, and what is
 * verified stays so.
 */
export function restartSync({ driver, clock }: Pick<Ports, 'driver' | 'clock'>): Result<Restarted> {
  const integrity = integrityOf(driver, 'full');
  if (integrity.state === 'damaged') return failed('local_database_corrupt', { detail: integrity.detail });
  const now = clock.now();
  return done(
    driver.transaction(() => {
      const change = (sql: string): number => driver.prepare(sql).run().changes;
      const restarted = {
        holds: change('DELETE FROM hold'),
        items: change("UPDATE item SET next_at = 0 WHERE next_at > 0 AND stage IN ('settling', 'inspect', 'ask', 'send', 'commit', 'remove', 'evicted')"),
        uploads: change("DELETE FROM upload WHERE NOT EXISTS (SELECT 1 FROM item WHERE item.sha256 = upload.sha256 AND stage IN ('ask', 'send'))"),
        sources: change('UPDATE source SET scan_wanted = 1, next_at = 0'),
      };
      change('UPDATE original SET next_at = 0 WHERE need = 1');
      change('UPDATE offer SET next_at = 0 WHERE mutation IS NULL');
      // A process that runs sees this at its next look, stops what it does and begins anew.
      writeMeta(driver, 'restarts', readMeta(driver, 'restarts') + 1);
      writeMeta(driver, 'progress', { ...readMeta(driver, 'progress'), at: now });
      return restarted;
    }),
  );
}
