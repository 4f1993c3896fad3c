import type { Place } from '../src/facts.ts'
import { offsetText, wallClock } from './wall-clock.ts'

/** Writes Exif: a big-endian TIFF structure (TIFF 6.0 §2, Exif 3.0 §4.6), as cameras of Apple do. */

type Field = { readonly tag: number; readonly type: number; readonly count: number; readonly bytes: Buffer }

const ascii = (tag: number, text: string): Field => {
  const bytes = Buffer.from(`${text}\0`, 'latin1')
  return { tag, type: 2, count: bytes.length, bytes }
}
const byte = (tag: number, value: number): Field => ({ tag, type: 1, count: 1, bytes: Buffer.from([value]) })
const undefinedBytes = (tag: number, bytes: Buffer): Field => ({ tag, type: 7, count: bytes.length, bytes })
const long = (tag: number, value: number): Field => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return { tag, type: 4, count: 1, bytes }
}
const rationals = (tag: number, pairs: readonly (readonly [number, number])[]): Field => {
  const bytes = Buffer.alloc(pairs.length * 8)
  pairs.forEach(([numerator, denominator], index) => {
    bytes.writeUInt32BE(numerator, index * 8)
    bytes.writeUInt32BE(denominator, index * 8 + 4)
  })
  return { tag, type: 5, count: pairs.length, bytes }
}

/** A directory and the values that do not fit in it; `base` is its offset in what the offsets count from. */
function directory(fields: readonly Field[], base: number): Buffer {
  const table = Buffer.alloc(2 + fields.length * 12 + 4)
  table.writeUInt16BE(fields.length)
  const values: Buffer[] = []
  let next = base + table.length
  fields.toSorted((a, b) => a.tag - b.tag).forEach((field, index) => {
    const at = 2 + index * 12
    table.writeUInt16BE(field.tag, at)
    table.writeUInt16BE(field.type, at + 2)
    table.writeUInt32BE(field.count, at + 4)
    if (field.bytes.length <= 4) {
      field.bytes.copy(table, at + 8)
      return
    }
    table.writeUInt32BE(next, at + 8)
    const padded = Buffer.alloc(field.bytes.length + (field.bytes.length % 2)) // values begin on even offsets
    field.bytes.copy(padded)
    values.push(padded)
    next += padded.length
  })
  return Buffer.concat([table, ...values])
}

/** As ExifTool reads it (Image::ExifTool::Apple): offsets count from the header. */
function appleMakerNote(contentIdentifier: string): Buffer {
  const header = Buffer.from('Apple iOS\0\0\x01MM', 'latin1')
  return Buffer.concat([header, directory([ascii(0x0011, contentIdentifier)], header.length)])
}

function gpsFields(place: Place): Field[] {
  const degrees = (tag: number, value: number): Field => {
    const thousandths = Math.round(Math.abs(value) * 3600 * 1000) // of a second of arc: 3 cm
    const seconds = thousandths % 60_000
    const minutes = Math.floor(thousandths / 60_000) % 60
    return rationals(tag, [[Math.floor(thousandths / 3_600_000), 1], [minutes, 1], [seconds, 1000]])
  }
  const fields = [
    ascii(1, place.latitude < 0 ? 'S' : 'N'), degrees(2, place.latitude),
    ascii(3, place.longitude < 0 ? 'W' : 'E'), degrees(4, place.longitude),
  ]
  if (place.altitude === null) return fields
  return [...fields, byte(5, place.altitude < 0 ? 1 : 0), rationals(6, [[Math.round(Math.abs(place.altitude) * 100), 100]])]
}

export type ExifContent = {
  readonly capturedAt: number
  /** Absent: the clock is written without an offset, as older cameras do. */
  readonly offsetMinutes?: number
  readonly place?: Place
  readonly contentIdentifier?: string
}

export function makeExif(content: ExifContent): Buffer {
  const clock = wallClock(content.capturedAt, content.offsetMinutes ?? 0).replaceAll('-', ':').replace('T', ' ')
  const milliseconds = content.capturedAt % 1000
  const exif = [ascii(0x9003, clock), ascii(0x9004, clock)]
  if (milliseconds !== 0) exif.push(ascii(0x9291, String(milliseconds).padStart(3, '0')))
  if (content.offsetMinutes !== undefined) exif.push(ascii(0x9011, offsetText(content.offsetMinutes)))
  if (content.contentIdentifier !== undefined) exif.push(undefinedBytes(0x927c, appleMakerNote(content.contentIdentifier)))

  const root = (exifAt: number, gpsAt: number): Buffer => directory([
    ascii(0x010f, 'Everroll'), ascii(0x0110, 'Sample'), ascii(0x0132, clock), long(0x8769, exifAt),
    ...(content.place === undefined ? [] : [long(0x8825, gpsAt)]),
  ], 8)
  const exifAt = 8 + root(0, 0).length
  const exifPart = directory(exif, exifAt)
  const gpsAt = exifAt + exifPart.length
  const gpsPart = content.place === undefined ? Buffer.alloc(0) : directory(gpsFields(content.place), gpsAt)
  return Buffer.concat([Buffer.from('MM\0*\0\0\0\x08', 'latin1'), root(exifAt, gpsAt), exifPart, gpsPart])
}
