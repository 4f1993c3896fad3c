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
  /** What is played: the video, the moving part of a Live Photo, or a motion photo, which has it behind its still; null of a still. */
  readonly video: Resource | null;
}

/** null of an asset without its files: a tombstone. */
export function sourcesOf(asset: Pick<Asset, 'primary' | 'resources' | 'adjustments'> & Partial<Pick<Asset, 'details'>>): Sources | null {
  const { primary: hash, resources, details } = asset;
  const primary = resources.find(({ sha256 }) => sha256 === hash);
  if (!primary) return null;
  const shown = unadjustedFile(asset) ?? primary;
  if (primary.role === 'video') return { primary, shown, look: null, video: shown };
  // The edit of a Live Photo has two halves.
  const paired = resources.find(({ role }) => role === 'paired_video');
  const editedVideo = resources.findLast(({ role, mediaType }) => role === 'rendered_edit' && mediaType.startsWith('video/'));
  return { primary, shown, look: currentLook(asset), video: paired ? (editedVideo ?? paired) : details?.motionPhoto ? primary : null };
}

/** What has to be made before an asset is described: of what is seen all, of what moves beside it how long it plays. */
export function jobsOf(sources: Sources): readonly RenditionJob[] {
  const { primary, shown, look } = sources;
  const images = [primary, ...(primary.sha256 === shown.sha256 ? [] : [shown])].map(({ sha256 }): RenditionJob => ({ sha256, task: 'images' }));
  const moving = movingJob(sources);
  return [...images, ...(moving ? [moving] : []), ...(look ? [adjustedJob(look)] : [])];
}

/** null where what moves is seen too: a video, or a motion photo. */
export function movingJob({ primary, shown, video }: Sources): RenditionJob | null {
  return video && ![primary.sha256, shown.sha256].includes(video.sha256) ? { sha256: video.sha256, task: 'details' } : null;
}

export function adjustedJob({ over, adjusted, recipe }: Look): RenditionJob {
  return { sha256: over, task: adjusted, recipe };
}

/** How an asset looks follows from what is shown, how long it plays from what moves; all else from what the camera made. */
export function detailsOf(primary: MediaDetails, shown: MediaDetails, moving: MediaDetails | null = null): MediaDetails {
  const { durationMs } = moving ?? {};
  return { ...looksOf(primary, shown), ...(durationMs !== undefined && { durationMs }) };
}

function looksOf(primary: MediaDetails, shown: MediaDetails): MediaDetails {
  if (primary === shown) return primary;
  const looks = new Set(['width', 'height', 'thumbhash', 'problem']);
  const of = (details: MediaDetails, wanted: boolean) => Object.entries(details).filter(([name]) => looks.has(name) === wanted);
  return Object.fromEntries([...of(primary, false), ...of(shown, true)]);
}
