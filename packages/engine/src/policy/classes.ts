import type { Limit, WorkClass } from './policy.ts';

/** How the rows of `item` and `original` fall into the classes that policy tells apart. */

/** Seen within so long of being written: just taken or just copied in. */
const FRESH_WITHIN_MS = 30 * 60_000;
/** And no longer ago than this: what is stuck for days is backlog. */
const FRESH_FOR_MS = 24 * 60 * 60_000;

/** An SQL expression over `item`: its class. Takes one parameter, the time now. */
export const itemClass = `CASE asked WHEN 2 THEN 'consented' WHEN 1 THEN 'asked' ELSE
  CASE WHEN first_seen_at - modified_at < ${FRESH_WITHIN_MS} AND first_seen_at > ? - ${FRESH_FOR_MS} THEN 'fresh' ELSE 'backlog' END END`;

/** The same over `original`: what comes down is never fresh. */
export const originalClass = "CASE asked WHEN 2 THEN 'consented' WHEN 1 THEN 'asked' ELSE 'backlog' END";

/** An SQL expression: the most bytes that work of this class may have. */
export function mostBytes(classes: string, limits: Readonly<Record<WorkClass, Limit>>): string {
  const cases = (['consented', 'asked', 'fresh', 'backlog'] as const).map((name) => `WHEN '${name}' THEN ${limits[name].upTo}`);
  return `CASE (${classes}) ${cases.join(' ')} END`;
}
