import type { Asset, MediaDetails, Resource, Sha256 } from '@everroll/protocol';

/** Which of an asset's files is which to a person who looks at it. */
export interface Sources {
  /** What the camera made: it says when, where and how. */
  readonly primary: Resource;
  /** What is shown: the newest edit of it, where there is one. */
  readonly shown: Resource;
  /** What is played: the video, or the moving part of a Live Photo; null of a still. */
  readonly video: Resource | null;
}

/** null of an asset without its files: a tombstone. */
export function sourcesOf({ primary: hash, resources }: Pick<Asset, 'primary' | 'resources'>): Sources | null {
  const primary = resources.find(({ sha256 }) => sha256 === hash);
  if (!primary) return null;
  // An edit that is added later stands behind an earlier one. That of a Live Photo has two halves.
  const edited = (type: string) => resources.findLast(({ role, mediaType }) => role === 'rendered_edit' && mediaType.startsWith(type));
  const paired = resources.find(({ role }) => role === 'paired_video');
  if (primary.role === 'video') {
    const video = edited('video/') ?? primary;
    return { primary, shown: video, video };
  }
  return { primary, shown: edited('image/') ?? primary, video: paired ? (edited('video/') ?? paired) : null };
}

/** The hashes whose details and images an asset needs. */
export function imagesOf({ primary, shown }: Sources): readonly Sha256[] {
  return primary.sha256 === shown.sha256 ? [primary.sha256] : [primary.sha256, shown.sha256];
}

/** How an asset looks follows from what is shown; all else from what the camera made. */
export function detailsOf(primary: MediaDetails, shown: MediaDetails): MediaDetails {
  if (primary === shown) return primary;
  const looks = new Set(['width', 'height', 'thumbhash', 'problem']);
  const of = (details: MediaDetails, wanted: boolean) => Object.entries(details).filter(([name]) => looks.has(name) === wanted);
  return Object.fromEntries([...of(primary, false), ...of(shown, true)]);
}
