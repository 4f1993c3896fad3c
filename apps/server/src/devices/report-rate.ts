/** One report a second in the long run; so many at once, as the last one of a run must not be lost. */
const BURST = 5;
const EVERY_MS = 1000;

export type Turn = { readonly may: true; readonly burstFullAt: number } | { readonly may: false; readonly retryAfterSeconds: number };

/**
 * Each report is a write: a device that has run wild is held to a pace that a small machine bears.
 *
 * @param burstFullAt when the device has its whole burst again, as its last report left it; null: it has it
 */
export function turnOf(burstFullAt: number | null, now: number): Turn {
  const latest = now + BURST * EVERY_MS;
  // Further ahead than it is ever set: the server's clock was set back since.
  const fullAt = burstFullAt === null || burstFullAt > latest ? now : Math.max(now, burstFullAt);
  const excess = fullAt + EVERY_MS - latest;
  return excess > 0 ? { may: false, retryAfterSeconds: excess / 1000 } : { may: true, burstFullAt: fullAt + EVERY_MS };
}
