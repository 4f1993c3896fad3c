import type { Adjustments, CommittedRevision } from './adjustments.ts';
import type { Asset, Resource } from './entities.ts';

/** The file that an asset shows where nobody adjusted it (rule A8): its newest rendered edit, else its primary. */
export function unadjustedFile({ primary, resources }: Pick<Asset, 'primary' | 'resources'>): Resource | undefined {
  const file = resources.find(({ sha256 }) => sha256 === primary);
  const kind = file?.role === 'video' ? 'video/' : 'image/';
  // An edit that is added later stands behind an earlier one.
  return resources.findLast(({ role, mediaType }) => role === 'rendered_edit' && mediaType.startsWith(kind)) ?? file;
}

/** The look that is shown; null where the photo is shown as it was taken. */
export function lookOf({ adjustments }: { readonly adjustments?: Adjustments }): (CommittedRevision & { readonly recipe: NonNullable<CommittedRevision['recipe']> }) | null {
  const current = adjustments?.current;
  return current === undefined || current.recipe === null ? null : { ...current, recipe: current.recipe };
}

/**
 * Names what an asset shows, as 64 hex digits: the hash of a file, or a look of one. It stands in the
 * address of a rendition (rule A8), so that another look has another address. A revision's id is
 * random and for one look, so half of the file's hash beside it keeps the two from ever meeting.
 */
export function shownKey(asset: Pick<Asset, 'primary' | 'resources' | 'adjustments'>): string {
  const look = lookOf(asset);
  return look === null ? (unadjustedFile(asset)?.sha256 ?? asset.primary) : `${look.id}${look.over.slice(0, 32)}`;
}
