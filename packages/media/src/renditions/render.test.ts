import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Color, Sharp } from 'sharp'
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from 'thumbhash'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeAae, makeHeic, makeJpeg, makeMov, makePng } from '../../samples/index.ts'
import { hasPerl } from '../oracle/exiftool-batch.ts'
import { defaultLimits, quickThumb, render } from './index.ts'
import type { RenderLimits, RenderOutcome } from './index.ts'
import { displayP3Profile } from './stills/nclx-colour.ts'
import { colourAt, pixelsOf } from './stills/testing/pixels.ts'
import { loadNodeAv } from './videos/node-av/library.ts'
import { makeVideo } from './videos/testing/make-video.ts'

const library = await loadNodeAv()
let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-render-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Renders a file with this content; the folder holds what the outcome names, and nothing else. */
async function rendered(content: Uint8Array, limits: RenderLimits = defaultLimits, name = 'original'): Promise<{ outcome: RenderOutcome; file: (name: string) => string }> {
  const own = join(folder, String((count += 1)))
  const out = join(own, 'out')
  await mkdir(out, { recursive: true })
  await writeFile(join(own, name), content)
  const outcome = await render({ path: join(own, name), folder: out, limits })
  expect((await readdir(out)).toSorted()).toEqual(outcome.renditions.map(({ file }) => file).toSorted())
  expect(Buffer.compare(await readFile(join(own, name)), content), 'the original is not touched').toBe(0)
  return { outcome, file: (wanted) => join(out, outcome.renditions.find((rendition) => rendition.name === wanted)?.file ?? 'none') }
}

const flat = (width: number, height: number, background: Color = '#3060a0'): Sharp => sharp({ create: { width, height, channels: 3, background } })

describe('sizes', () => {
  test.each([
    ['a landscape', 4000, 3000, [1440, 1080], [333, 250]],
    ['a portrait', 3000, 4000, [1080, 1440], [250, 333]],
    ['a panorama: bounded by its longer edge', 8000, 1000, [1440, 180], [1000, 125]],
    ['a picture smaller than a thumb: not enlarged', 120, 90, [120, 90], [120, 90]],
    ['a picture between thumb and preview', 800, 600, [800, 600], [333, 250]],
    ['a line', 3000, 1, [1440, 1], [1000, 1]],
  ] as const)('%s', async (_, width, height, preview, thumb) => {
    const { outcome, file } = await rendered(await flat(width, height).jpeg().toBuffer())
    expect(outcome).toMatchObject({ outcome: 'made', decoder: 'sharp', details: { width, height } })
    expect(outcome.renditions).toEqual([
      { name: 'thumb', file: 'thumb.webp', mediaType: 'image/webp', width: thumb[0], height: thumb[1], bytes: (await readFile(file('thumb'))).length },
      { name: 'preview', file: 'preview.jpg', mediaType: 'image/jpeg', width: preview[0], height: preview[1], bytes: (await readFile(file('preview'))).length },
    ])
    for (const { name, width: wide, height: high } of outcome.renditions) expect(await sharp(file(name)).metadata()).toMatchObject({ width: wide, height: high })
  })

  test('what was decoded and drawn is freed at once, not left to the collector of garbage', async () => {
    const original = await flat(1440, 1080).jpeg().toBuffer()
    await rendered(original)
    const before = process.memoryUsage().external
    await rendered(original)
    expect(process.memoryUsage().external - before).toBeLessThan((1440 * 1080 * 3) / 2)
  })

  test('the placeholder has the colour and shape of the picture', async () => {
    const { outcome } = await rendered(await flat(900, 600, { r: 200, g: 40, b: 60 }).jpeg().toBuffer())
    const hash = Buffer.from(outcome.details.thumbhash ?? '', 'base64')
    const { r, g, b } = thumbHashToAverageRGBA(hash)
    for (const [value, wanted] of [[r, 200], [g, 40], [b, 60]] as const) expect(Math.abs(value * 255 - wanted)).toBeLessThan(12)
    expect(thumbHashToApproximateAspectRatio(hash)).toBeCloseTo(1.5, 0)
  })
})

