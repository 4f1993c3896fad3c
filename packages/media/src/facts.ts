/** What a device needs to know about a file before it syncs it. */
export type MediaKind = 'photo' | 'raw' | 'video' | 'sidecar' | 'other'

export type Place = {
  /** Degrees, WGS 84; south and west are negative. */
  readonly latitude: number
  readonly longitude: number
  /** Metres above sea level. */
  readonly altitude: number | null
}

/** A video behind the still in the same file: where it begins and how long it is, in bytes. */
export type MotionPhoto = { readonly offset: number; readonly bytes: number }

/** What an AAE sidecar says about the edit in it; each is null where it does not. */
export type AdjustmentFacts = {
  /** Who can read the edit, for example `com.apple.photo`, `com.apple.video.slomo`. */
  readonly formatIdentifier: string | null
  readonly formatVersion: string | null
  /** The program that made it, for example `com.apple.mobileslideshow`. */
  readonly editor: string | null
  /** 0: the edit is of the original. */
  readonly baseVersion: number | null
  /** Milliseconds since 1970 UTC. */
  readonly editedAt: number | null
}

/** Which file an XMP sidecar belongs to, where it says so; names are as its program wrote them. */
export type SidecarOwner = {
  /** `IMG_0001.CR3` (Adobe, `crs:RawFileName`). */
  readonly fileName: string | null
  /** `CR3` (Adobe, `photoshop:SidecarForExtension`). */
  readonly extension: string | null
}

/** What a camera wrote inside a file; each is null where the file does not say. */
export type CaptureDetails = {
  /** Milliseconds since 1970 UTC. Where the file has no offset, its wall clock taken as UTC, so that every device gets the same number. */
  readonly capturedAt: number | null
  readonly captureOffsetMinutes: number | null
  readonly place: Place | null
  /** Shared by the two files of a Live Photo, and by nothing else. */
  readonly contentIdentifier: string | null
  /** Shared by the photos of one burst, and by nothing else. */
  readonly burstId: string | null
  readonly motionPhoto: MotionPhoto | null
  readonly adjustment: AdjustmentFacts | null
  readonly sidecarOwner: SidecarOwner | null
}

export type MediaFacts = CaptureDetails & {
  /** Decided by content; by the name only where the content has no magic that is known (corrupt, empty, cut). */
  readonly kind: MediaKind
  readonly mediaType: string
  /** The content itself says that this is a photo, a video or a sidecar. Never true for `other`. */
  readonly recognised: boolean
}
