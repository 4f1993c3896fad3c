import type { Random } from './ports/world.ts';

/** Attempts after which an item is parked: with the delays below, about half an hour of trying. */
export const PARK_AFTER = 8;
/** A parked item is tried again once a day, and whenever a person asks. */
export const PARKED_FOR = 24 * 60 * 60 * 1000;

/** When to try again what failed `attempts` times: with growing pauses, and in the end once a day. */
export function retryDelay(attempts: number, random: Random): number {
  return attempts >= PARK_AFTER ? PARKED_FOR : backoff(attempts, random);
}

/** The longest pause of anything that is not parked. */
export const BACKOFF_MAX_MS = 5 * 60_000;

/**
 * Exponential backoff with full jitter above one half, so that devices that failed together do not
 * come back together. Attempt 1 waits about 1 s, attempt 9 and later about 5 minutes.
 */
export function backoff(attempts: number, random: Random): number {
  const ceiling = Math.min(BACKOFF_MAX_MS, 1000 * 2 ** Math.min(attempts - 1, 20));
  return Math.round(ceiling * (0.5 + random.fraction() / 2));
}
