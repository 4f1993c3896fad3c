import type { MediaDetails } from '@everroll/protocol'
import type { Exif } from 'sharp'
import type { MediaFacts } from '../../facts.ts'

/** When, where and with what a photo was taken, for a copy of it (Exif 3.0 §4.6.4 to §4.6.6). */
export function exifOf({ capturedAt, captureOffsetMinutes, place }: Pick<MediaFacts, 'capturedAt' | 'captureOffsetMinutes' | 'place'>, { camera }: MediaDetails): Exif {
  return {
    IFD0: { ...(camera?.make !== undefined && { Make: camera.make }), ...(camera?.model !== undefined && { Model: camera.model }), Software: 'Everroll' },
    ...(capturedAt !== null && { IFD2: timeOf(capturedAt, captureOffsetMinutes) }),
    ...(place !== null && {
      IFD3: {
        GPSLatitudeRef: place.latitude < 0 ? 'S' : 'N',
        GPSLatitude: degreesOf(place.latitude),
        GPSLongitudeRef: place.longitude < 0 ? 'W' : 'E',
        GPSLongitude: degreesOf(place.longitude),
      },
    }),
  }
}

/** As a wall clock, `2025:06:01 14:30:00`, with its offset where it is known. */
function timeOf(at: number, offsetMinutes: number | null): Record<string, string> {
  const wall = new Date(at + (offsetMinutes ?? 0) * 60_000).toISOString().slice(0, 19).replace('T', ' ')
  const DateTimeOriginal = wall.replace(/^(\d{4})-(\d{2})-/, '$1:$2:')
  if (offsetMinutes === null) return { DateTimeOriginal }
  const minutes = Math.abs(offsetMinutes)
  return { DateTimeOriginal, OffsetTimeOriginal: `${offsetMinutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}` }
}

const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')

/** Degrees, minutes and seconds as fractions, `48/1 8/1 1234/100`. */
function degreesOf(value: number): string {
  const hundredths = Math.round(Math.abs(value) * 360_000)
  return `${Math.floor(hundredths / 360_000)}/1 ${Math.floor((hundredths % 360_000) / 6000)}/1 ${hundredths % 6000}/100`
}
