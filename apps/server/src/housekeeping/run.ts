import type { Services } from '../context.ts';
import type { UploadDesk } from '../uploads/desk.ts';
import { takeInventory } from '../scrub/inventory.ts';
import { removeSetAside, setAsideOrphans } from './originals.ts';
import { purgeRecentlyDeleted } from './recently-deleted.ts';
import { compareRenditions, removeOldLooks, removeUnnamedRenditions } from './renditions.ts';
import { releaseUnreferenced } from './unreferenced.ts';
import { sweepUploads } from './uploads.ts';

/** Soon enough that space which expires comes back the same hour. */
const EVERY_MS = 60 * 60 * 1000;

/** Listing every original costs a folder read for each 16 of a million. */
const ORIGINALS_EVERY_MS = 24 * 60 * 60 * 1000;

/**
 * Everything that time does to what the server keeps, once: expiry, purges, orphans. Each step is
 * derived from what is stored and may be repeated or killed at any moment; one that fails is logged
 * and keeps no other from running.
 */
export async function runHousekeeping(services: Services, desk: UploadDesk, now: number): Promise<void> {
  await runFrequent(services, desk, now);
  await runDaily(services, desk, now);
}

async function runFrequent(services: Services, desk: UploadDesk, now: number): Promise<void> {
  await step(services, desk, 'uploads', () => sweepUploads(desk, now));
  await step(services, desk, 'recently deleted', () => purgeRecentlyDeleted(services, now));
  await step(services, desk, 'unreferenced', () => releaseUnreferenced(services, now));
  await step(services, desk, 'renditions', () => removeUnnamedRenditions(services));
  await step(services, desk, 'looks', () => removeOldLooks(services, now));
}

async function runDaily(services: Services, desk: UploadDesk, now: number): Promise<void> {
  // Before anything is removed: an original that is lost may lie among what was set aside.
  await step(services, desk, 'inventory', () => takeInventory(desk, now));
  await step(services, desk, 'removed', () => removeSetAside(desk, now));
  await step(services, desk, 'set aside', () => setAsideOrphans(desk, now));
  await step(services, desk, 'renditions compared', () => compareRenditions(services, now));
}

async function step(services: Services, { upkeep }: UploadDesk, name: string, work: () => Promise<unknown>): Promise<void> {
  try {
    const did = await work();
    upkeep.note(name, { endedAt: services.clock.now(), ok: true });
    if (hasDone(did)) services.log.info('housekeeping', { step: name, did });
  } catch (error) {
    upkeep.note(name, { endedAt: services.clock.now(), ok: false });
    services.log.error('housekeeping failed', { step: name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

/** Nothing to tell of a step that found nothing to do: it is so every hour. */
function hasDone(did: unknown): boolean {
  return typeof did === 'object' && did !== null ? Object.values(did).some(hasDone) : did !== 0 && did !== undefined;
}

/** Runs at once and then each hour, never twice at a time. `stop` resolves when a run that goes on has ended. */
export function startHousekeeping(services: Services, desk: UploadDesk): { stop(): Promise<void> } {
  let running: Promise<void> | undefined;
  let originalsAt = Number.NEGATIVE_INFINITY;
  const run = () => {
    running ??= once().finally(() => {
      running = undefined;
    });
  };
  const once = async () => {
    const now = services.clock.now();
    await runFrequent(services, desk, now);
    if (now - originalsAt < ORIGINALS_EVERY_MS) return;
    originalsAt = now;
    await runDaily(services, desk, now);
  };
  run();
  const cancel = services.timers.every(EVERY_MS, run);
  return {
    async stop() {
      cancel();
      await running;
    },
  };
}
