import type { KnownItem } from './item.ts';

/**
 * How long a file waits for another one that belongs to it, such as half of a Live Photo for the
 * other half. A file that was written long ago waits while a copy that has just begun may bring the
 * other: as long as a file settles. One that was just written waits twelve times that (two minutes),
 * as cameras and transfers write the two some seconds apart.
 */
const WRITTEN_FACTOR = 12;
/** A file that keeps failing holds the other one up no longer than this many attempts. */
const PATIENCE_ATTEMPTS = 3;

/** Until when the item waits for what is not there. In the past: it has waited long enough. */
export function deadlineOf(item: KnownItem, now: number, settleMs: number): number {
  // A time in the future is that of a wrong clock: what this device saw counts then. If that lies
  // ahead too, its own clock went back, and the file has waited long enough.
  const written = Math.min(item.modifiedAt, item.firstSeenAt);
  return item.firstSeenAt > now ? now : Math.max(written + WRITTEN_FACTOR * settleMs, item.firstSeenAt + settleMs);
}

/** One that waits for a reason of its own (a full plan, say) holds nothing up: it joins the other later. */
export function isOnItsWay(item: Pick<KnownItem, 'attempts' | 'code'>): boolean {
  return item.attempts < PATIENCE_ATTEMPTS && (item.code === null || item.code === 'still_being_written');
}

/** The server has its bytes. */
export function isStored(item: KnownItem): boolean {
  switch (item.stage) {
    case 'commit':
    case 'committing':
    case 'verified':
    case 'evicted':
    case 'remove':
    case 'missing':
      return true;
    case 'settling':
    case 'inspect':
    case 'ask':
    case 'send':
    case 'excluded':
    case 'vanished':
      return false;
  }
}
