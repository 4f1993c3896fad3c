import type { Asset, MediaKind, Resource } from './entities.ts';
import type { Sha256 } from './ids.ts';

/** What is left of a purged asset: enough to refuse its return, nothing of its content. */
export function purged({ asTaken: _taken, adjustments: _adjustments, ...asset }: Asset): Asset {
  return {
    ...asset,
    state: 'purged',
    trashedAt: null,
    favourite: false,
    hidden: false,
    archived: false,
    caption: null,
    place: null,
    resources: [],
    details: null,
  };
}

/** A Live Photo is a photo with a paired video; all else is named by its primary resource. */
export function mediaKindOf(resources: readonly Resource[], primary: Sha256): MediaKind {
  const role = resources.find((resource) => resource.sha256 === primary)?.role;
  switch (role) {
    case 'photo':
      return resources.some((resource) => resource.role === 'paired_video') ? 'live_photo' : 'photo';
    case 'video':
    case 'paired_video':
      return 'video';
    case 'raw':
      return 'raw';
    case 'sidecar':
      return 'sidecar';
    default:
      return 'photo';
  }
}
