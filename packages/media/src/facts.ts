/** What a device needs to know about a file before it syncs it. */
export type MediaKind = 'photo' | 'video' | 'sidecar' | 'other'

export type Place = {
  /** Degrees, WGS 84; south and west are negative. */
  readonly latitude: number
  readonly longitude: number
  /** Metres above sea level. */
  readonly altitude: number | null
}

/** What a camera wrote inside a file; each is null where the file does not say. */
export type CaptureDetails = {
  /** Milliseconds since 1970 UTC. Where the file has no offset, its wall clock taken as UTC, so that every device gets the same number. */
  readonly capturedAt: number | null
  readonly captureOffsetMinutes: number | null
  readonly place: Place | null
  /** Shared by the two files of a Live Photo, and by nothing else. */
  readonly contentIdentifier: string | null
}

export type MediaFacts = CaptureDetails & {
  /** Decided by content; by the name only where the content has no magic that is known (corrupt, empty, cut). */
  readonly kind: MediaKind
  readonly mediaType: string
  /** The content itself says that this is a photo, a video or a sidecar. Never true for `other`. */
  readonly recognised: boolean
}

export const noDetails: CaptureDetails = {
  capturedAt: null,
  captureOffsetMinutes: null,
  place: null,
  contentIdentifier: null,
}

/** The first of two that has a value, field by field; time and its offset go together. */
export function mergeDetails(first: CaptureDetails, second: CaptureDetails): CaptureDetails {
  const time = first.capturedAt === null ? second : first
  return {
    capturedAt: time.capturedAt,
    captureOffsetMinutes: time.captureOffsetMinutes,
    place: first.place ?? second.place,
    contentIdentifier: first.contentIdentifier ?? second.contentIdentifier,
  }
}
