import { crc32, deflateSync } from 'node:zlib'
import { momentOf, randomBytesOf } from './random.ts'
import type { Seed } from './random.ts'
import { wallClock } from './wall-clock.ts'
import { makeXmp } from './xmp.ts'

const side = 16

/** A screenshot as an iPhone writes it: XMP before the image says what it is and when it was taken. */
export function makeScreenshot(seed: Seed): Uint8Array {
  const packet = makeXmp({ attributes: { 'exif:UserComment': 'Screenshot', 'photoshop:DateCreated': `${wallClock(momentOf(seed), 0)}Z` } })
  return makePng(seed, [chunk('iTXt', Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${packet}`, 'utf8'))])
}

/** A valid PNG of 16 x 16 random colours (PNG 3rd edition §5, §11.2); without further chunks it has no metadata. */
export function makePng(seed: Seed, chunks: readonly Uint8Array[] = []): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([8, 2], 8) // 8 bits each of red, green and blue
  const colours = randomBytesOf(seed, side * side * 3, 'png')
  const rows = Array.from({ length: side }, (_, row) => [Buffer.from([0]), colours.subarray(row * side * 3, (row + 1) * side * 3)])
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...chunks,
    chunk('IDAT', deflateSync(Buffer.concat(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const framed = Buffer.alloc(named.length + 8)
  framed.writeUInt32BE(body.length, 0)
  framed.set(named, 4)
  framed.writeUInt32BE(crc32(named), named.length + 4)
  return framed
}
