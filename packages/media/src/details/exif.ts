import type { MediaMark } from '@everroll/protocol'
import { startsWith, textOf } from '../bytes/numbers.ts'
import { Malformed } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'
import type { ExifWords, ExposureNumbers } from '../reading.ts'
import { readAppleNote } from './apple-maker-note.ts'
import { parseCaptureTime } from './capture-time.ts'
import type { CaptureTime } from './capture-time.ts'
import { readSatellites } from './exif-gps.ts'
import { readNumber, readRaw, readRootDirectory, readSubdirectory, readText } from './tiff-directory.ts'
import type { TiffDirectory } from './tiff-directory.ts'

// Tag numbers: Exif 3.0 (CIPA DC-008-2023) §4.6.3 pointers, §4.6.4 TIFF tags, §4.6.5 Exif tags.
const pointers = { exif: 0x8769, gps: 0x8825 } as const
const tiffTags = { description: 0x010e, make: 0x010f, model: 0x0110, orientation: 0x0112, software: 0x0131 } as const
/** Microsoft's, in the first directory: stars, as `xmp:Rating`. */
const ratingTag = 0x4746
const exifTags = {
  exposureTime: 0x829a, fNumber: 0x829d, sensitivity: 0x8827, recommendedIndex: 0x8832, isoSpeed: 0x8833, bias: 0x9204,
  flash: 0x9209, focalLength: 0x920a, makerNote: 0x927c, userComment: 0x9286, customRendered: 0xa401, focalLength35mm: 0xa405,
  lensModel: 0xa434,
} as const
/** When the shutter opened; if absent, when it was digitised. Never DateTime (0x0132), which is the time of the last edit. */
const timeTags = [
  { time: 0x9003, offset: 0x9011, fraction: 0x9291 },
  { time: 0x9004, offset: 0x9012, fraction: 0x9292 },
] as const

/** Apple's are 1 to 2 KB; other makers put previews in theirs. */
const makerNoteBytes = 64 * 1024
const captionBytes = 8 * 1024
/** PhotographicSensitivity is 16 bits wide: this value says that the number is in another tag (Exif 3.0 §4.6.5, annex G). */
const sensitivityElsewhere = 65_535

/** What Exif says, out of a TIFF structure: a block inside a still, or a whole TIFF or RAW file. */
export async function readExif(tiff: ByteSource): Promise<ExifWords | null> {
  const root = await readRootDirectory(tiff)
  if (root === null) return null
  const exif = (await orNull(readSubdirectory(root, pointers.exif))) ?? root
  return wordsOf({ root, exif, gps: await orNull(readSubdirectory(root, pointers.gps)) })
}

/** From the directories themselves: Canon's CR3 stores them as separate blocks. */
export async function wordsOf({ root, exif, gps }: {
  readonly root: TiffDirectory | null
  readonly exif: TiffDirectory | null
  readonly gps: TiffDirectory | null
}): Promise<ExifWords> {
  const satellites = gps === null ? null : await readSatellites(gps)
  const note = exif === null ? null : await readRaw(exif, exifTags.makerNote, makerNoteBytes)
  const apple = note === null ? null : readAppleNote(note)
  const userComment = exif === null ? null : await readComment(exif)
  const customRendered = exif === null ? null : await readNumber(exif, exifTags.customRendered)
  return {
    time: exif === null ? null : await readTime(exif),
    place: satellites?.place ?? null,
    satelliteTime: satellites?.time ?? null,
    camera: {
      make: root === null ? null : await readText(root, tiffTags.make),
      model: root === null ? null : await readText(root, tiffTags.model),
      software: root === null ? null : await readText(root, tiffTags.software),
      lens: exif === null ? null : await readText(exif, exifTags.lensModel),
    },
    exposure: exif === null ? {} : await readExposure(exif),
    orientation: root === null ? null : await readNumber(root, tiffTags.orientation),
    caption: root === null ? null : await readText(root, tiffTags.description, captionBytes),
    rating: root === null ? null : await readNumber(root, ratingTag),
    userComment,
    contentIdentifier: apple?.contentIdentifier ?? null,
    burstId: apple?.burstId ?? null,
    marks: marksOf(customRendered, apple?.captureType ?? null, userComment),
  }
}

async function readTime(exif: TiffDirectory): Promise<CaptureTime | null> {
  for (const tags of timeTags) {
    const text = await readText(exif, tags.time)
    if (text === null) continue
    const time = parseCaptureTime(text, await readText(exif, tags.offset), await readText(exif, tags.fraction))
    if (time !== null) return time
  }
  return null
}

async function readExposure(exif: TiffDirectory): Promise<ExposureNumbers> {
  const sensitivity = await readNumber(exif, exifTags.sensitivity)
  const flash = await readNumber(exif, exifTags.flash)
  return {
    seconds: await readNumber(exif, exifTags.exposureTime),
    fNumber: await readNumber(exif, exifTags.fNumber),
    iso: sensitivity !== null && sensitivity !== sensitivityElsewhere
      ? sensitivity
      : (await readNumber(exif, exifTags.recommendedIndex)) ?? (await readNumber(exif, exifTags.isoSpeed)) ?? sensitivity,
    biasEv: await readNumber(exif, exifTags.bias),
    focalLengthMm: await readNumber(exif, exifTags.focalLength),
    focalLength35mm: await readNumber(exif, exifTags.focalLength35mm),
    flashFired: flash === null ? null : flash % 2 === 1,
  }
}

/** Exif 3.0 §4.6.5, UserComment: eight bytes name the character set. */
async function readComment(exif: TiffDirectory): Promise<string | null> {
  const bytes = await readRaw(exif, exifTags.userComment, captionBytes)
  if (bytes === null || bytes.length < 8) return null
  const body = bytes.subarray(8)
  const text = startsWith(bytes, 'UNICODE\0') ? utf16Of(body, exif.little) : startsWith(bytes, 'ASCII\0') ? textOf(body) : ''
  return text === '' ? null : text
}

function utf16Of(bytes: Uint8Array, little: boolean): string {
  const text = new TextDecoder(little ? 'utf-16le' : 'utf-16be').decode(bytes.subarray(0, bytes.length - (bytes.length % 2)))
  return (text.split('\0')[0] ?? '').trim()
}

/** CustomRendered: 0 and 1 are of Exif 3.0 §4.6.5; 6 to 8 are Apple's (ExifTool, Image::ExifTool::Exif). */
function marksOf(customRendered: number | null, appleCaptureType: number | null, comment: string | null): MediaMark[] {
  const marks: MediaMark[] = []
  if (customRendered === 6) marks.push('panorama')
  if (customRendered === 7 || customRendered === 8 || appleCaptureType === 2) marks.push('portrait')
  if (comment === 'Screenshot') marks.push('screenshot')
  return marks
}

/** One broken tag does not cost the others. */
export async function orNull<T>(reading: Promise<T | null>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
}
