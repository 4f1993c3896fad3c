import type { Place } from '../src/facts.ts'
import { offsetText, wallClock } from './wall-clock.ts'

/** Writes Exif: a big-endian TIFF structure (TIFF 6.0 §2, Exif 3.0 §4.6), as cameras of Apple do. */

type Field = { readonly tag: number; readonly type: number; readonly count: number; readonly bytes: Buffer }

const ascii = (tag: number, text: string): Field => {
  const bytes = Buffer.from(`${text}\0`, 'utf8')
  return { tag, type: 2, count: bytes.length, bytes }
}
const byte = (tag: number, value: number): Field => ({ tag, type: 1, count: 1, bytes: Buffer.from([value]) })
const undefinedBytes = (tag: number, bytes: Buffer): Field => ({ tag, type: 7, count: bytes.length, bytes })
const short = (tag: number, value: number): Field => {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return { tag, type: 3, count: 1, bytes }
}
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
function appleMakerNote({ contentIdentifier, burstId }: ExifContent): Buffer | null {
  const fields = [
    ...(burstId === undefined ? [] : [ascii(0x000b, burstId)]),
    ...(contentIdentifier === undefined ? [] : [ascii(0x0011, contentIdentifier)]),
  ]
  const header = Buffer.from('Apple iOS\0\0\x01MM', 'latin1')
  return fields.length === 0 ? null : Buffer.concat([header, directory(fields, header.length)])
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
  readonly burstId?: string
  /** Exif 3.0 §4.6.5, tag 0x0112: 1 to 8. */
  readonly orientation?: number
  readonly make?: string
  readonly model?: string
  readonly lens?: string
  readonly software?: string
  readonly description?: string
  readonly userComment?: string
  /** Stars; Microsoft's tag. */
  readonly rating?: number
  readonly customRendered?: number
  readonly exposure?: {
    readonly seconds: readonly [number, number]
    readonly fNumber: readonly [number, number]
    readonly iso: number
    readonly focalLengthMm: readonly [number, number]
    readonly focalLength35mm: number
    readonly flash: number
  }
}

function exposureFields(exposure: NonNullable<ExifContent['exposure']>): Field[] {
  return [
    rationals(0x829a, [exposure.seconds]), rationals(0x829d, [exposure.fNumber]), short(0x8827, exposure.iso), short(0x9209, exposure.flash),
    rationals(0x920a, [exposure.focalLengthMm]), short(0xa405, exposure.focalLength35mm),
  ]
}

export function makeExif(content: ExifContent): Buffer {
  const clock = wallClock(content.capturedAt, content.offsetMinutes ?? 0).replaceAll('-', ':').replace('T', ' ')
  const milliseconds = content.capturedAt % 1000
  const exif = [ascii(0x9003, clock), ascii(0x9004, clock)]
  if (milliseconds !== 0) exif.push(ascii(0x9291, String(milliseconds).padStart(3, '0')))
  if (content.offsetMinutes !== undefined) exif.push(ascii(0x9011, offsetText(content.offsetMinutes)))
  const note = appleMakerNote(content)
  if (note !== null) exif.push(undefinedBytes(0x927c, note))
  if (content.userComment !== undefined) exif.push(undefinedBytes(0x9286, Buffer.from(`ASCII\0\0\0${content.userComment}`, 'latin1')))
  if (content.customRendered !== undefined) exif.push(short(0xa401, content.customRendered))
  if (content.lens !== undefined) exif.push(ascii(0xa434, content.lens))
  if (content.exposure !== undefined) exif.push(...exposureFields(content.exposure))

  const root = (exifAt: number, gpsAt: number): Buffer => directory([
    ascii(0x010f, content.make ?? 'Everroll'), ascii(0x0110, content.model ?? 'Sample'), ascii(0x0132, clock), long(0x8769, exifAt),
    ...(content.description === undefined ? [] : [ascii(0x010e, content.description)]),
    ...(content.orientation === undefined ? [] : [short(0x0112, content.orientation)]),
    ...(content.software === undefined ? [] : [ascii(0x0131, content.software)]),
    ...(content.rating === undefined ? [] : [short(0x4746, content.rating)]),
    ...(content.place === undefined ? [] : [long(0x8825, gpsAt)]),
  ], 8)
  const exifAt = 8 + root(0, 0).length
  const exifPart = directory(exif, exifAt)
  const gpsAt = exifAt + exifPart.length
  const gpsPart = content.place === undefined ? Buffer.alloc(0) : directory(gpsFields(content.place), gpsAt)
  return Buffer.concat([Buffer.from('MM\0*\0\0\0\x08', 'latin1'), root(exifAt, gpsAt), exifPart, gpsPart])
}
