import { Malformed } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'
import type { CaptureDetails, Place } from '../facts.ts'
import { noDetails } from '../facts.ts'
import { contentIdentifierOf } from './apple-maker-note.ts'
import { parseCaptureTime } from './capture-time.ts'
import type { CaptureTime } from './capture-time.ts'
import { placeFrom } from './place.ts'
import { readNumbers, readRaw, readRootDirectory, readSubdirectory, readText } from './tiff-directory.ts'
import type { TiffDirectory } from './tiff-directory.ts'

// Tag numbers: Exif 3.0 (CIPA DC-008-2023) §4.6.3 pointers, §4.6.5 Exif tags, §4.6.6 GPS tags.
const exifPointer = 0x8769
const gpsPointer = 0x8825
const makerNote = 0x927c
/** When the shutter opened; if absent, when it was digitised. Never DateTime (0x0132), which is the time of the last edit. */
const timeTags = [
  { time: 0x9003, offset: 0x9011, fraction: 0x9291 },
  { time: 0x9004, offset: 0x9012, fraction: 0x9292 },
] as const
const gps = { latitudeRef: 1, latitude: 2, longitudeRef: 3, longitude: 4, altitudeRef: 5, altitude: 6 } as const

/** Apple's are 1 to 2 KB; other makers put previews in theirs. */
const makerNoteBytes = 64 * 1024

/** What Exif says, out of a TIFF structure: a block inside a still, or a whole TIFF or RAW file. */
export async function readExif(tiff: ByteSource): Promise<CaptureDetails> {
  const root = await readRootDirectory(tiff)
  if (root === null) return noDetails
  const directory = async (pointer: number): Promise<TiffDirectory | null> => orNull(readSubdirectory(root, pointer))
  return detailsOf({ exif: (await directory(exifPointer)) ?? root, gps: await directory(gpsPointer) })
}

/** From the directories themselves: Canon's CR3 stores them as separate blocks. */
export async function detailsOf(from: {
  readonly exif: TiffDirectory | null
  readonly gps: TiffDirectory | null
}): Promise<CaptureDetails> {
  const time = from.exif === null ? null : await orNull(readTime(from.exif))
  return {
    capturedAt: time?.capturedAt ?? null,
    captureOffsetMinutes: time?.captureOffsetMinutes ?? null,
    place: from.gps === null ? null : await orNull(readPlace(from.gps)),
    contentIdentifier: from.exif === null ? null : await orNull(readContentIdentifier(from.exif)),
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

async function readPlace(directory: TiffDirectory): Promise<Place | null> {
  const latitude = await readDegrees(directory, gps.latitude, gps.latitudeRef, 'S')
  const longitude = await readDegrees(directory, gps.longitude, gps.longitudeRef, 'W')
  const altitude = (await readNumbers(directory, gps.altitude, 1))?.[0] ?? null
  // 1 is below the sea; Exif 3.0 adds 2 and 3 for heights above the ellipsoid, with the same signs.
  const reference = (await readNumbers(directory, gps.altitudeRef, 1))?.[0] ?? 0
  return placeFrom(latitude, longitude, altitude !== null && (reference === 1 || reference === 3) ? -altitude : altitude)
}

async function readDegrees(directory: TiffDirectory, tag: number, referenceTag: number, negative: string): Promise<number> {
  const parts = await readNumbers(directory, tag, 3)
  if (parts === null) return Number.NaN
  const [degrees = Number.NaN, minutes = Number.NaN, seconds = Number.NaN] = parts
  // Cameras that write decimal minutes leave the seconds as 0/0 (Exif 3.0 §4.6.6 allows 0/1); degrees must be real.
  const value = degrees + (Number.isNaN(minutes) ? 0 : minutes) / 60 + (Number.isNaN(seconds) ? 0 : seconds) / 3600
  const reference = (await readText(directory, referenceTag)) ?? ''
  return reference.trim().toUpperCase() === negative ? -value : value
}

async function readContentIdentifier(exif: TiffDirectory): Promise<string | null> {
  const note = await readRaw(exif, makerNote, makerNoteBytes)
  return note === null ? null : contentIdentifierOf(note)
}

/** One broken tag does not cost the others. */
async function orNull<T>(reading: Promise<T | null>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
}
