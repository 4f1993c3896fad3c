import type { Asset, Capture, Entity, Resource, ResourceRole } from './entities.ts';
import { mediaKindOf, purged } from './media-kind.ts';
import type { AssetId } from './ids.ts';

/**
 * Parts of one photo that became assets of their own, as they came apart, become one (rule A7). The
 * asset that goes on has all resources; the other one is left as a tombstone that says where they
 * are. These functions say how rows change; who sees that two belong together stands elsewhere.
 */

/** What an asset is to the one that it joins. */
export type PartRole = 'paired_video' | 'raw' | 'sidecar' | 'rendered_edit';

/** The most resources of an asset; an entry with more would be one that no device can read (rule L4). */
export const RESOURCES_MAX = 16;

/** The resources of an asset in the roles that they have in the one it joins. */
export function partsOf(lone: Asset, as: PartRole): Resource[] {
  return lone.resources.map((resource) => ({ ...resource, role: roleAs(resource.role, as) }));
}

function roleAs(role: ResourceRole, as: PartRole): ResourceRole {
  const isShown = role === 'photo' || role === 'video' || role === 'paired_video';
  if (as === 'rendered_edit') return isShown ? 'rendered_edit' : role;
  return as === 'paired_video' && role === 'video' ? 'paired_video' : role;
}

/** The asset with those of the resources whose bytes it lacks. */
export function withParts(asset: Asset, parts: readonly Resource[]): Asset {
  const lacking = parts.filter((part) => !holds(asset, part));
  if (lacking.length === 0) return asset;
  const resources = [...asset.resources, ...lacking];
  return { ...asset, resources, mediaKind: mediaKindOf(resources, asset.primary) };
}

/**
 * Ends a live asset all of whose resources another live one holds; null where they are not one. A
 * photo that a person hid stays by itself: joined to one that is shown, it would be shown.
 */
export function endLone(holder: Asset, lone: Asset): { readonly holder: Asset; readonly tombstone: Asset } | null {
  const fits = lone.id !== holder.id && lone.state === 'live' && holder.state === 'live' && (!lone.hidden || holder.hidden);
  if (!fits || !lone.resources.every((resource) => holds(holder, resource))) return null;
  const adjustments = holder.adjustments ?? lone.adjustments;
  return {
    holder: { ...holder, favourite: holder.favourite || lone.favourite, caption: holder.caption ?? lone.caption, ...(adjustments && { adjustments }) },
    tombstone: { ...purged(lone), joinedTo: holder.id },
  };
}

/** The changes of rows that make `lone` a part of `holder`; null where that cannot be. */
export function join(holder: Asset, lone: Asset, as: PartRole): Entity[] | null {
  const whole = withParts(holder, partsOf(lone, as));
  const ended = whole.resources.length > RESOURCES_MAX ? null : endLone(whole, lone);
  return ended && [
    { kind: 'asset', row: ended.holder },
    { kind: 'asset', row: ended.tombstone },
  ];
}

/** The asset that holds the resources of one that was joined, and of the one that this was joined to; undefined where it is gone. */
export function holderOf(asset: Asset, find: (id: AssetId) => Asset | undefined): Asset | undefined {
  const passed = new Set<AssetId>();
  let at: Asset | undefined = asset;
  while (at?.joinedTo !== undefined && !passed.has(at.id)) {
    passed.add(at.id);
    at = find(at.joinedTo);
  }
  return at?.joinedTo === undefined && at?.state !== 'purged' ? at : undefined;
}

export function holds(asset: Asset, resource: { readonly sha256: Resource['sha256'] }): boolean {
  return asset.resources.some((held) => held.sha256 === resource.sha256);
}

/**
 * Whether two files say the same moment. Where one of them knows no offset its time is a wall clock
 * read as UTC (`Capture`), and wall clocks are compared.
 * @param toleranceMs how far apart they may be.
 */
export function isSameMoment(a: Capture, b: Capture, toleranceMs: number): boolean {
  const isWall = (a.offsetMinutes === null) !== (b.offsetMinutes === null);
  const at = (capture: Capture): number => (isWall ? capture.at + (capture.offsetMinutes ?? 0) * 60_000 : capture.at);
  return Math.abs(at(a) - at(b)) <= toleranceMs;
}

/** Two files of one shot: writers round to the second, up or down. */
export const SHOT_TOLERANCE_MS = 1000;
/** The video of a Live Photo begins up to 1.5 s before its still, to the second. */
export const LIVE_TOLERANCE_MS = 3000;
