import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { plainRecipe, type Recipe } from '@everroll/protocol'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeMov } from '../../samples/index.ts'
import { drawAdjusted } from '../adjust/index.ts'
import { readDetails, readFacts } from '../index.ts'
import { defaultLimits, renderAdjusted } from './index.ts'
import type { RenderOutcome } from './index.ts'
import { displayP3Profile } from './stills/nclx-colour.ts'

let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-adjusted-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function adjusted(content: Uint8Array, recipe: Partial<Recipe>, size: 'screen' | 'full' = 'screen'): Promise<{ outcome: RenderOutcome; file: (name: string) => string }> {
  const own = join(folder, String((count += 1)))
  const out = join(own, 'out')
  await mkdir(out, { recursive: true })
  await writeFile(join(own, 'original'), content)
  const outcome = await renderAdjusted({ path: join(own, 'original'), folder: out, limits: defaultLimits, recipe: { ...plainRecipe, ...recipe }, size })
  expect((await readdir(out)).toSorted()).toEqual(outcome.renditions.map(({ file }) => file).toSorted())
  expect(Buffer.compare(await readFile(join(own, 'original')), content)).toBe(0)
  return { outcome, file: (name) => join(out, outcome.renditions.find((rendition) => rendition.name === name)?.file ?? 'none') }
}

/** Left half red, right half blue, the upper quarter of both white; a gradient would hide a mirror. */
const halves = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#0000ff' } }).composite([
    { input: { create: { width: width / 2, height, channels: 3, background: '#ff0000' } }, left: 0, top: 0 },
    { input: { create: { width, height: height / 4, channels: 3, background: '#ffffff' } }, left: 0, top: 0 },
  ])

async function coloursAt(file: string, ...places: [x: number, y: number][]): Promise<string[]> {
  const { data, info } = await sharp(file).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  return places.map(([x, y]) => {
    const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels
    return [...data.subarray(at, at + 3)].map((value) => (value > 200 ? '1' : value < 55 ? '0' : '?')).join('')
  })
}
const [red, blue, white] = ['100', '001', '111']

