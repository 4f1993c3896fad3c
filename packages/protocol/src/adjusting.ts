import { type CommittedRevision, OFFERED_MAX, type Recipe, recipeText } from './adjustments.ts';
import type { Asset, Resource } from './entities.ts';
import type { RevisionId } from './ids.ts';
import { lookOf, unadjustedFile } from './looks.ts';
import type { AdjustAsset } from './operations.ts';
import type { ReasonCode } from './reasons.ts';

/**
 * The conflict rule of adjustments (E2 to E4). Looks form revisions, each with the one it went on
 * from. Two that went on from one and the same are both kept: the later one in the log is shown, the
 * other one is offered, until a person takes it or dismisses it.
 */
export function adjust(asset: Asset, { revision, dismiss }: AdjustAsset, now: number): Asset | ReasonCode {
  const file = asset.resources.find(({ sha256 }) => sha256 === revision.over);
  if (!file) return 'resource_missing';
  if (!isPicture(file)) return 'invalid_request';

  const before = asset.adjustments;
  const dismissed: ReadonlySet<string> = new Set(dismiss);
  const wentOn = (before?.current.id ?? null) === revision.base;
  const isHeld = before !== undefined && (before.current.id === revision.id || before.offered.some(({ id }) => id === revision.id));
  // One that is offered is taken by a person who saw what is current; without that, it is a change that comes a second time.
  if (isHeld && (before.current.id === revision.id || !wentOn)) {
    const offered = before.offered.filter(({ id }) => !dismissed.has(id));
    return offered.length === before.offered.length ? asset : { ...asset, adjustments: { current: before.current, offered } };
  }
  const current: CommittedRevision = { ...revision, at: now };
  const beside = before === undefined || wentOn ? [] : [before.current];
  const offered = [...beside, ...(before?.offered ?? [])].filter((other) => !dismissed.has(other.id) && isWorthOffering(other, current)).slice(0, OFFERED_MAX);
  return { ...asset, adjustments: { current, offered } };
}

/**
 * The looks of an asset and of another row of it whose history was lost (rule C4): which came later
 * nobody knows, so what went on from the other is shown, and where neither did, both are kept.
 */
export function withLooksOf(held: Asset, { adjustments: lost }: Asset): Asset {
  const own = held.adjustments;
  if (lost === undefined || !held.resources.some(({ sha256 }) => sha256 === lost.current.over)) return held;
  const isKnown = own !== undefined && [own.current, ...own.offered].some(({ id }) => id === lost.current.id);
  if (isKnown || own?.current.base === lost.current.id) return held;
  const wentOn = own === undefined || lost.current.base === own.current.id;
  const current = wentOn ? lost.current : own.current;
  const others = [...(wentOn ? [] : [lost.current]), ...(own?.offered ?? []), ...lost.offered];
  const offered = others.filter((other, at) => isWorthOffering(other, current) && others.findIndex(({ id }) => id === other.id) === at).slice(0, OFFERED_MAX);
  if (!wentOn && offered.length === own.offered.length) return held;
  return { ...held, adjustments: { current, offered } };
}

/** The photo as it was is at hand at any time, and what looks the same is no choice (rule E3). */
function isWorthOffering(other: CommittedRevision, current: CommittedRevision): boolean {
  if (other.id === current.id || other.recipe === null) return false;
  return other.over !== current.over || recipeText(other.recipe) !== recipeText(current.recipe);
}

/** What can be adjusted: a still, a RAW, or a rendered edit of one. */
export function isPicture({ role, mediaType }: Resource): boolean {
  return (role === 'photo' || role === 'raw' || role === 'rendered_edit') && mediaType.startsWith('image/');
}

/**
 * What a person's edit is to the log: a look of the same file as the one that is shown now, going on
 * from it; null where the asset shows no picture that can be adjusted.
 * @param id random; or of an earlier look, with that one's recipe, which is then taken up again
 */
export function adjustmentOf(asset: Asset, recipe: Recipe | null, id: RevisionId, dismiss: readonly RevisionId[] = []): AdjustAsset | null {
  const over = lookOf(asset)?.over ?? unadjustedFile(asset)?.sha256;
  const file = asset.resources.find(({ sha256 }) => sha256 === over);
  if (!file || !isPicture(file)) return null;
  return { op: 'asset.adjust', assetId: asset.id, revision: { id, base: asset.adjustments?.current.id ?? null, over: file.sha256, recipe }, dismiss: [...dismiss] };
}
