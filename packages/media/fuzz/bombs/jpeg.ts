import { mosaicImage, segment } from '../../samples/mosaic-jpeg.ts'
import type { Dice } from '../dice.ts'
import type { Bomb } from './bomb.ts'

const start = Buffer.from([0xff, 0xd8])
const end = Buffer.from([0xff, 0xd9])

/** T.81 §B.2.2: a frame of so many components, none reduced. */
function frame(marker: number, width: number, height: number, components: number): Buffer {
  const body = Buffer.from([8, height >> 8, height & 255, width >> 8, width & 255, components, ...Array.from({ length: components }, (_, id) => [id + 1, 0x11, 0]).flat()])
  return segment(marker, body)
}

const quantisation = segment(0xdb, Buffer.from([0, ...Array<number>(64).fill(1)]))
/** One code of one bit that stands for the symbol 0: no difference, or the end of a block. */
const huffman = (kind: number): Buffer => segment(0xc4, Buffer.from([kind, 1, ...Array<number>(15).fill(0), 0]))
const scan = (components: readonly number[], first: number, last: number, bits: number): Buffer =>
  segment(0xda, Buffer.from([components.length, ...components.flatMap((id) => [id, 0]), first, last, bits]))

/** Whole in its header, a few hundred bytes of data: libjpeg fills up with grey, and keeps all coefficients of a progressive one. */
function progressive(width: number, height: number, scans: number, dice: Dice): Buffer {
  const each = Array.from({ length: scans }, (_, index) => Buffer.concat([index === 0 ? scan([1, 2, 3], 0, 0, 0) : scan([dice.from(1, 3)], 1, 63, 0), Buffer.alloc(index === 0 ? 300 : 4)]))
  return Buffer.concat([start, quantisation, frame(0xc2, width, height, 3), huffman(0), huffman(0x10), ...each, end])
}

export const jpegBombs: readonly Bomb[] = [
  { name: 'progressive JPEG of 16,000 x 16,000', extension: '.jpg', weight: 0.5, make: (dice) => progressive(16_000, 16_000, 1, dice) },
  { name: 'progressive JPEG of 65,500 x 65,500', extension: '.jpg', weight: 2, make: (dice) => progressive(65_500, 65_500, dice.few(10), dice) },
  { name: 'progressive JPEG of very many scans', extension: '.jpg', weight: 0.5, make: (dice) => progressive(2000, 2000, dice.from(200, 1000), dice) },
  { name: 'JPEG of one row, 65,535 high or wide', extension: '.jpg', weight: 2, make: (dice) => {
    const { width, height } = dice.pick([{ width: 1, height: 65_535 }, { width: 65_535, height: 1 }, { width: 65_500, height: 600 }])
    return Buffer.concat([start, quantisation, frame(0xc0, width, height, 3), huffman(0), huffman(0x10), scan([1, 2, 3], 0, 63, 0), Buffer.alloc(200), end])
  } },
  { name: 'JPEG with two frames of other sizes', extension: '.jpg', weight: 2, make: (dice) => Buffer.concat([start, frame(0xc0, 8, 8, 3), frame(0xc2, 20_000, 20_000, dice.from(1, 4)), mosaicImage(dice.below(100)), end]) },
  { name: 'JPEG with a colour profile of garbage', extension: '.jpg', weight: 8, make: (dice) => {
    // ICC.1:2022 §7.2: the size, and `acsp` at byte 36; behind the header the number of tags.
    const profile = dice.bytes(dice.from(100, 3000))
    if (dice.chance(0.8)) {
      profile.writeUInt32BE(profile.length, 0)
      profile.write(`${dice.pick(['scnr', 'mntr', 'prtr', 'link'])}${dice.pick(['RGB ', 'GRAY', 'CMYK', 'Lab '])}XYZ `, 12, 'latin1')
      profile.write('acsp', 36, 'latin1')
    }
    if (profile.length > 140 && dice.chance(0.5)) profile.writeUInt32BE(dice.pick([0, 1, 10, 0xffff_ffff]), 128)
    const pieces = dice.pick([1, 1, 2, 255])
    const segments = Array.from({ length: pieces }, (_, index) => segment(0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0', 'latin1'), Buffer.from([(index + 1) & 255, pieces]), profile])))
    return Buffer.concat([start, ...segments, mosaicImage(dice.below(100)), end])
  } },
]
