import type { HdrKind, MediaMark } from '@everroll/protocol'
import type { AdjustmentFacts, MotionPhoto, Place, SidecarOwner } from './facts.ts'
import type { CaptureTime } from './details/capture-time.ts'

/** What one pass over a file's headers gives, still apart by who said it: `views.ts` decides between them. */

export type CameraWords = {
  readonly make?: string | null
  readonly model?: string | null
  readonly lens?: string | null
  readonly software?: string | null
}

/** Numbers as written; whether they make sense is decided in one place, where they leave. */
export type ExposureNumbers = {
  readonly seconds?: number | null
  readonly fNumber?: number | null
  readonly iso?: number | null
  readonly biasEv?: number | null
  readonly focalLengthMm?: number | null
  readonly focalLength35mm?: number | null
  readonly flashFired?: boolean | null
}

/** Metadata of one kind (Exif, XMP, IPTC, a movie's own): all of it optional. */
export type Words = {
  readonly time?: CaptureTime | null
  /** UTC of the satellites: the time of a photo that has no other. */
  readonly satelliteTime?: CaptureTime | null
  readonly place?: Place | null
  readonly camera?: CameraWords
  readonly exposure?: ExposureNumbers
  readonly contentIdentifier?: string | null
  readonly burstId?: string | null
  readonly caption?: string | null
  readonly keywords?: readonly string[]
  readonly rating?: number | null
  readonly marks?: readonly MediaMark[]
}

export type ExifWords = Words & {
  /** Exif 3.0 §4.6.5, tag 0x0112: 1 to 8; what JPEG, TIFF, PNG and WebP are turned by, and HEIF is not. */
  readonly orientation?: number | null
  readonly userComment?: string | null
}

export type XmpWords = Words & {
  readonly orientation?: number | null
  readonly hasGainMap?: boolean
  /** Google's description of what lies behind the image, see `stills/motion-photo.ts`. */
  readonly container?: readonly ContainerItem[]
  /** Bytes from the beginning of the video to the file's end (Google's first format). */
  readonly microVideoOffset?: number | null
  readonly sidecarOwner?: SidecarOwner | null
}

export type ContainerItem = { readonly semantic: string; readonly length: number; readonly padding: number }

export type IptcWords = Words & {
  /** Changed by a program that knew nothing of XMP: then it goes before XMP. */
  readonly newerThanXmp: boolean
}

/** The picture itself, as its container describes it. */
export type Picture = {
  /** Pixels as coded, or as displayed where the container itself says how (HEIF, video). */
  readonly width: number | null
  readonly height: number | null
  /** The container's own rotation is in the size already: Exif's is not to be applied. */
  readonly displayed?: boolean
  readonly codec?: string | null
  readonly hdr?: HdrKind | null
  readonly durationMs?: number | null
  readonly frameRate?: number | null
  readonly marks?: readonly MediaMark[]
}

export type MediaReading = {
  readonly picture?: Picture
  readonly exif?: ExifWords
  readonly xmp?: XmpWords
  readonly iptc?: IptcWords
  /** Of a movie: its metadata keys, user data and header, already in order. */
  readonly movie?: Words
  readonly motionPhoto?: MotionPhoto | null
  readonly adjustment?: AdjustmentFacts | null
  /** What the content says the file is, where its first bytes did not. */
  readonly mediaType?: string
}

/** Filled while a file is read, so that what stands before a broken place still counts. */
export type Draft = { -readonly [Part in keyof MediaReading]: MediaReading[Part] }
