import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultLimits, quickThumb, render } from './index.ts'
import { makeCanvas } from './stills/canvas.ts'
import { decodeHeif } from './stills/heif/decode-heif.ts'
import { openHeif } from './stills/heif/container.ts'
import { layoutOf } from './stills/heif/layout.ts'
import { openWithLibheif } from './stills/heif/libheif.ts'
import { nodeAvDecoder } from './stills/heif/node-av.ts'
import { emptyPlane, reduceInto } from './stills/heif/planes.ts'
import { reduce } from './stills/reduce.ts'
import { previewEdge } from './stills/shapes.ts'
import { hasNodeAv } from './stills/testing/has-node-av.ts'
import { pixelsOf, psnr } from './stills/testing/pixels.ts'
import type { Pixels } from './stills/testing/pixels.ts'

/** Real files of many cameras stand beside the repository, not in it: they are other people's, and 200 MB. */
const mediaFolder = fileURLToPath(new URL('../../../../../shared/media/', import.meta.url))
const present = existsSync(`${mediaFolder}MANIFEST.tsv`)
const paths = present ? readFileSync(`${mediaFolder}MANIFEST.tsv`, 'utf8').trimEnd().split('\n').slice(1).map((line) => line.split('\t')[0] ?? '') : []
const isStill = (path: string): boolean => !/\.(mov|mp4|aae)$/i.test(path)
const isHeic = (path: string): boolean => /\.(heic|heif|hif)$/i.test(path)

/** What is not made whole, and why. */
const failures: Readonly<Record<string, readonly [code: string, renditions: number]>> = {
  'corrupt/corrupted.heic': ['corrupt_media', 0],
  'corrupt/empty.heic': ['corrupt_media', 0],
  'corrupt/oom_large_box.heic': ['corrupt_media', 0],
  'corrupt/river-truncated.heic': ['corrupt_media', 2], // the upper edge of the JPEG inside it
  'corrupt/truncated.heic': ['corrupt_media', 2],
  'dng/DNG.dng': ['corrupt_media', 0], // pixels and previews were taken out of it
  'jpeg-12mp/badimage.jpeg': ['corrupt_media', 0],
  'motionphoto/pixel-motion-photo-shortened.jpg': ['corrupt_media', 2],
  'motionphoto/ss-motion-photo-shortened.jpg': ['corrupt_media', 2],
}

describe.skipIf(!present)('the real stills (skipped where ../shared/media is missing)', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everroll-stills-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const covered = { whole: 0, failed: 0, quick: 0 }

  test.each(paths.filter(isStill))('%s', { timeout: 120_000 }, async (path) => {
    const out = join(folder, path)
    await mkdir(out, { recursive: true })
    const outcome = await render({ path: mediaFolder + path, folder: out, limits: defaultLimits })
    const [code, renditions] = failures[path] ?? [null, 2]
    expect(outcome.renditions).toHaveLength(renditions)
    expect(outcome.outcome === 'failed' ? outcome.code : null).toBe(code)
    covered[outcome.outcome === 'made' ? 'whole' : 'failed'] += 1
    if (outcome.outcome === 'failed') return
    const { width = 0, height = 0, thumbhash } = outcome.details
    expect(thumbhash).toMatch(/^[A-Za-z0-9+/]{20,}={0,2}$/)
    const [thumb, preview] = outcome.renditions
    // The shape of the picture as metadata have it, and never larger.
    if (width > 0) {
      expect(Math.max(preview!.width, preview!.height)).toBe(Math.min(previewEdge, Math.max(width, height)))
      expect(Math.abs(preview!.width / preview!.height - width / height)).toBeLessThan(0.01)
      expect(Math.min(thumb!.width, thumb!.height)).toBe(Math.min(250, width, height))
    }
  })

  test('a quick thumb has the shape of the real one', async () => {
    for (const path of paths.filter((each) => isHeic(each) && !each.startsWith('corrupt/'))) {
      const out = join(folder, 'quick', path)
      await mkdir(out, { recursive: true })
      const quick = await quickThumb({ path: mediaFolder + path, folder: out, limits: defaultLimits })
      if (quick.outcome === 'none') continue
      covered.quick += 1
      const whole = await pixelsOf(join(folder, path, 'thumb.webp'))
      expect(Math.abs(quick.rendition.width / quick.rendition.height - whole.width / whole.height)).toBeLessThan(0.01)
    }
    console.log(`real stills: ${covered.whole} with thumb and preview, ${covered.failed} with a reason, ${covered.quick} with a quick thumb`)
    expect(covered.whole).toBeGreaterThan(90)
    expect(covered.quick).toBeGreaterThan(20)
  }, 120_000)
})