describe('an adjusted picture', () => {
  test('is drawn at the size of a screen and at that of the original', async () => {
    const content = await halves(3000, 2000).jpeg({ quality: 95 }).toBuffer()
    const recipe = { quarterTurns: 1, mirrored: true }
    const screen = await adjusted(content, recipe)
    expect(screen.outcome).toMatchObject({ outcome: 'made', details: { width: 2000, height: 3000, thumbhash: expect.any(String) } })
    expect(screen.outcome.renditions.map(({ name, width, height }) => [name, width, height])).toEqual([['thumb', 250, 375], ['preview', 960, 1440]])
    const full = await adjusted(content, recipe, 'full')
    expect(full.outcome.renditions).toMatchObject([{ name: 'edited', file: 'edited.jpg', mediaType: 'image/jpeg', width: 2000, height: 3000 }])
    // Mirrored and turned clockwise: the white edge lies on the right, blue above red.
    for (const file of [screen.file('thumb'), screen.file('preview'), full.file('edited')]) expect(await coloursAt(file, [0.9, 0.5], [0.3, 0.1], [0.3, 0.9])).toEqual([white, blue, red])
  })

  test('a small crop is as sharp as the original allows', async () => {
    const content = await halves(4000, 3000).jpeg().toBuffer()
    const { outcome, file } = await adjusted(content, { crop: { left: 0.25, top: 0.5, width: 0.4, height: 0.4 } })
    expect(outcome.renditions.find(({ name }) => name === 'preview')).toMatchObject({ width: 1440, height: 1080 })
    expect(outcome.details).toMatchObject({ width: 1600, height: 1200 })
    expect(await coloursAt(file('preview'), [0.3, 0.5], [0.9, 0.5])).toEqual([red, blue])
  })

  test('lies as its Exif says before it is turned', async () => {
    const content = await halves(800, 600).jpeg().withMetadata({ orientation: 6 }).toBuffer()
    const { outcome, file } = await adjusted(content, { quarterTurns: 3 })
    expect(outcome.details).toMatchObject({ width: 800, height: 600 })
    expect(await coloursAt(file('preview'), [0.5, 0.1], [0.2, 0.6], [0.8, 0.6])).toEqual([white, red, blue])
  })

  test('keeps a wide gamut’s profile and a transparent part', async () => {
    const wide = await adjusted(await sharp({ create: { width: 300, height: 200, channels: 3, background: '#20a040' } }).withIccProfile('p3').jpeg().toBuffer(), { exposure: 0.2 })
    expect((await sharp(wide.file('preview')).metadata()).icc).toEqual((await sharp(await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } }).withIccProfile('p3').jpeg().toBuffer()).metadata()).icc)
    expect((await displayP3Profile()).length).toBeGreaterThan(0)
    const clear = sharp({ create: { width: 400, height: 300, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } }).composite([{ input: { create: { width: 200, height: 300, channels: 4, background: '#00f' } }, left: 0, top: 0 }])
    const { outcome, file } = await adjusted(await clear.png().toBuffer(), { mirrored: true }, 'full')
    expect(outcome.renditions).toMatchObject([{ mediaType: 'image/webp' }])
    const { data, info } = await sharp(file('edited')).raw().toBuffer({ resolveWithObject: true })
    expect([info.channels, data[3], data[(info.width - 1) * 4 + 3]]).toEqual([4, 0, 255])
  })

  test('is what the recipe draws, pixel by pixel, but for the loss of JPEG', async () => {
    const [width, height] = [320, 200]
    const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => [Math.floor(at / 3) % width, Math.floor(at / 3 / width), 120][at % 3]! % 256)
    const content = await sharp(data, { raw: { width, height, channels: 3 } }).png().toBuffer()
    const recipe = { ...plainRecipe, straighten: 4, exposure: 0.3, warmth: -0.4, saturation: 0.5, filter: { name: 'fade' as const, strength: 0.7 } }
    const { file } = await adjusted(content, recipe, 'full')
    const expected = drawAdjusted({ data, width, height, channels: 3 }, recipe)
    const made = await sharp(file('edited')).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    expect([made.info.width, made.info.height]).toEqual([expected.width, expected.height])
    const off = made.data.reduce((sum, value, at) => sum + Math.abs(value - (expected.data[at] ?? 0)), 0) / made.data.length
    expect(off).toBeLessThan(2)
  })

  test('a copy says when, where and with what it was taken', async () => {
    const content = await halves(80, 60).jpeg().withExif({ IFD0: { Make: 'Maker', Model: 'Model 1' }, IFD2: { DateTimeOriginal: '2025:06:01 14:30:05', OffsetTimeOriginal: '-03:30' }, IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '48/1 8/1 1234/100', GPSLongitudeRef: 'E', GPSLongitude: '11/1 34/1 0/1' } }).toBuffer()
    const { file } = await adjusted(content, { exposure: 0.5 }, 'full')
    const before = join(folder, 'before.jpg')
    await writeFile(before, content)
    const [was, is] = [await readFacts(before), await readFacts(file('edited'))]
    expect(was.capturedAt).not.toBeNull()
    expect([is.capturedAt, is.captureOffsetMinutes, is.place?.latitude.toFixed(4), is.place?.longitude.toFixed(4)]).toEqual([was.capturedAt, -210, was.place?.latitude.toFixed(4), was.place?.longitude.toFixed(4)])
    expect((await readDetails(file('edited'))).camera).toMatchObject({ make: 'Maker', model: 'Model 1' })
  })

  test('what is no picture, or none that can be read, has none', async () => {
    expect((await adjusted(makeMov({ seed: 1 }), { exposure: 0.5 })).outcome).toMatchObject({ outcome: 'failed', code: 'unsupported_media', renditions: [] })
    expect((await adjusted(Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]), { exposure: 0.5 })).outcome).toMatchObject({ outcome: 'failed', code: 'corrupt_media', renditions: [] })
  })
})
