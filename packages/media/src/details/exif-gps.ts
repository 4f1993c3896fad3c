import type { Place } from '../facts.ts'
import { parseCaptureTime } from './capture-time.ts'
import type { CaptureTime } from './capture-time.ts'
import { placeFrom } from './place.ts'
import { readNumber, readNumbers, readText } from './tiff-directory.ts'
import type { TiffDirectory } from './tiff-directory.ts'

/** Exif 3.0 (CIPA DC-008-2023) §4.6.6, GPS tags. */
const gps = { latitudeRef: 1, latitude: 2, longitudeRef: 3, longitude: 4, altitudeRef: 5, altitude: 6, time: 7, date: 0x1d } as const

export async function readSatellites(directory: TiffDirectory): Promise<{ readonly place: Place | null; readonly time: CaptureTime | null }> {
  return { place: await readPlace(directory), time: await readTime(directory) }
}

async function readPlace(directory: TiffDirectory): Promise<Place | null> {
  const latitude = await readDegrees(directory, gps.latitude, gps.latitudeRef, 'S')
  const longitude = await readDegrees(directory, gps.longitude, gps.longitudeRef, 'W')
  const altitude = await readNumber(directory, gps.altitude)
  // 1 is below the sea; Exif 3.0 adds 2 and 3 for heights above the ellipsoid, with the same signs.
  const reference = (await readNumber(directory, gps.altitudeRef)) ?? 0
  return placeFrom(latitude, longitude, altitude !== null && (reference === 1 || reference === 3) ? -altitude : altitude)
}

async function readDegrees(directory: TiffDirectory, tag: number, referenceTag: number, negative: string): Promise<number> {
  const parts = await readNumbers(directory, tag, 3)
  if (parts === null) return Number.NaN
  const [degrees = Number.NaN, minutes = Number.NaN, seconds = Number.NaN] = parts
  // Cameras that write decimal minutes leave the seconds as 0/0 (Exif 3.0 §4.6.6 allows 0/1); degrees must be real.
  const value = degrees + (Number.isNaN(minutes) ? 0 : minutes) / 60 + (Number.isNaN(seconds) ? 0 : seconds) / 3600
  const reference = (await readText(directory, referenceTag)) ?? ''
  return reference.toUpperCase() === negative ? -value : value
}

/** UTC: the date as text, the time as three numbers. */
async function readTime(directory: TiffDirectory): Promise<CaptureTime | null> {
  const date = await readText(directory, gps.date)
  const parts = await readNumbers(directory, gps.time, 3)
  if (date === null || parts === null) return null
  const [hours = 0, minutes = 0, seconds = 0] = parts
  const day = parseCaptureTime(`${date} 00:00:00`)
  const sinceMidnight = ((hours * 60 + minutes) * 60 + seconds) * 1000
  if (day === null || !(sinceMidnight >= 0 && sinceMidnight < 86_400_000)) return null
  return { capturedAt: day.capturedAt + Math.floor(sinceMidnight), captureOffsetMinutes: null }
}
