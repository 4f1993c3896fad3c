import type { MediaMark } from '@everroll/protocol'
import { textOf } from '../bytes/numbers.ts'
import type { Place, SidecarOwner } from '../facts.ts'
import type { ContainerItem, XmpWords } from '../reading.ts'
import { parseCaptureTime } from './capture-time.ts'
import type { CaptureTime } from './capture-time.ts'
import { placeFrom } from './place.ts'
import { parseXmp } from './xmp-document.ts'
import type { XmpProperty } from './xmp-document.ts'

/** A packet with more than this before what is wanted holds an embedded image (Motorola's depth maps: megabytes). */
export const xmpBytes = 256 * 1024

// The order in which the Metadata Working Group's guidelines (2.0, §5.4) look for the time of capture.
const timeProperties = ['exif:DateTimeOriginal', 'photoshop:DateCreated', 'xmp:CreateDate'] as const

/** What an XMP packet says: of screenshots and exports that carry no Exif, and what Exif has no field for. */
export function readXmp(packet: Uint8Array): XmpWords {
  const properties = parseXmp(decodedText(packet))
  const values = new Map<string, string[]>()
  for (const { path, value } of properties) {
    const list = values.get(path)
    if (list === undefined) values.set(path, [value])
    else list.push(value)
  }
  const first = (path: string): string | null => values.get(path)?.[0] ?? null
  const number = (path: string): number | null => fraction(first(path) ?? '')
  const flash = first('exif:Flash/exif:Fired')

  return {
    time: timeOf(first),
    place: placeOf(first),
    satelliteTime: satelliteTimeOf(first),
    orientation: number('tiff:Orientation'),
    camera: {
      make: first('tiff:Make'),
      model: first('tiff:Model'),
      lens: first('exifEX:LensModel') ?? first('aux:Lens'),
      software: first('xmp:CreatorTool'),
    },
    exposure: {
      seconds: number('exif:ExposureTime'),
      fNumber: number('exif:FNumber'),
      iso: number('exifEX:PhotographicSensitivity') ?? number('exif:ISOSpeedRatings'),
      biasEv: number('exif:ExposureBiasValue'),
      focalLengthMm: number('exif:FocalLength'),
      focalLength35mm: number('exif:FocalLengthIn35mmFilm'),
      flashFired: flash === null ? null : flash.toLowerCase() === 'true',
    },
    burstId: first('GCamera:BurstID'),
    caption: first('dc:description'),
    keywords: values.get('dc:subject') ?? [],
    rating: number('xmp:Rating'),
    marks: marksOf(first, values),
    hasGainMap: first('hdrgm:Version') !== null || first('HDRGainMap:HDRGainMapVersion') !== null,
    container: containerOf(properties),
    microVideoOffset: first('GCamera:MicroVideo') === '1' ? number('GCamera:MicroVideoOffset') : null,
    sidecarOwner: ownerOf(first),
  }
}

type First = (path: string) => string | null

/** ISO 16684-1 §7.1 lets a packet be UTF-16; JPEG and PNG have UTF-8 alone. */
function decodedText(packet: Uint8Array): string {
  if (packet[0] === 0xfe && packet[1] === 0xff) return new TextDecoder('utf-16be').decode(packet)
  if (packet[0] === 0xff && packet[1] === 0xfe) return new TextDecoder('utf-16le').decode(packet)
  return textOf(packet)
}

function timeOf(first: First): CaptureTime | null {
  for (const property of timeProperties) {
    const time = parseCaptureTime(first(property) ?? '')
    if (time !== null) return time
  }
  return null
}

/** UTC, which says nothing of the camera's zone. */
function satelliteTimeOf(first: First): CaptureTime | null {
  const time = parseCaptureTime(first('exif:GPSTimeStamp') ?? '')
  return time === null ? null : { ...time, captureOffsetMinutes: null }
}

/** Exif for XMP (CIPA DC-010 §A.3): `39,6.9N` or `39,6,54N`; altitude as a fraction. */
function placeOf(first: First): Place | null {
  const altitude = fraction(first('exif:GPSAltitude') ?? '')
  const below = first('exif:GPSAltitudeRef') === '1'
  return placeFrom(
    degrees(first('exif:GPSLatitude') ?? ''),
    degrees(first('exif:GPSLongitude') ?? ''),
    altitude !== null && below ? -altitude : altitude,
  )
}

function degrees(text: string): number {
  const match = /^(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])$/.exec(text)
  if (match === null) return Number.NaN
  const value = Number(match[1]) + Number(match[2]) / 60 + Number(match[3] ?? 0) / 3600
  return match[4] === 'S' || match[4] === 'W' ? -value : value
}

function fraction(text: string): number | null {
  const match = /^([+-]?\d+(?:\.\d+)?)(?:\/(\d+))?$/.exec(text)
  if (match === null || match[2] === '0') return null
  const value = Number(match[1]) / Number(match[2] ?? 1)
  return Number.isFinite(value) ? value : null
}

function marksOf(first: First, values: ReadonlyMap<string, string[]>): MediaMark[] {
  const marks: MediaMark[] = []
  // Google, Photo Sphere XMP: a panorama names its projection.
  if (first('GPano:ProjectionType') !== null) marks.push('panorama')
  // iOS writes the word into each screenshot (seen in PNG and HEIC of iOS 9 to 18).
  if (first('exif:UserComment') === 'Screenshot') marks.push('screenshot')
  // A depth map of Google's Lens Blur and of Android's dynamic depth format.
  if ([...values.keys()].some((path) => path.startsWith('GDepth:'))) marks.push('portrait')
  return marks
}

const directoryItem = /^Container:Directory\/(?:[^/]+\/)?Item:(Semantic|Length|Padding)$/

/** Google's directory of what lies behind the image, in the order of the file (developer.android.com, "Motion Photo format 1.0"). */
function containerOf(properties: readonly XmpProperty[]): ContainerItem[] {
  const items = new Map<number, { Semantic: string; Length: string; Padding: string }>()
  for (const { path, value, item } of properties) {
    const name = directoryItem.exec(path)?.[1]
    if (name !== 'Semantic' && name !== 'Length' && name !== 'Padding') continue
    const entry = items.get(item) ?? { Semantic: '', Length: '', Padding: '' }
    entry[name] = value
    items.set(item, entry)
  }
  return [...items.values()].map((entry) => ({
    semantic: entry.Semantic,
    length: Math.max(0, fraction(entry.Length) ?? 0),
    padding: Math.max(0, fraction(entry.Padding) ?? 0),
  }))
}

function ownerOf(first: First): SidecarOwner | null {
  const fileName = first('crs:RawFileName')
  const extension = first('photoshop:SidecarForExtension')
  return fileName === null && extension === null ? null : { fileName, extension }
}
