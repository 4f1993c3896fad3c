import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createRequire } from 'node:module'
import { pictureColour, pictureSide } from './hevc/picture.ts'
import { makeAae, makeHeic, makeJpeg, makeLivePhoto, makeMov, makePng, makeScreenshot, makeUltraHdr, writeSampleLibrary } from './index.ts'

test('the same seed makes the same bytes, another seed others', () => {
  for (const make of [(seed: number) => makeJpeg({ seed }), (seed: number) => makeMov({ seed }), makePng, makeAae, makeScreenshot, (seed: number) => makeHeic({ seed }), (seed: number) => makeUltraHdr(seed, 'apple')]) {
    expect(make(1)).toEqual(make(1))
    expect(make(1)).not.toEqual(make(2))
  }
  expect(makeLivePhoto({ seed: 1 })).toEqual(makeLivePhoto({ seed: 1 }))
})

test('a sample has the wanted size to the byte', () => {
  const least = makeJpeg({ seed: 1 }).length
  for (const bytes of [least, least + 1, least + 2, least + 3, least + 4, least + 5, least + 65_537, least + 65_538, least + 65_540, 3_000_000]) {
    expect(makeJpeg({ seed: 1, bytes }).length).toBe(bytes)
  }
  expect(makeMov({ seed: 1, bytes: 1_234_567 }).length).toBe(1_234_567)
  expect(() => makeJpeg({ seed: 1, bytes: least - 1 })).toThrow(RangeError)
})

test('every segment of a padded JPEG leads to the next, up to the image data', () => {
  const jpeg = Buffer.from(makeJpeg({ seed: 1, bytes: 1_000_003 }))
  let at = 2
  while (jpeg[at + 1] !== 0xda) {
    expect(jpeg[at]).toBe(0xff)
    at += jpeg[at + 1] === 0xff ? 1 : 2 + jpeg.readUInt16BE(at + 2)
  }
  expect(jpeg.subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]))
})

test('no compressor gains from a sample', () => {
  const jpeg = makeJpeg({ seed: 1, bytes: 1_000_000 })
  expect(gzipSync(jpeg).length).toBeGreaterThan(990_000)
})

test('a sample library is a camera roll on disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'everroll-samples-'))
  try {
    const files = await writeSampleLibrary(folder, { photos: 2, livePhotos: 1, videos: 1, photoBytes: 5_000, videoBytes: 6_000 })
    expect((await readdir(folder)).toSorted()).toEqual(['IMG_0001.JPG', 'IMG_0002.JPG', 'IMG_0003.JPG', 'IMG_0003.MOV', 'IMG_0004.MOV'])
    expect(new Set(files.map((file) => file.asset)).size).toBe(4)
    for (const file of files) expect((await stat(file.path)).size).toBe(file.bytes)
    const contents = await Promise.all(files.map(async (file) => (await readFile(file.path)).toString('base64')))
    expect(new Set(contents).size).toBe(files.length)
  } finally {
    await rm(folder, { recursive: true })
  }
})

type Picture = {
  get_width(): number
  get_height(): number
  display(into: { data: Uint8ClampedArray; width: number; height: number }, done: (picture: { data: Uint8ClampedArray } | null) => void): void
}
const { HeifDecoder } = createRequire(import.meta.url)('libheif-js/wasm-bundle.js') as { HeifDecoder: new () => { decode(file: Uint8Array): Picture[] } }

async function decoded(file: Uint8Array): Promise<{ width: number; height: number; colourAt(x: number, y: number): number[] }> {
  const [picture] = new HeifDecoder().decode(file)
  if (picture === undefined) throw new Error('no picture')
  const [width, height] = [picture.get_width(), picture.get_height()]
  const pixels = await new Promise<Uint8ClampedArray | undefined>((resolve) => {
    picture.display({ data: new Uint8ClampedArray(width * height * 4), width, height }, (shown) => resolve(shown?.data))
  })
  if (pixels === undefined) throw new Error('not decoded')
  return { width, height, colourAt: (x, y) => [...pixels.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)] }
}

test('a HEIC sample decodes to its picture, turned and cut as it says', async () => {
  const [cutWidth, cutHeight] = [120, 100]
  const plain = await decoded(makeHeic({ seed: 1 }))
  const turned = await decoded(makeHeic({ seed: 1, width: cutWidth, height: cutHeight, turns: 1 }))
  const single = await decoded(makeHeic({ seed: 1, single: true }))
  expect([plain.width, plain.height, turned.width, turned.height, single.width]).toEqual([pictureSide, pictureSide, cutHeight, cutWidth, pictureSide / 2])
  const near = (colour: readonly number[]): unknown[] => colour.map((level) => expect.toSatisfy((value: number) => Math.abs(value - level) <= 6))
  for (const [x, y] of [[4, 4], [100, 4], [4, 90], [100, 90]] as const) {
    expect(plain.colourAt(x, y)).toEqual(near(pictureColour(x, y)))
    expect(turned.colourAt(y, cutWidth - 1 - x)).toEqual(near(pictureColour(x, y))) // a quarter anticlockwise
  }
  expect(single.colourAt(4, 4)).toEqual(near(pictureColour(4, 4)))
})
