import { type Asset, type MediaDetails, type Resource, unadjustedFile } from '@everroll/protocol';
import { currentLook, type Look } from './look.ts';
import type { RenditionJob } from './renditions.ts';

/** Which of an asset's files is which to a person who looks at it. */
export interface Sources {
  /** What the camera made: it says when, where and how. */
  readonly primary: Resource;
  /** What is shown where nobody adjusted it here: the newest edit of it that came as a file, where there is one. */
  readonly shown: Resource;
  /** As a person adjusted it here. */
  readonly look: Look | null;
  /** What is played: the video, or the moving part of a Live Photo; null of a still. */
  readonly video: Resource | null;
}

/** null of an asset without its files: a tombstone. */
export function sourcesOf(asset: Pick<Asset, 'primary' | 'resources' | 'adjustments'>): Sources | null {
  const { primary: hash, resources } = asset;
  const primary = resources.find(({ sha256 }) => sha256 === hash);
  if (!primary) return null;
  const shown = unadjustedFile(asset) ?? primary;
  if (primary.role === 'video') return { primary, shown, look: null, video: shown };
  // The edit of a Live Photo has two halves.
  const paired = resources.find(({ role }) => role === 'paired_video');
  const editedVideo = resources.findLast(({ role, mediaType }) => role === 'rendered_edit' && mediaType.startsWith('video/'));
  return { primary, shown, look: currentLook(asset), video: paired ? (editedVideo ?? paired) : null };
}

/** What has to be made before an asset is described. */
export function jobsOf({ primary, shown, look }: Sources): readonly RenditionJob[] {
  const images = [primary, ...(primary.sha256 === shown.sha256 ? [] : [shown])].map(({ sha256 }): RenditionJob => ({ sha256, task: 'images' }));
  return look ? [...images, adjustedJob(look)] : images;
}

export function adjustedJob({ over, adjusted, recipe }: Look): RenditionJob {
  return { sha256: over, task: adjusted, recipe };
}

/** How an asset looks follows from what is shown; all else from what the camera made. */
export function detailsOf(primary: MediaDetails, shown: MediaDetails): MediaDetails {
  if (primary === shown) return primary;
  const looks = new Set(['width', 'height', 'thumbhash', 'problem']);
  const of = (details: MediaDetails, wanted: boolean) => Object.entries(details).filter(([name]) => looks.has(name) === wanted);
  return Object.fromEntries([...of(primary, false), ...of(shown, true)]);
}
