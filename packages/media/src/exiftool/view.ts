import type { MediaMark } from '@everroll/protocol'
import { parseCaptureTime } from '../details/capture-time.ts'

/** ExifTool's tags of a file, brought into the shape of what this package reads. Null: ExifTool has no such tag in this file. */

/** Tags by group (family 1) and name, for example `ExifIFD:FNumber`; numbers and codes, not words (`-n`). */
export type Tags = Readonly<Record<string, unknown>>

/** Null: the file does not say. */
export type Comparable = Readonly<Record<ComparedField, unknown>>

export const comparedFields = [
  'mediaType', 'capturedAt', 'captureOffsetMinutes', 'latitude', 'longitude', 'altitude', 'width', 'height', 'durationMs', 'frameRate', 'codec', 'hdr',
  'make', 'model', 'lens', 'software', 'seconds', 'fNumber', 'iso', 'biasEv', 'focalLengthMm', 'focalLength35mm', 'flashFired',
  'contentIdentifier', 'burstId', 'motionPhotoBytes', 'caption', 'keywords', 'rating', 'marks',
] as const
export type ComparedField = (typeof comparedFields)[number]

export function exiftoolView(tags: Tags) {
  const first = (...names: string[]): unknown => {
    for (const name of names) {
      const value = name.startsWith('Track:') ? trackTag(tags, name.slice(6)) : tags[name]
      if (value !== undefined && value !== '' && value !== 'undef') return value
    }
    return null
  }
  const text = (...names: string[]): string | null => {
    const value = wordOf(first(...names))
    return value === '' ? null : value
  }
  const number = (...names: string[]): number | null => {
    const value = first(...names)
    return typeof value === 'number' ? value : null
  }
  const time = timeOf(text)
  const seconds = number('QuickTime:Duration', 'GIF:Duration', 'RIFF:Duration')
  const flash = number('ExifIFD:Flash')
  return {
    mediaType: mediaTypeOf(text('File:MIMEType')),
    ...time,
    ...placeOf(number),
    ...sizeOf(number),
    durationMs: seconds === null || seconds === 0 ? null : Math.round(seconds * 1000),
    frameRate: number('Track:VideoFrameRate'),
    codec: codecs[text('Track:CompressorID') ?? ''] ?? null,
    hdr: hdrOf(tags, number),
    make: text('IFD0:Make', 'Keys:Make', 'XMP-tiff:Make', 'Keys:AndroidMake'),
    model: text('IFD0:Model', 'Keys:Model', 'XMP-tiff:Model', 'Keys:AndroidModel'),
    lens: text('ExifIFD:LensModel', 'XMP-exifEX:LensModel', 'XMP-aux:Lens', 'VideoKeys:LensModel', 'VideoKeys:LensModel-eng-US'),
    software: text('IFD0:Software', 'XMP-xmp:CreatorTool', 'Keys:Software'),
    seconds: number('ExifIFD:ExposureTime', 'XMP-exif:ExposureTime'),
    fNumber: number('ExifIFD:FNumber', 'XMP-exif:FNumber'),
    iso: number('ExifIFD:ISO', 'ExifIFD:ISOSpeed', 'XMP-exif:ISO'),
    biasEv: number('ExifIFD:ExposureCompensation', 'XMP-exif:ExposureCompensation'),
    focalLengthMm: number('ExifIFD:FocalLength', 'XMP-exif:FocalLength'),
    focalLength35mm: positive(number('ExifIFD:FocalLengthIn35mmFormat', 'VideoKeys:FocalLengthIn35mmFormat', 'VideoKeys:FocalLengthIn35mmFormat-eng-US')),
    flashFired: flash === null ? booleanOf(first('XMP-exif:FlashFired')) : flash % 2 === 1,
    contentIdentifier: text('Apple:ContentIdentifier', 'Keys:ContentIdentifier'),
    burstId: text('Apple:BurstUUID'),
    motionPhotoBytes: binaryBytes(text('QuickTime:MotionPhotoVideo', 'Google:MotionPhotoVideo', 'Samsung:EmbeddedVideoFile')),
    caption: text('MWG:Description', 'ExifIFD:UserComment'),
    keywords: listOf(first('MWG:Keywords')),
    rating: number('MWG:Rating') === 0 ? null : number('MWG:Rating'),
    marks: marksOf(tags, text, number).toSorted(),
  }
}

/** A text that looks like a number was printed as one. */
const wordOf = (value: unknown): string =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

type Text = (...names: string[]) => string | null
type Numbers = (...names: string[]) => number | null

/** ExifTool counts tracks through the file; the first that has the tag is the one meant. */
function trackTag(tags: Tags, name: string): unknown {
  const key = Object.keys(tags).find((each) => /^Track\d+:/.test(each) && each.endsWith(`:${name}`))
  return key === undefined ? undefined : tags[key]
}

