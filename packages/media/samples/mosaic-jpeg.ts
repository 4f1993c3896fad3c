import { randomBytesOf } from './random.ts'
import type { Seed } from './random.ts'

/** A baseline JPEG (ITU-T T.81) of 64 x 48 points: a mosaic of 8 x 8 squares, each of one colour, decided by the seed. */

export const mosaicWidth = 64
export const mosaicHeight = 48
const components = 3
const squares = (mosaicWidth / 8) * (mosaicHeight / 8)
/** A step of the constant coefficient, which is 8 times the brightness (T.81 §A.3.3): each step is 2 of 256 levels. */
const quantum = 16

export function segment(marker: number, body: Uint8Array): Buffer {
  const header = Buffer.from([0xff, marker, 0, 0])
  header.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([header, body])
}

/** Everything but start of image, application segments and end of image. */
export function mosaicImage(seed: Seed): Buffer {
  const componentSpecs = [1, 2, 3].flatMap((id) => [id, 0x11, 0])
  const frame = Buffer.from([8, 0, mosaicHeight, 0, mosaicWidth, components, ...componentSpecs])
  const scan = Buffer.from([components, ...[1, 2, 3].flatMap((id) => [id, 0x00]), 0, 63, 0])
  // Constant coefficients: categories 0 to 11, each with a code of 4 bits that is its own number (annex C).
  const constantCodes = Buffer.from([0x00, 0, 0, 0, 12, ...Array<number>(12).fill(0), ...Array.from({ length: 12 }, (_, n) => n)])
  // Other coefficients: there are none, so that the only symbol is "end of block", the bit 0.
  const otherCodes = Buffer.from([0x10, 1, ...Array<number>(15).fill(0), 0x00])
  return Buffer.concat([
    segment(0xdb, Buffer.from([0, ...Array<number>(64).fill(quantum)])),
    segment(0xc0, frame),
    segment(0xc4, constantCodes),
    segment(0xc4, otherCodes),
    segment(0xda, scan),
    entropyCoded(seed),
  ])
}

/** T.81 annex F.1.2.1: per block the difference from the block before it in its component, then "end of block". */
function entropyCoded(seed: Seed): Buffer {
  const colours = randomBytesOf(seed, squares * components, 'mosaic')
  const previous = [0, 0, 0]
  let bits = ''
  colours.forEach((colour, index) => {
    const component = index % components
    const level = (colour >> 2) - 32 // -32 to 31 steps: a brightness of 64 to 190
    const difference = level - (previous[component] ?? 0)
    previous[component] = level
    const category = Math.abs(difference).toString(2).length * Number(difference !== 0)
    const value = difference < 0 ? difference + 2 ** category - 1 : difference
    bits += category.toString(2).padStart(4, '0') + (category === 0 ? '' : value.toString(2).padStart(category, '0')) + '0'
  })
  bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1') // F.1.2.3: filled up with ones
  const bytes = (bits.match(/.{8}/g) ?? []).flatMap((octet) => {
    const value = Number.parseInt(octet, 2)
    return value === 0xff ? [0xff, 0x00] : [value] // F.1.2.3: no marker by accident
  })
  return Buffer.from(bytes)
}
