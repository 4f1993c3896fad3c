import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { box } from '../../../../samples/box.ts'
import { colourAt, imageOf, pixelsFrom, pixelsOf } from '../testing/pixels.ts'
import { decodeEmbeddedJpeg } from './embedded.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-embedded-'))
})
afterAll(() => rm(folder, { recursive: true }))

const limits = { pixels: 1_000_000 }
/** Left half red, right half blue: turned clockwise, red is above. */
const picture = (width: number, height: number): Promise<Buffer> =>
  imageOf(pixelsFrom(width, height, (x) => (x < width / 2 ? [220, 20, 20] : [20, 20, 220]))).jpeg({ quality: 95 }).toBuffer()

const orientation = 6 // turned clockwise to be seen

/** A directory of TIFF 6.0 §2, little-endian: each entry one value of 4 bytes. */
function directory(entries: readonly (readonly [tag: number, value: number])[], next: number): Buffer {
  const bytes = Buffer.alloc(2 + entries.length * 12 + 4)
  bytes.writeUInt16LE(entries.length)
  entries.forEach(([tag, value], index) => {
    bytes.writeUInt16LE(tag, 2 + index * 12)
    bytes.writeUInt16LE(4, 4 + index * 12)
    bytes.writeUInt32LE(1, 6 + index * 12)
    bytes.writeUInt32LE(value, 10 + index * 12)
  })
  bytes.writeUInt32LE(next, bytes.length - 4)
  return bytes
}

/** As a DNG: the first directory a thumbnail, the large preview in a SubIFD, a middle one in the next directory. */
async function makeRaw(): Promise<Buffer> {
  const [large, middle] = [await picture(600, 400), await picture(90, 60)]
  const header = Buffer.from('II*\0\x08\0\0\0', 'latin1')
  const first = (sub: number, next: number): Buffer => directory([[0x112, orientation], [0x14a, sub]], next)
  const subAt = header.length + first(0, 0).length
  const sub = (at: number): Buffer => directory([[0x103, 7], [0x111, at], [0x117, large.length]], 0)
  const nextAt = subAt + sub(0).length
  const next = (at: number): Buffer => directory([[0x201, at], [0x202, middle.length]], 0)
  const dataAt = nextAt + next(0).length
  return Buffer.concat([header, first(subAt, nextAt), sub(dataAt), next(dataAt + large.length), large, middle])
}

/** Canon's boxes (github.com/lclevy/canon_cr3): EXIF's first directory in `moov`, the preview in a box of its own. */
async function makeCr3(): Promise<Buffer> {
  const jpeg = await picture(600, 400)
  const tiff = Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), directory([[0x112, orientation]], 0)])
  const metadata = box('uuid', Buffer.concat([Buffer.from('85c0b687820f11e08111f4ce462b6a48', 'hex'), box('CMT1', tiff)]))
  const sizes = Buffer.alloc(16)
  sizes.writeUInt32BE(jpeg.length, 12)
  const preview = box('uuid', Buffer.concat([Buffer.from('eaf42b5e1c984b88b9fbb7dc406e4d16', 'hex'), Buffer.alloc(8), box('PRVW', Buffer.concat([sizes, jpeg]))]))
  return Buffer.concat([box('ftyp', Buffer.from('crx \0\0\0\x01crx isom', 'latin1')), box('moov', metadata), preview])
}

/** Fujifilm's: a whole JPEG with its own Exif, its place at byte 84. */
async function makeRaf(): Promise<Buffer> {
  const jpeg = await sharp(await picture(600, 400)).withMetadata({ orientation }).jpeg().toBuffer()
  const header = Buffer.alloc(160)
  header.write('FUJIFILMCCD-RAW 0201', 'latin1')
  header.writeUInt32BE(header.length, 84)
  header.writeUInt32BE(jpeg.length, 88)
  return Buffer.concat([header, jpeg])
}

test.each([
  ['DNG and other TIFF', 'image/x-adobe-dng', makeRaw],
  ['CR3', 'image/x-canon-cr3', makeCr3],
  ['RAF', 'image/x-fujifilm-raf', makeRaf],
] as const)('%s: the largest picture inside it, lying as the RAW says', async (_, mediaType, make) => {
  const path = join(folder, 'a')
  await writeFile(path, await make())
  const decoded = await decodeEmbeddedJpeg(path, mediaType, limits)
  if (decoded.outcome !== 'reduced') throw new Error(decoded.message)
  expect(decoded).toMatchObject({ width: 400, height: 600, decoder: 'embedded', problem: null })
  const pixels = await pixelsOf(decoded.tiff)
  expect(colourAt(pixels, 200, 100)[0]).toBeGreaterThan(180)
  expect(colourAt(pixels, 200, 500)[2]).toBeGreaterThan(180)
})

test('a RAW that was cut behind its directories is said to be cut, or shows nothing', async () => {
  const path = join(folder, 'cut')
  const whole = await makeRaw()
  await writeFile(path, whole.subarray(0, whole.length / 2))
  expect(await decodeEmbeddedJpeg(path, 'image/x-adobe-dng', limits)).toMatchObject({ outcome: 'reduced', problem: { code: 'corrupt_media' } })
  await writeFile(path, whole.subarray(0, 20))
  expect(await decodeEmbeddedJpeg(path, 'image/x-adobe-dng', limits)).toMatchObject({ outcome: 'not_decoded' })
})

test.each([
  ['a fraction', 5, 1.5],
  ['below zero', 9, -4],
] as const)('a preview whose place is %s is left out, and the next is taken', async (_, type, place) => {
  const path = join(folder, 'nowhere')
  const content = await makeRaw()
  // The entry 0x111 of the large preview's directory: its type, and its value, which of a fraction lies elsewhere.
  const entry = content.indexOf(Buffer.from([0x11, 1, 4, 0, 1, 0, 0, 0]))
  content.writeUInt16LE(type, entry + 2)
  if (type === 9) content.writeInt32LE(place, entry + 8)
  else content.writeUInt32LE(content.length, entry + 8)
  const fraction = Buffer.alloc(8)
  fraction.writeUInt32LE(3, 0)
  fraction.writeUInt32LE(2, 4)
  await writeFile(path, Buffer.concat([content, fraction]))
  expect(await decodeEmbeddedJpeg(path, 'image/x-adobe-dng', limits)).toMatchObject({ outcome: 'reduced', width: 60, height: 90 })
})
