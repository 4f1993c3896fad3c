import { segment, mosaicImage } from '../../samples/mosaic-jpeg.ts'
import { absurdNumber } from '../absurd.ts'
import type { Bomb } from './bomb.ts'
import { deflatedZeros } from './deflated.ts'

type Entry = readonly [tag: number, type: 2 | 3 | 4 | 7, count: number, value: number]

/** A directory at byte 8 (TIFF 6.0 §2), little end first, that is followed by `next`; then `data`. */
function tiff(entries: readonly Entry[], next: number, data: Uint8Array = new Uint8Array(0)): Buffer {
  const bytes = Buffer.alloc(8 + 2 + entries.length * 12 + 4)
  bytes.write('II*\0\x08\0\0\0', 'latin1')
  bytes.writeUInt16LE(entries.length, 8)
  entries.forEach(([tag, type, count, value], index) => {
    const at = 10 + index * 12
    bytes.writeUInt16LE(tag, at)
    bytes.writeUInt16LE(type, at + 2)
    bytes.writeUInt32LE(count, at + 4)
    bytes.writeUInt32LE(value, at + 8)
  })
  bytes.writeUInt32LE(next, bytes.length - 4)
  return Buffer.concat([bytes, data])
}

const dataAt = (entries: number): number => 8 + 2 + entries * 12 + 4

/** Grey, 8 bits, one strip. */
function picture(width: number, height: number, compression: number, stripBytes: number): Entry[] {
  return [
    [0x0100, 4, 1, width], [0x0101, 4, 1, height], [0x0102, 3, 1, 8], [0x0103, 3, 1, compression], [0x0106, 3, 1, 1],
    [0x0111, 4, 1, dataAt(9)], [0x0115, 3, 1, 1], [0x0116, 4, 1, height], [0x0117, 4, 1, stripBytes],
  ]
}

/** Directories that lead into themselves, as a file and as the Exif of a JPEG. */
const circles: readonly ((next: number) => Buffer)[] = [
  (next) => tiff([[0x8769, 4, 1, 8], [0x8825, 4, 1, 8], [0x014a, 4, 1, 8]], next),
  (next) => tiff(Array.from({ length: 2000 }, () => [0x014a, 4, 1, 8] as const), next),
  (next) => tiff([[0x014a, 4, 0x3fff_ffff, 8], [0x927c, 7, 0xffff_ffff, 8], [0x0201, 4, 1, 0], [0x0202, 4, 1, 0xffff_ffff]], next),
]

export const tiffBombs: readonly Bomb[] = [
  { name: 'TIFF of absurd size', extension: '.tif', weight: 5, make: (dice) => tiff(picture(absurdNumber(dice, 500), absurdNumber(dice, 500), dice.pick([1, 5, 7, 8, 32_773]), absurdNumber(dice, 500)), 0, dice.bytes(200)) },
  { name: 'TIFF of 19,000 x 19,000 within the limit', extension: '.tif', weight: 0.5, make: () => {
    const data = deflatedZeros(19_000 * 19_000)
    return tiff(picture(19_000, 19_000, 8, data.length), 0, data)
  } },
  { name: 'TIFF whose strip inflates', extension: '.tif', weight: 2, make: () => {
    const data = deflatedZeros(1024 ** 3)
    return tiff(picture(100, 100, 8, data.length), 0, data)
  } },
  { name: 'directories in circles', extension: '.tif', weight: 4, make: (dice) => dice.pick(circles)?.(dice.pick([0, 8])) ?? Buffer.alloc(0) },
  { name: 'directories in circles in a JPEG', extension: '.jpg', weight: 4, make: (dice) => {
    const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), dice.pick(circles)?.(8) ?? Buffer.alloc(0)])
    return Buffer.concat([Buffer.from([0xff, 0xd8]), segment(0xe1, exif), mosaicImage(1), Buffer.from([0xff, 0xd9])])
  } },
  { name: 'a chain of 5,000 directories', extension: '.dng', weight: 2, make: () => {
    const length = dataAt(1)
    return Buffer.concat(Array.from({ length: 5000 }, (_, index) => {
      const directory = tiff([[0x00fe, 4, 1, 1]], 8 + (index + 1) * (length - 8))
      return index === 0 ? directory : directory.subarray(8)
    }))
  } },
]
