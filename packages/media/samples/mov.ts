import type { Place } from '../src/facts.ts'
import { box } from './box.ts'
import { momentOf, randomBytesOf } from './random.ts'
import type { Seed } from './random.ts'
import { offsetText, wallClock } from './wall-clock.ts'

export type MovSample = {
  readonly seed: Seed
  /** The exact size of the file. Absent: as small as it gets with 64 bytes of media data. */
  readonly bytes?: number
  readonly capturedAt?: number
  readonly offsetMinutes?: number
  readonly place?: Place
  readonly contentIdentifier?: string
}

const smallestMediaBytes = 64
/** Seconds from 1904-01-01, the epoch of QuickTime, to 1970-01-01. */
const epochDifferenceSeconds = 2_082_844_800

/**
 * A QuickTime container in the order in which an iPhone writes it: `ftyp`, `wide`, `mdat`, `moov` with the movie header
 * and Apple's metadata keys. What it is NOT: a video. It has no track and its media data are random bytes, so that
 * no player shows anything; readers of metadata and everything that moves files take it for what it says.
 */
export function makeMov(sample: MovSample): Uint8Array {
  const capturedAt = sample.capturedAt ?? momentOf(sample.seed)
  const front = Buffer.concat([box('ftyp', Buffer.from('qt  \0\0\0\0qt  ', 'latin1')), box('wide', Buffer.alloc(0))])
  const movie = box('moov', Buffer.concat([movieHeader(capturedAt), metadata(keysOf(sample, capturedAt))]))
  const least = front.length + 8 + smallestMediaBytes + movie.length
  const wanted = sample.bytes ?? least
  if (wanted < least) throw new RangeError(`this sample needs ${least} bytes, asked for ${wanted}`)
  const media = box('mdat', randomBytesOf(sample.seed, wanted - front.length - 8 - movie.length, 'media'))
  return Buffer.concat([front, media, movie], wanted)
}

function keysOf(sample: MovSample, capturedAt: number): [string, string][] {
  const offset = sample.offsetMinutes ?? 0
  const keys: [string, string][] = [
    ['com.apple.quicktime.make', 'Everroll'],
    ['com.apple.quicktime.creationdate', `${wallClock(capturedAt, offset)}${offsetText(offset).replace(':', '')}`],
  ]
  if (sample.contentIdentifier !== undefined) keys.unshift(['com.apple.quicktime.content.identifier', sample.contentIdentifier])
  if (sample.place !== undefined) keys.push(['com.apple.quicktime.location.ISO6709', iso6709(sample.place)])
  return keys
}

/** ISO 6709:2022 annex H, as iPhones write it: `+51.5334-000.1255+026.756/` */
function iso6709({ latitude, longitude, altitude }: Place): string {
  return `${signed(latitude, 2, 4)}${signed(longitude, 3, 4)}${altitude === null ? '' : signed(altitude, 3, 3)}/`
}

function signed(value: number, digits: number, decimals: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(decimals).padStart(digits + 1 + decimals, '0')}`
}

/** ISO/IEC 14496-12 §8.2.2, version 0: 1 second at 600 ticks, normal speed and volume, no rotation. */
function movieHeader(capturedAt: number): Buffer {
  const body = Buffer.alloc(100)
  const seconds = Math.floor(capturedAt / 1000) + epochDifferenceSeconds
  body.writeUInt32BE(seconds, 4)
  body.writeUInt32BE(seconds, 8)
  body.writeUInt32BE(600, 12)
  body.writeUInt32BE(600, 16)
  body.writeUInt32BE(0x0001_0000, 20)
  body.writeUInt16BE(0x0100, 24)
  for (const [at, value] of [[36, 0x0001_0000], [52, 0x0001_0000], [68, 0x4000_0000]] as const) body.writeUInt32BE(value, at)
  body.writeUInt32BE(1, 96)
  return box('mvhd', body)
}

/** QuickTime File Format, "Metadata": handler, names, then values by the number of their name. */
function metadata(keys: readonly (readonly [string, string])[]): Buffer {
  const handler = Buffer.alloc(25)
  handler.write('mdta', 8, 'latin1')
  const count = Buffer.alloc(8)
  count.writeUInt32BE(keys.length, 4)
  const names = keys.map(([name]) => box('mdta', Buffer.from(name, 'latin1')))
  const values = keys.map(([, value], index) => {
    const number = Buffer.alloc(4)
    number.writeUInt32BE(index + 1)
    const utf8 = Buffer.from([0, 0, 0, 1, 0, 0, 0, 0])
    return box(number.toString('latin1'), box('data', Buffer.concat([utf8, Buffer.from(value, 'utf8')])))
  })
  return box('meta', Buffer.concat([
    box('hdlr', handler),
    box('keys', Buffer.concat([count, ...names])),
    box('ilst', Buffer.concat(values)),
  ]))
}
