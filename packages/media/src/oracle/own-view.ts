import type { MediaDetails } from '@everroll/protocol'
import type { MediaFacts } from '../facts.ts'
import type { Comparable } from '../exiftool/view.ts'

/** What this package reads, flat, beside ExifTool's. */
export function ownView(facts: MediaFacts, details: MediaDetails): Comparable {
  const { camera = {}, exposure = {} } = details
  const isVideo = facts.kind === 'video'
  return {
    mediaType: facts.mediaType,
    capturedAt: facts.capturedAt,
    captureOffsetMinutes: facts.captureOffsetMinutes,
    latitude: facts.place?.latitude ?? null,
    longitude: facts.place?.longitude ?? null,
    altitude: facts.place?.altitude ?? null,
    width: details.width ?? null,
    height: details.height ?? null,
    durationMs: details.motionPhoto === undefined ? (details.durationMs ?? null) : null, // ExifTool looks into the video behind a still only with -ee
    frameRate: details.frameRate ?? null,
    codec: isVideo ? (details.codec ?? null) : null, // ExifTool has no tag for how a still is coded
    hdr: details.hdr ?? null,
    make: camera.make ?? null,
    model: camera.model ?? null,
    lens: camera.lens ?? null,
    software: camera.software ?? null,
    seconds: exposure.seconds ?? null,
    fNumber: exposure.fNumber ?? null,
    iso: exposure.iso ?? null,
    biasEv: exposure.biasEv ?? null,
    focalLengthMm: exposure.focalLengthMm ?? null,
    focalLength35mm: exposure.focalLength35mm ?? null,
    flashFired: exposure.flashFired ?? null,
    contentIdentifier: facts.contentIdentifier,
    burstId: facts.burstId,
    motionPhotoBytes: details.motionPhoto?.bytes ?? null,
    caption: details.caption ?? null,
    keywords: details.keywords ?? null,
    rating: details.rating ?? null,
    marks: (details.marks ?? []).filter((mark) => mark !== 'edited' && mark !== 'spatial').toSorted(),
  }
}
