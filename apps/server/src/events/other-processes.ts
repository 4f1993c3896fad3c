import type { Services } from '../context.ts';
import { dataVersion } from '../database/sqlite/data-version.ts';

/** How soon what another process wrote is seen here. */
const LOOK_EVERY_MS = 1000;

/**
 * Events do not pass from process to process, and need not: what they are hints of stands in the
 * database that the processes share. Where another one has committed, everybody who waits looks.
 */
export function watchOtherProcesses({ db, events, timers }: Pick<Services, 'db' | 'events' | 'timers'>): { stop(): Promise<void> } {
  let seen: number | null = null;
  let looking = Promise.resolve();
  let isLooking = false;
  const look = async (): Promise<void> => {
    const version = await dataVersion(db);
    if (seen !== null && version !== seen) events.publish({ kind: 'elsewhere' });
    seen = version;
  };
  const stop = timers.every(LOOK_EVERY_MS, () => {
    if (isLooking) return;
    isLooking = true;
    // A database that cannot be read now is asked again.
    looking = look().catch(() => undefined).finally(() => (isLooking = false));
  });
  return {
    async stop() {
      stop();
      await looking;
    },
  };
}
