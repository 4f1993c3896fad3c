import type { Driver } from '../ports/driver.ts';
import { deadlineOf, isOnItsWay, isStored } from './arrival.ts';
import { companionshipOf } from './companions.ts';
import { isKnown, itemsWhere, type KnownItem } from './item.ts';
import { mayBePart } from './part-of.ts';

export type Pairing =
  | { readonly kind: 'alone' }
  | { readonly kind: 'pair'; readonly still: KnownItem; readonly video: KnownItem }
  | { readonly kind: 'wait'; readonly until: number };

/**
 * Finds the other half of a Live Photo among this device's files: by the content identifier that
 * Apple writes into both (MakerNote 0x0011 of the still, com.apple.quicktime.content.identifier of
 * the video), never by name. Of several candidates an original is taken before an edit, then one whose
 * bytes are stored, then one of the same name, as copies of a pair may lie in two folders.
 */
export function livePhotoOf(driver: Driver, item: KnownItem, now: number, settleMs: number): Pairing {
  if (item.contentId === null || (item.kind !== 'photo' && item.kind !== 'video')) return { kind: 'alone' };
  const candidates = itemsWhere(driver, "content_id = ? AND kind = ? AND stage NOT IN ('excluded', 'vanished')", item.contentId, item.kind === 'photo' ? 'video' : 'photo')
    .filter(isKnown)
    // What was rendered from an edit has the same identifier: it goes with its original.
    .filter((other) => companionshipOf(driver, other, now, settleMs).kind === 'none')
    .toSorted((a, b) => Number(mayBePart(a)) - Number(mayBePart(b)) || Number(isStored(b)) - Number(isStored(a)) || Number(stem(b) === stem(item)) - Number(stem(a) === stem(item)) || a.id - b.id);
  const other = candidates[0];
  if (other && isStored(other)) return item.kind === 'photo' ? { kind: 'pair', still: item, video: other } : { kind: 'pair', still: other, video: item };

  const deadline = deadlineOf(item, now, settleMs);
  if (other && isOnItsWay(other)) return { kind: 'wait', until: Math.max(deadline, now + settleMs) };
  return deadline > now ? { kind: 'wait', until: deadline } : { kind: 'alone' };
}

/** A half has arrived at the server: the other one need not wait for its deadline. */
export function wakeOtherHalf(driver: Driver, contentId: string | null): void {
  if (contentId !== null) driver.prepare("UPDATE item SET next_at = 0 WHERE content_id = ? AND stage = 'commit'").run(contentId);
}

function stem(item: KnownItem): string {
  return item.localId.replace(/\.[^./]*$/, '').toLowerCase();
}
