import type { MediaDetails, MediaMark } from '@everroll/protocol'
import { isEditor } from './details/editors.ts'
import { zoneOf } from './details/zone.ts'
import type { CaptureDetails } from './facts.ts'
import type { IptcWords, MediaReading, Words, XmpWords } from './reading.ts'
import { cameraOf, exposureOf, marksIn, nonNegative, positive, rounded, textsOf } from './sane-values.ts'
import { mergeWords } from './words.ts'

/**
 * Two views of one reading. Where several parts of a file say different things, the order is the Metadata Working Group's
 * (Guidelines for Handling Image Metadata 2.0, §5): Exif, then XMP, then IPTC; IPTC before XMP where a program that knew
 * nothing of XMP wrote it last. What a movie says for itself comes last, because only sequences have both.
 */
export function wordsOf({ exif = {}, xmp, iptc, movie = {} }: MediaReading): Words {
  return mergeWords(mergeWords(exif, mergeWords(...inOrder(xmp, iptc))), movie)
}

function inOrder(xmp: XmpWords | undefined, iptc: IptcWords | undefined): [Words, Words] {
  return iptc?.newerThanXmp === true ? [iptc, xmp ?? {}] : [xmp ?? {}, iptc ?? {}]
}

/** What a device needs to know. */
export function captureDetailsOf(reading: MediaReading): CaptureDetails {
  const words = wordsOf(reading)
  const time = words.time ?? words.satelliteTime ?? null
  return {
    capturedAt: time?.capturedAt ?? null,
    captureOffsetMinutes: time?.captureOffsetMinutes ?? null,
    place: words.place ?? null,
    contentIdentifier: words.contentIdentifier ?? null,
    burstId: words.burstId ?? null,
    motionPhoto: reading.motionPhoto ?? null,
    adjustment: reading.adjustment ?? null,
    sidecarOwner: reading.xmp?.sidecarOwner ?? null,
  }
}

/** What the server derives; a property is there only if the file says it and its value can be true. */
export function mediaDetailsOf(reading: MediaReading): MediaDetails {
  const words = wordsOf(reading)
  const { picture } = reading
  const size = displayedSize(reading)
  const place = words.place ?? null
  const comment = reading.exif?.userComment ?? null
  return withoutNulls({
    width: size?.width ?? null,
    height: size?.height ?? null,
    durationMs: nonNegative(picture?.durationMs),
    frameRate: positive(picture?.frameRate),
    codec: picture?.codec ?? null,
    hdr: picture?.hdr ?? null,
    camera: cameraOf(words.camera ?? {}),
    exposure: exposureOf(words.exposure ?? {}),
    zone: place === null ? null : zoneOf(place),
    contentIdentifier: words.contentIdentifier ?? null,
    burstId: textsOf([words.burstId ?? ''], 1_000, 1)[0] ?? null,
    motionPhoto: reading.motionPhoto ?? null,
    caption: textsOf([words.caption ?? '', comment === 'Screenshot' ? '' : (comment ?? '')], 10_000, 1)[0] ?? null,
    keywords: orNull(textsOf(words.keywords ?? [], 1_000, 200)),
    rating: ratingOf(words.rating),
    marks: orNull(marksOf(reading, words)),
  })
}

/** HEIF and video say themselves how they are turned; the others leave it to Exif (or XMP, where there is no Exif). */
function displayedSize({ picture, exif, xmp }: MediaReading): { readonly width: number; readonly height: number } | null {
  const width = rounded(picture?.width)
  const height = rounded(picture?.height)
  if (width === null || height === null) return null
  const orientation = picture?.displayed === true ? 1 : (exif?.orientation ?? xmp?.orientation ?? 1)
  return orientation >= 5 && orientation <= 8 ? { width: height, height: width } : { width, height }
}

function marksOf({ picture }: MediaReading, words: Words): MediaMark[] {
  const isEdited = isEditor(words.camera?.software ?? '')
  return marksIn([...(words.marks ?? []), ...(picture?.marks ?? []), ...(isEdited ? (['edited'] as const) : [])])
}

/** `xmp:Rating`: 0 is "not rated", which says nothing. */
function ratingOf(rating: number | null | undefined): number | null {
  const value = Math.round(rating ?? 0)
  return value !== 0 && value >= -1 && value <= 5 ? value : null
}

const orNull = <T>(list: readonly T[]): T[] | null => (list.length === 0 ? null : [...list])

type OrNull = { readonly [Name in keyof MediaDetails]?: MediaDetails[Name] | null | undefined }

function withoutNulls(from: OrNull): MediaDetails {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== null && value !== undefined))
}
