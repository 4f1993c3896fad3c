import { crc32 } from 'node:zlib'
import { absurdNumber } from '../absurd.ts'
import type { Bomb } from './bomb.ts'
import { deflatedZeros } from './deflated.ts'

const chunk = (type: string, body: Uint8Array): Buffer => {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const framed = Buffer.alloc(named.length + 8)
  framed.writeUInt32BE(body.length)
  framed.set(named, 4)
  framed.writeUInt32BE(crc32(named), named.length + 4)
  return framed
}

const header = (width: number, height: number, depth = 8, colour = 0): Buffer => {
  const body = Buffer.alloc(13)
  body.writeUInt32BE(width, 0)
  body.writeUInt32BE(height, 4)
  body.set([depth, colour], 8)
  return chunk('IHDR', body)
}

const png = (...chunks: readonly Buffer[]): Buffer => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks, chunk('IEND', Buffer.alloc(0))])

/** A picture of 8 x 8, black: what the metadata of a bomb hangs on. */
const small = [header(8, 8), chunk('IDAT', deflatedZeros(8 * 9))] as const
const megabyte = 1024 * 1024

export const pngBombs: readonly Bomb[] = [
  { name: 'PNG of 60,000 x 60,000, all of it there', extension: '.png', weight: 2, make: () => png(header(60_000, 60_000), chunk('IDAT', deflatedZeros(60_000 * 60_001))) },
  // 361 megapixels in 45 KB: within the limit, so that it is decoded.
  { name: 'PNG of 19,000 x 19,000 within the limit', extension: '.png', weight: 0.5, make: () => png(header(19_000, 19_000, 1), chunk('IDAT', deflatedZeros(19_000 * (19_000 / 8 + 1)))) },
  { name: 'PNG with more data than pixels', extension: '.png', weight: 2, make: (dice) => png(header(8, 8), chunk('IDAT', deflatedZeros(dice.pick([64, 1024]) * megabyte))) },
  { name: 'PNG with a text that inflates', extension: '.png', weight: 4, make: (dice) => {
    const type = dice.pick(['zTXt', 'iCCP', 'iTXt'])
    const opening = type === 'iTXt' ? 'XML:com.adobe.xmp\0\x01\0\0\0' : 'name\0\0'
    return png(small[0], ...Array<Buffer>(dice.few(8)).fill(chunk(type, Buffer.concat([Buffer.from(opening, 'latin1'), deflatedZeros(256 * megabyte)]))), small[1])
  } },
  { name: 'PNG of absurd size without data', extension: '.png', weight: 4, make: (dice) => png(header(absurdNumber(dice, 100), absurdNumber(dice, 100), dice.pick([1, 8, 16]), dice.pick([0, 2, 3, 4, 6])), small[1]) },
  { name: 'PNG of a row of 2^31 pixels', extension: '.png', weight: 2, make: (dice) => png(dice.chance(0.5) ? header(0x7fff_ffff, 1, 16, 6) : header(399_000_000, 1, 16, 6), small[1]) },
  { name: 'animated PNG of absurd frames', extension: '.png', weight: 2, make: (dice) => {
    const control = Buffer.alloc(8)
    control.writeUInt32BE(absurdNumber(dice, 100))
    const frame = Buffer.alloc(26)
    for (const at of [4, 8, 12, 16]) frame.writeUInt32BE(absurdNumber(dice, 100), at)
    return png(small[0], chunk('acTL', control), chunk('fcTL', frame), small[1], ...Array<Buffer>(dice.few(2000)).fill(chunk('fcTL', frame)))
  } },
]
