import { partNameOf } from '@everroll/protocol';
import type { Driver } from '../ports/driver.ts';
import { baseAsset } from '../replica/entities.ts';
import { deadlineOf, isOnItsWay, isStored } from './arrival.ts';
import { isKnown, type Item, itemsWhere, type KnownItem } from './item.ts';
import { mayBePart, type PartOf, primaryOf } from './part-of.ts';

/** What a file is to the photo beside which it lies: its RAW, its sidecar, its rendered edit (rule A7). */
export type Companionship =
  /** An original, or a part whose original did not come in time: it is added as what it is. */
  | { readonly kind: 'none' }
  | { readonly kind: 'part'; readonly of: PartOf<KnownItem> }
  | { readonly kind: 'wait'; readonly until: number };

/** Equal for the files of one folder that may be parts of one photo. */
export function groupKeyOf(localId: string, name: string): string {
  return `${localId.slice(0, localId.lastIndexOf('/') + 1)}${partNameOf(name).stem}`;
}

export function companionshipOf(driver: Driver, item: KnownItem, now: number, settleMs: number): Companionship {
  if (!isGrouped(item) || !mayBePart(item)) return { kind: 'none' };
  const group = besides(driver, item);
  const of = primaryOf(item, group.filter(isKnown).filter((file) => !isPartElsewhere(driver, file)));
  if (of && isAdded(of.primary)) return { kind: 'part', of };
  const deadline = deadlineOf(item, now, settleMs);
  // One that was not read yet may turn out to be the original.
  const isComing = of ? isOnItsWay(of.primary) || of.primary.stage === 'commit' : group.some((file) => !isKnown(file) && isOnItsWay(file));
  if (isComing) return { kind: 'wait', until: Math.max(deadline, now + settleMs) };
  return deadline > now ? { kind: 'wait', until: deadline } : { kind: 'none' };
}

/** The parts of an original that went up by themselves, as it came late. */
export function loneCompanionsOf(driver: Driver, original: KnownItem): PartOf<KnownItem>[] {
  if (!isGrouped(original)) return [];
  const group = besides(driver, original).filter(isKnown);
  return group.flatMap((part) => {
    if (!mayBePart(part) || (part.stage !== 'verified' && part.stage !== 'committing')) return [];
    const of = primaryOf(part, [original, ...group].filter((file) => file.id !== part.id && !isPartElsewhere(driver, file)));
    return of?.primary.id === original.id ? [{ primary: part, role: of.role }] : [];
  });
}

/** An original was added: its parts need not wait for their deadline. */
export function wakeCompanions(driver: Driver, item: Item): void {
  if (!isGrouped(item)) return;
  driver.prepare("UPDATE item SET next_at = 0 WHERE source_id = ? AND group_key = ? AND stage = 'commit' AND code = 'companion_incomplete'").run(item.sourceId, item.groupKey);
}

/** It goes by itself: nothing that it belonged to would have it. */
export function detach(driver: Driver, item: Item): void {
  driver.prepare("UPDATE item SET content_id = NULL, group_key = '', next_at = 0 WHERE id = ?").run(item.id);
}

function isGrouped(item: Item): boolean {
  return item.groupKey !== null && item.groupKey !== '';
}

/** Its asset is in the log or on its way there, with its own fields: only then others are added to it. */
function isAdded(item: KnownItem): boolean {
  return isStored(item) && item.stage !== 'commit';
}

function besides(driver: Driver, item: Item): Item[] {
  return itemsWhere(driver, "source_id = ? AND group_key = ? AND id <> ? AND stage NOT IN ('excluded', 'vanished')", item.sourceId, item.groupKey, item.id);
}

/** The library has it as a video or an edit of another file: it is no original, whatever its name says. */
function isPartElsewhere(driver: Driver, file: KnownItem): boolean {
  const asset = file.assetId === null ? undefined : baseAsset(driver, file.assetId)?.asset;
  const role = asset?.primary === file.sha256 ? undefined : asset?.resources.find((resource) => resource.sha256 === file.sha256)?.role;
  return role === 'paired_video' || role === 'rendered_edit' || role === 'sidecar';
}
