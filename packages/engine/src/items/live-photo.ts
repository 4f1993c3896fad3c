import type { Driver } from '../ports/driver.ts';
import { isKnown, itemsWhere, type KnownItem } from './item.ts';

/**
 * A half that was written long ago waits while a copy that has just begun may bring the other: as
 * long as a file settles. One that was just written waits twelve times that (two minutes), as
 * cameras and transfers write the two some seconds apart.
 */
const WRITTEN_FACTOR = 12;
/** A half that keeps failing holds the other one up no longer than this many attempts. */
const PATIENCE_ATTEMPTS = 3;

export type Pairing =
  | { readonly kind: 'alone' }
  | { readonly kind: 'pair'; readonly still: KnownItem; readonly video: KnownItem }
  | { readonly kind: 'wait'; readonly until: number };

/**
 * Finds the other half of a Live Photo among this device's files: by the content identifier that
 * Apple writes into both (MakerNote 0x0011 of the still, com.apple.quicktime.content.identifier of
 * the video), never by name. Of several candidates one whose bytes are stored is taken first, then
 * one of the same name, as copies of a pair may lie in two folders.
 */
export function livePhotoOf(driver: Driver, item: KnownItem, now: number, settleMs: number): Pairing {
  if (item.contentId === null || (item.kind !== 'photo' && item.kind !== 'video')) return { kind: 'alone' };
  const candidates = itemsWhere(driver, "content_id = ? AND kind = ? AND stage NOT IN ('excluded', 'vanished')", item.contentId, item.kind === 'photo' ? 'video' : 'photo')
    .filter(isKnown)
    .toSorted((a, b) => Number(isStored(b)) - Number(isStored(a)) || Number(stem(b) === stem(item)) - Number(stem(a) === stem(item)) || a.id - b.id);
  const other = candidates[0];
  if (other && isStored(other)) return item.kind === 'photo' ? { kind: 'pair', still: item, video: other } : { kind: 'pair', still: other, video: item };

  // A time in the future is that of a wrong clock: what this device saw counts then. If that lies
  // ahead too, its own clock went back, and the half has waited long enough.
  const written = Math.min(item.modifiedAt, item.firstSeenAt);
  const deadline = item.firstSeenAt > now ? now : Math.max(written + WRITTEN_FACTOR * settleMs, item.firstSeenAt + settleMs);
  if (other && isOnItsWay(other)) return { kind: 'wait', until: Math.max(deadline, now + settleMs) };
  return deadline > now ? { kind: 'wait', until: deadline } : { kind: 'alone' };
}

/** One that waits for a reason of its own (a full plan, say) holds nothing up: it joins the other later. */
function isOnItsWay(item: KnownItem): boolean {
  return item.attempts < PATIENCE_ATTEMPTS && (item.code === null || item.code === 'still_being_written');
}

/** A half has arrived at the server: the other one need not wait for its deadline. */
export function wakeOtherHalf(driver: Driver, contentId: string | null): void {
  if (contentId !== null) driver.prepare("UPDATE item SET next_at = 0 WHERE content_id = ? AND stage = 'commit'").run(contentId);
}

function isStored(item: KnownItem): boolean {
  switch (item.stage) {
    case 'commit':
    case 'committing':
    case 'verified':
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

function stem(item: KnownItem): string {
  return item.localId.replace(/\.[^./]*$/, '').toLowerCase();
}