describe('transparency', () => {
  const half = sharp({ create: { width: 400, height: 300, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } }).composite([{ input: { create: { width: 200, height: 300, channels: 4, background: '#00f' } }, left: 0, top: 0 }])

  test.each(['png', 'webp', 'gif'] as const)('of %s is kept in thumb and preview', async (format) => {
    const { outcome, file } = await rendered(await half.clone().toFormat(format).toBuffer())
    expect(outcome.renditions.map(({ mediaType }) => mediaType)).toEqual(['image/webp', 'image/webp'])
    for (const name of ['thumb', 'preview'] as const) {
      const { data, info } = await sharp(file(name)).raw().toBuffer({ resolveWithObject: true })
      const alphaAt = (x: number): number | undefined => data[(Math.floor(info.height / 2) * info.width + Math.floor(x * info.width)) * info.channels + 3]
      expect([info.channels, alphaAt(0.25), alphaAt(0.75)]).toEqual([4, 255, 0])
    }
  })

  test('channels of a TIFF besides its colours are none where there are several', async () => {
    const mask = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#000' } }).toColourspace('b-w').png().toBuffer()
    const { outcome, file } = await rendered(await flat(400, 300).joinChannel([mask, mask]).tiff({ compression: 'none' }).toBuffer())
    expect(outcome).toMatchObject({ outcome: 'made', renditions: [{ name: 'thumb' }, { name: 'preview', mediaType: 'image/jpeg' }] })
    colourAt(await pixelsOf(file('preview')), 50, 50).forEach((value, index) => expect(Math.abs(value - [0x30, 0x60, 0xa0][index]!)).toBeLessThan(4))
  })

  test('an alpha channel without transparency in it costs no WebP', async () => {
    const { outcome } = await rendered(await flat(600, 400).ensureAlpha().png().toBuffer())
    expect(outcome.renditions.find(({ name }) => name === 'preview')?.mediaType).toBe('image/jpeg')
  })
})

describe('colour', () => {
  const p3 = { r: 180, g: 90, b: 60 }
  /** The same colour in sRGB, computed apart from this code: linear light (IEC 61966-2-1), P3 to sRGB, coded again. */
  const sameInSrgb = [193, 83, 51] as const

  /** A wide-gamut file: its numbers are those of `p3`, and it has the profile. */
  const displayP3Jpeg = async (): Promise<Buffer> => withIccSegment(await flat(600, 400, p3).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(), await displayP3Profile())

  /** ICC.1:2022 §B.4: the profile as one segment behind the start of image. */
  function withIccSegment(jpeg: Buffer, icc: Uint8Array): Buffer {
    const body = Buffer.concat([Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1'), icc])
    const header = Buffer.from([0xff, 0xe2, (body.length + 2) >> 8, (body.length + 2) & 255])
    return Buffer.concat([jpeg.subarray(0, 2), header, body, jpeg.subarray(2)])
  }

  test('Display P3 stays Display P3 in the preview; the thumb is the same colour in sRGB', async () => {
    const { file } = await rendered(await displayP3Jpeg())
    expect((await sharp(file('preview')).metadata()).icc?.equals(await displayP3Profile())).toBe(true)
    colourAt(await pixelsOf(file('preview')), 50, 50).forEach((value, index) => expect(Math.abs(value - [p3.r, p3.g, p3.b][index]!)).toBeLessThan(4))
    expect((await sharp(file('thumb')).metadata()).icc).toBeUndefined()
    colourAt(await pixelsOf(file('thumb')), 50, 50).forEach((value, index) => expect(Math.abs(value - sameInSrgb[index]!)).toBeLessThan(8))
  })

  test('sRGB needs no profile: it is what a picture without one is', async () => {
    const { file } = await rendered(await flat(600, 400).withIccProfile('srgb').jpeg().toBuffer())
    expect((await sharp(file('preview')).metadata()).icc).toBeUndefined()
    colourAt(await pixelsOf(file('preview')), 50, 50).forEach((value, index) => expect(Math.abs(value - [0x30, 0x60, 0xa0][index]!)).toBeLessThan(4))
  })

  test.each([
    ['grey', (image: Sharp) => image.greyscale().jpeg()],
    ['CMYK', (image: Sharp) => image.toColourspace('cmyk').jpeg()],
    ['16 bits', (image: Sharp) => image.toColourspace('rgb16').png()],
  ] as const)('%s becomes RGB of 8 bits', async (_, made) => {
    const { outcome, file } = await rendered(await made(flat(600, 400)).toBuffer())
    expect(outcome.outcome).toBe('made')
    expect(await sharp(file('preview')).metadata()).toMatchObject({ space: 'srgb', channels: 3, depth: 'uchar' })
  })
})

describe('what cannot be shown whole', () => {
  test('a cut JPEG is corrupt, and shows what is left of it', async () => {
    const noise = sharp({ create: { width: 800, height: 600, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 40 } } })
    const whole = await noise.jpeg().toBuffer()
    const { outcome } = await rendered(whole.subarray(0, whole.length / 2))
    expect(outcome).toMatchObject({ outcome: 'failed', code: 'corrupt_media', details: { problem: 'corrupt_media' } })
    expect(outcome.renditions.map(({ name, width }) => [name, width])).toEqual([['thumb', 333], ['preview', 800]])
    // Something behind the cut, as in a motion photo, does not hide it.
    expect((await rendered(Buffer.concat([whole.subarray(0, whole.length / 2), whole.subarray(-2)]))).outcome).toMatchObject({ code: 'corrupt_media' })
  })

  test('stray bytes between the segments of a JPEG harm nothing', async () => {
    const jpeg = await flat(300, 200).jpeg().toBuffer()
    const afterFirst = 4 + jpeg.readUInt16BE(4)
    const { outcome } = await rendered(Buffer.concat([jpeg.subarray(0, afterFirst), Buffer.alloc(7), jpeg.subarray(afterFirst)]))
    expect(outcome.outcome).toBe('made')
  })

  test('more pixels than the limit are not decoded, whatever the file', async () => {
    const limits = { ...defaultLimits, pixels: 10_000 }
    for (const content of [await flat(400, 300).jpeg().toBuffer(), await flat(400, 300).png().toBuffer(), makeHeic({ seed: 1 })]) {
      const { outcome } = await rendered(content, limits)
      expect(outcome).toMatchObject({ outcome: 'failed', code: 'unsupported_media', renditions: [] })
    }
  })

  test('nor is a picture with an edge that no camera makes', async () => {
    for (const [width, height] of [[262_145, 2], [2, 262_145]] as const) {
      expect((await rendered(await flat(width, height).png().toBuffer())).outcome).toMatchObject({ outcome: 'failed', code: 'unsupported_media' })
    }
    expect((await rendered(await flat(262_144, 2).png().toBuffer())).outcome.outcome).toBe('made')
  })

  test.each([
    ['an empty file named as a photo', Buffer.alloc(0), 'a.jpg', 'corrupt_media'],
    ['a photo by its name alone', Buffer.from('hello, world'), 'a.heic', 'corrupt_media'],
    ['a drawing that calls itself a photo', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), 'a.jpg', 'corrupt_media'],
    ['a JPEG XL without a picture', Buffer.from('\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl \0\0\0\0jxl ', 'latin1'), 'a.jxl', 'corrupt_media'],
    ['a format without a decoder', bitmap(3, 2), 'a.bmp', 'unsupported_media'],
    ['a sidecar', Buffer.from(makeAae(1)), 'a.aae', 'unsupported_media'],
  ] as const)('%s', async (_, content, name, code) => {
    const { outcome } = await rendered(content, defaultLimits, name)
    expect(outcome).toMatchObject({ outcome: 'failed', code, details: { problem: code }, renditions: [] })
  })
})

