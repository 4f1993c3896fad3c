import type { Bomb } from './bomb.ts'

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

/** One pixel in LZW of GIF89a appendix F: clear, 0, end. */
const onePixel = Buffer.from([2, 2, 0x44, 0x01, 0])
const gifFrame = (width: number, height: number): Buffer => Buffer.concat([Buffer.from([0x2c, 0, 0, 0, 0]), u16(width), u16(height), Buffer.from([0]), onePixel])
const gif = (width: number, height: number, frames: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from('GIF89a', 'latin1'), u16(width), u16(height), Buffer.from([0x80, 0, 0, 0, 0, 0, 255, 255, 255]), ...frames, Buffer.from([0x3b])])

function riff(...chunks: readonly (readonly [string, Buffer])[]): Buffer {
  const body = Buffer.concat(chunks.flatMap(([type, data]) => {
    const header = Buffer.from(`${type}\0\0\0\0`, 'latin1')
    header.writeUInt32LE(data.length, 4)
    return [header, data, Buffer.alloc(data.length % 2)]
  }))
  const header = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  header.writeUInt32LE(body.length + 4, 4)
  return Buffer.concat([header, body])
}

/** WebP container specification, `VP8X`: sizes less one, in 24 bits. */
function canvas(width: number, height: number): Buffer {
  const body = Buffer.alloc(10)
  body[0] = 0x12
  body.writeUIntLE(width - 1, 4, 3)
  body.writeUIntLE(height - 1, 7, 3)
  return body
}

/** WebP lossless bitstream §3: signature, then both sizes less one in 14 bits. */
function lossless(width: number, height: number, data: Buffer): Buffer {
  const header = Buffer.alloc(5)
  header[0] = 0x2f
  header.writeUInt32LE(((width - 1) | ((height - 1) << 14)) >>> 0, 1)
  return Buffer.concat([header, data])
}

export const smallPictureBombs: readonly Bomb[] = [
  // 4.3 gigapixels of screen, of frame, or of both; 19,000 squared is within the limit.
  { name: 'GIF of absurd size', extension: '.gif', weight: 4, make: (dice) => {
    const screen = dice.pick([1, 65_535])
    const frame = dice.pick([1, 65_535])
    return gif(screen, screen, [gifFrame(frame, frame)])
  } },
  { name: 'GIF of 19,000 x 19,000 within the limit', extension: '.gif', weight: 0.5, make: () => gif(19_000, 19_000, [gifFrame(1, 1)]) },
  { name: 'GIF of 50,000 frames', extension: '.gif', weight: 1, make: (dice) => gif(dice.pick([16, 2000]), 16, Array<Buffer>(50_000).fill(gifFrame(1, 1))) },
  { name: 'WebP of absurd size', extension: '.webp', weight: 4, make: (dice) => riff(['VP8X', canvas(dice.pick([1, 16_384, 2 ** 24]), dice.pick([1, 16_384, 2 ** 24]))], ['ANIM', Buffer.alloc(6)], ['VP8L', lossless(dice.pick([1, 16_384]), 16_384, dice.bytes(100))]) },
  // 268 megapixels of one colour: each Huffman code has one symbol, so that no pixel needs a bit (§6.2.1).
  { name: 'lossless WebP of 16,384 x 16,384', extension: '.webp', weight: 0.5, make: () => riff(['VP8L', lossless(16_384, 16_384, Buffer.from([0x88, 0x88, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0]))]) },
  { name: 'JPEG XL of absurd size', extension: '.jxl', weight: 2, make: (dice) => Buffer.concat([Buffer.from([0xff, 0x0a]), dice.pick([Buffer.alloc(9, 0xff), dice.bytes(12)])]) },
]
