import { box } from './box.ts'

/** A movie with one video track that describes pictures and has none: enough for everything that reads headers. */

export type VideoTrackSample = {
  /** As coded. */
  readonly width: number
  readonly height: number
  /** As the track header says. Absent: as coded. */
  readonly shown?: readonly [width: number, height: number]
  /** a, b, c and d of the track's matrix (ISO/IEC 14496-12 §8.3.2). */
  readonly matrix?: readonly [a: number, b: number, c: number, d: number]
  readonly entry?: string
  /** Boxes in the sample entry: `clap`, `pasp`, `colr`, `dvvC` … */
  readonly extensions?: readonly Uint8Array[]
  readonly frames?: number
  /** In thousandths of a second. */
  readonly frameDuration?: number
  /** Apple's metadata keys of the movie. */
  readonly keys?: readonly (readonly [name: string, value: string])[]
  /** Those of the track. */
  readonly trackKeys?: readonly (readonly [name: string, value: string])[]
  /** Boxes of the user data. */
  readonly userData?: readonly Uint8Array[]
}

const timescale = 1000

export function makeVideoTrack(sample: VideoTrackSample): Uint8Array {
  const { frames = 30, frameDuration = 40 } = sample
  const track = box('trak', Buffer.concat([
    trackHeader(sample),
    ...(sample.trackKeys === undefined ? [] : [keysBox(sample.trackKeys)]),
    box('mdia', Buffer.concat([
      timed('mdhd', frames * frameDuration, 24),
      handler('vide'),
      box('minf', box('stbl', Buffer.concat([
        box('stsd', Buffer.concat([numbers(0, 1), sampleEntry(sample)])),
        box('stts', numbers(0, 1, frames, frameDuration)),
      ]))),
    ])),
  ]))
  return Buffer.concat([
    box('ftyp', Buffer.from('qt  \0\0\0\0qt  ', 'latin1')),
    box('moov', Buffer.concat([
      timed('mvhd', frames * frameDuration, 100),
      track,
      ...(sample.keys === undefined ? [] : [keysBox(sample.keys)]),
      ...(sample.userData === undefined ? [] : [box('udta', Buffer.concat(sample.userData))]),
    ])),
  ])
}

function numbers(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => bytes.writeInt32BE(value | 0, index * 4))
  return bytes
}

/** A header of version 0 with creation time 0, and timescale and duration at bytes 12 and 16. */
function timed(type: string, duration: number, length: number): Buffer {
  const body = Buffer.alloc(length)
  body.writeUInt32BE(timescale, 12)
  body.writeUInt32BE(duration, 16)
  return box(type, body)
}

function trackHeader({ width, height, shown = [width, height], matrix: [a, b, c, d] = [1, 0, 0, 1] }: VideoTrackSample): Buffer {
  const one = 0x0001_0000
  return box('tkhd', Buffer.concat([
    Buffer.alloc(40),
    numbers(a * one, b * one, 0, c * one, d * one, 0, 0, 0, 0x4000_0000, shown[0] * one, shown[1] * one),
  ]))
}

function sampleEntry({ width, height, entry = 'hvc1', extensions = [] }: VideoTrackSample): Buffer {
  const fields = Buffer.alloc(78)
  fields.writeUInt16BE(width, 24)
  fields.writeUInt16BE(height, 26)
  return box(entry, Buffer.concat([fields, ...extensions]))
}

function handler(type: string): Buffer {
  const body = Buffer.alloc(25)
  body.write(type, 8, 'latin1')
  return box('hdlr', body)
}

/** QuickTime File Format, "Metadata": names, then values by the number of their name. */
function keysBox(keys: readonly (readonly [string, string])[]): Buffer {
  const values = keys.map(([, value], index) =>
    box(numbers(index + 1).toString('latin1'), box('data', Buffer.concat([numbers(1, 0), Buffer.from(value, 'utf8')]))))
  return box('meta', Buffer.concat([
    handler('mdta'),
    box('keys', Buffer.concat([numbers(0, keys.length), ...keys.map(([name]) => box('mdta', Buffer.from(name, 'latin1')))])),
    box('ilst', Buffer.concat(values)),
  ]))
}

/** ISO/IEC 14496-12 §12.1.4.1: width and height in whole points. */
export const cleanApertureBox = (width: number, height: number): Buffer => box('clap', numbers(width, 1, height, 1, 0, 1, 0, 1))

/** §12.1.4.2. */
export const pixelAspectBox = (horizontal: number, vertical: number): Buffer => box('pasp', numbers(horizontal, vertical))

/** §12.1.5, `nclx`: primaries, transfer, matrix of ITU-T H.273. */
export const colourBox = (primaries: number, transfer: number, matrix: number): Buffer =>
  box('colr', Buffer.concat([Buffer.from('nclx', 'latin1'), Buffer.from([0, primaries, 0, transfer, 0, matrix, 0])]))