test.skipIf(!hasPerl())('of a format that only ExifTool reads, its details say the size (skipped without Perl)', async () => {
  const { outcome } = await rendered(bitmap(30, 20))
  expect(outcome.details).toMatchObject({ width: 30, height: 20, problem: 'unsupported_media' })
})

/** A Windows bitmap of 24 bits, all black (BITMAPFILEHEADER and BITMAPINFOHEADER). */
function bitmap(width: number, height: number): Buffer {
  const file = Buffer.alloc(54 + height * Math.ceil((width * 3) / 4) * 4)
  file.write('BM')
  file.writeUInt32LE(file.length, 2)
  file.writeUInt32LE(54, 10)
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(width, 18)
  file.writeInt32LE(height, 22)
  file.writeUInt16LE(1, 26)
  file.writeUInt16LE(24, 28)
  return file
}

describe('the samples of the repository', () => {
  test.each([
    ['JPEG', makeJpeg({ seed: 1 }), [64, 48]],
    ['HEIC', makeHeic({ seed: 1 }), [128, 128]],
    ['HEIC of one tile', makeHeic({ seed: 1, single: true }), [64, 64]],
    ['PNG', makePng(1), null],
  ] as const)('%s has thumb, preview and placeholder', async (_, content, size) => {
    const { outcome } = await rendered(content)
    expect(outcome).toMatchObject({ outcome: 'made', details: { thumbhash: expect.any(String) } })
    expect(outcome.renditions).toHaveLength(2)
    if (size !== null) expect(outcome.renditions.map(({ width, height }) => [width, height])).toEqual([size, size])
  })

  test('MOV: one without a picture track has no poster, and its details all the same', async () => {
    const { outcome } = await rendered(makeMov({ seed: 1 }))
    expect(outcome).toMatchObject({ outcome: 'failed', code: 'unsupported_media', details: { durationMs: 1000 }, renditions: [] })
  })

  test('a quick thumb is made of a small picture that is large enough, and of no other', async () => {
    const path = join(folder, 'quick.heic')
    await writeFile(path, makeHeic({ seed: 1, thumbnail: true })) // of 64 x 48
    const out = join(folder, 'quick')
    await mkdir(out)
    expect(await quickThumb({ path, folder: out, limits: defaultLimits })).toEqual({ outcome: 'none' })
    expect(await readdir(out)).toEqual([])
  })
})

test.skipIf(library === null)('of a container that is not read here, the decoder tells size and length', async () => {
  const file = await makeVideo(library!, join(folder, 'camcorder.mts'), { container: 'mpegts', frames: 20 })
  const { outcome } = await rendered(await readFile(file), defaultLimits, 'camcorder.mts')
  expect(outcome).toMatchObject({ outcome: 'made', details: { width: 160, height: 96, codec: 'h264', durationMs: expect.closeTo(2000, -3) as unknown } })
})