/** The same order as ours; the guidelines' own choice (`Composite:DateTimeOriginal` of MWG) has neither sub-seconds nor XMP's third date. */
function timeOf(text: Text): { capturedAt: number | null; captureOffsetMinutes: number | null } {
  const candidates = [
    'Composite:SubSecDateTimeOriginal', 'ExifIFD:DateTimeOriginal', 'Composite:SubSecCreateDate', 'ExifIFD:CreateDate', 'XMP-exif:DateTimeOriginal',
    'XMP-photoshop:DateCreated', 'XMP-xmp:CreateDate', 'Composite:DateTimeCreated', 'Keys:CreationDate', 'UserData:ContentCreateDate', 'QuickTime:CreateDate',
    'GPS:GPSDateTime', 'Composite:GPSDateTime', 'XMP-exif:GPSDateTime',
  ]
  for (const name of candidates) {
    const time = parseCaptureTime(text(name) ?? '')
    if (time !== null) return name.includes('GPS') ? { ...time, captureOffsetMinutes: null } : time
  }
  return { capturedAt: null, captureOffsetMinutes: null }
}

function placeOf(number: Numbers): { latitude: number | null; longitude: number | null; altitude: number | null } {
  const latitude = number('Composite:GPSLatitude')
  const longitude = number('Composite:GPSLongitude')
  if (latitude === null || longitude === null || (latitude === 0 && longitude === 0)) return { latitude: null, longitude: null, altitude: null }
  return { latitude, longitude, altitude: number('Composite:GPSAltitude', 'GPS:GPSAltitude') }
}

/** As displayed: a HEIF by its own rotation, a video by its track's, the others by Exif's orientation. */
function sizeOf(number: Numbers): { width: number | null; height: number | null } {
  const width = number('Track:ImageWidth', 'File:ImageWidth', 'SubIFD:ImageWidth', 'PNG:ImageWidth', 'GIF:ImageWidth', 'RIFF:ImageWidth')
  const height = number('Track:ImageHeight', 'File:ImageHeight', 'SubIFD:ImageHeight', 'PNG:ImageHeight', 'GIF:ImageHeight', 'RIFF:ImageHeight')
  const trackDegrees = number('Composite:Rotation')
  const quarterTurns = number('QuickTime:Rotation')
  const isTurned =
    trackDegrees !== null ? trackDegrees % 180 === 90
    : quarterTurns !== null ? quarterTurns % 2 === 1
    : number('QuickTime:PrimaryItemReference', 'Meta:PrimaryItemReference') === null && (number('IFD0:Orientation', 'XMP-tiff:Orientation') ?? 1) >= 5
  return isTurned ? { width: height, height: width } : { width, height }
}

const codecs: Readonly<Record<string, string>> = { avc1: 'h264', hvc1: 'hevc', hev1: 'hevc', av01: 'av1' }

function hdrOf(tags: Tags, number: Numbers): string | null {
  const transfer = number('Track:TransferCharacteristics', 'QuickTime:TransferCharacteristics')
  if (transfer === 16) return 'pq'
  if (transfer === 18) return 'hlg'
  const hasGainMap = Object.keys(tags).some((name) => /^XMP-(?:hdrgm|HDRGainMap):/.test(name))
  return hasGainMap || /hdrgainmap/.test(wordOf(tags['QuickTime:AuxiliaryImageType'])) ? 'gain_map' : null
}

/** "(Binary data 8730 bytes, use -b option to extract)" */
function binaryBytes(text: string | null): number | null {
  const match = /^\(Binary data (\d+) bytes/.exec(text ?? '')
  return match === null ? null : Number(match[1])
}

const booleanOf = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null)

/** 0 is "unknown" (Exif 3.0 §4.6.5). */
const positive = (value: number | null): number | null => (value === 0 ? null : value)

const listOf = (value: unknown): string[] | null =>
  value === null ? null : (Array.isArray(value) ? value : [value]).map(wordOf)

/** Marks that ExifTool's tags can show; `edited` and `spatial` are judgements of ours that it has no tag for. */
function marksOf(tags: Tags, text: Text, number: Numbers): MediaMark[] {
  const customRendered = number('ExifIFD:CustomRendered')
  const has = (pattern: RegExp): boolean => Object.keys(tags).some((name) => pattern.test(name))
  const marks: [MediaMark, boolean][] = [
    ['panorama', customRendered === 6 || has(/^XMP-GPano:ProjectionType/)],
    ['portrait', customRendered === 7 || customRendered === 8 || text('XMP-apdi:AuxiliaryImageType') === 'disparity' || has(/^XMP-GDepth:/)],
    ['screenshot', text('ExifIFD:UserComment', 'XMP-exif:UserComment') === 'Screenshot'],
    ['time_lapse', text('VideoKeys:CaptureMode') === 'Time-lapse'],
    ['slow_motion', has(/^Samsung:SlowMotion/) || (number('Keys:AndroidCaptureFPS') ?? 0) >= 2 * (number('Track:VideoFrameRate') ?? Infinity)],
    ['animated', (number('GIF:FrameCount') ?? 1) > 1 || ((number('RIFF:WebP_Flags') ?? 0) & 2) !== 0],
  ]
  return marks.flatMap(([mark, isSet]) => (isSet ? [mark] : []))
}

/** Names of one thing. */
function mediaTypeOf(type: string | null): string | null {
  const names: Readonly<Record<string, string>> = { 'application/vnd.apple.aae': 'application/x-plist', 'text/xml': 'application/x-plist', 'application/xml': 'application/x-plist', 'application/vnd.apple.photos': 'application/x-plist' }
  return type === null ? null : (names[type] ?? type)
}