/** A full decode of one takes a gigabyte in WebAssembly. */
const tooLargeForWhole = new Set(['heic-other/200MP.heic'])
const compared = paths.filter((path) => isHeic(path) && !path.startsWith('corrupt/') && !tooLargeForWhole.has(path))

/**
 * What is compared: the reduced picture, from which thumb and preview are made, before it is coded again. One side is
 * node-av's: HEVC decoded tile by tile, reduced in YCbCr and put together by this code. The other side is libheif's own
 * full decode of the primary image at full size (its grid, its upsampling of chroma, its conversion to RGB, its rotation),
 * brought to the same size in the same two steps: squares of pixels averaged by the same power of two, then the same
 * filter of sharp. So a tile in the wrong place, a wrong matrix, range or rotation, or a seam would show.
 */
describe.skipIf(!present || !(await hasNodeAv()))('HEIC by node-av beside libheif-js (skipped where node-av or ../shared/media is missing)', () => {
  const figures: number[] = []

  test.each(compared)('%s: 40 dB or better', { timeout: 120_000 }, async (path) => {
    const ours = await decodeHeif(mediaFolder + path, defaultLimits, ['node-av', 'libheif'])
    if (ours.outcome !== 'reduced') throw new Error(ours.message)
    const figure = psnr(await pixelsOf(ours.tiff), await wholeByLibheif(mediaFolder + path))
    figures.push(figure)
    expect(figure).toBeGreaterThanOrEqual(40)
  })

  test('decoded tiles are not left to the collector of garbage', async () => {
    const file = await openHeif(`${mediaFolder}heic-iphone/IMG_2682.heic`)
    const { tiles } = await layoutOf(file.items, file.items.primary!, async (item) => (await file.dataOf(item)).bytes)
    const [first, ...others] = await Promise.all(tiles.slice(0, 16).map(async (tile) => ({ tile, bytes: (await file.dataOf(tile.item)).bytes })))
    const decoder = (await nodeAvDecoder())!
    expect(decoder.decode(first!.tile, first!.bytes)).toMatchObject({ bits: 8, luma: { width: 512, height: 512 } })
    const before = process.memoryUsage().external
    for (const { tile, bytes } of others) expect(decoder.decode(tile, bytes)).not.toBeNull()
    // Of one, 512 x 512 in 4:2:0.
    expect(process.memoryUsage().external - before).toBeLessThan(512 * 512 * 1.5)
    decoder.close()
    await file.close()
  })

  test('all of them are covered', () => {
    console.log(`HEIC by node-av beside libheif-js: ${figures.length} files, PSNR from ${Math.min(...figures).toFixed(1)} dB, median ${figures.toSorted((a, b) => a - b)[figures.length >> 1]?.toFixed(1)} dB`)
    expect(figures.length).toBeGreaterThan(30)
  })
})

async function wholeByLibheif(path: string): Promise<Pixels> {
  const file = await openHeif(path)
  const opened = openWithLibheif(await file.content())
  const image = opened?.decodePrimary(defaultLimits.pixels)
  if (image === null || image === undefined) throw new Error('libheif does not decode it')
  let factor = 1
  while (Math.max(image.width, image.height) / (factor * 2) >= previewEdge) factor *= 2
  const [width, height] = [Math.floor(image.width / factor), Math.floor(image.height / factor)]
  const canvas = makeCanvas({ width, height, channels: 3, orientation: 1, icc: null })
  for (let colour = 0; colour < 3; colour += 1) {
    const full = emptyPlane(image.width, image.height, false, 0)
    for (let y = 0; y < image.height; y += 1) for (let x = 0; x < image.width; x += 1) full.samples[y * full.stride + x] = image.rgba[y * image.stride + x * 4 + colour] ?? 0
    const small = emptyPlane(width, height, false, 0)
    reduceInto(small, full, 0, 0, factor, factor)
    for (let at = 0; at < width * height; at += 1) canvas.pixels[at * 3 + colour] = small.samples[at] ?? 0
  }
  opened?.close()
  await file.close()
  const reduced = await reduce(canvas.file, defaultLimits)
  if (reduced.outcome !== 'reduced') throw new Error(reduced.message)
  return pixelsOf(reduced.tiff)
}
