import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { box } from '../../samples/box.ts'
import { makeHeic, makeJpeg, makeMotionPhoto, makeMov, makePng, makeUltraHdr } from '../../samples/index.ts'
import { soundnessOf } from './soundness.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-soundness-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function codeOf(content: Uint8Array): Promise<string> {
  const path = join(folder, 'a')
  await writeFile(path, content)
  return (await soundnessOf(path)).code
}

const noise = sharp({ create: { width: 60, height: 40, channels: 3, background: 'red', noise: { type: 'gaussian', mean: 120, sigma: 60 } } })
const formats: readonly (readonly [string, () => Promise<Uint8Array>])[] = [
  ['JPEG', async () => makeJpeg({ seed: 1 })],
  ['progressive JPEG', () => noise.clone().jpeg({ progressive: true }).toBuffer()],
  ['PNG', async () => makePng(1)],
  ['GIF', () => noise.clone().gif().toBuffer()],
  ['WebP', () => noise.clone().webp().toBuffer()],
  ['TIFF', () => noise.clone().tiff({ compression: 'none' }).toBuffer()],
  ['JPEG XL', async () => Buffer.concat([Buffer.from('\0\0\0\x0cJXL \r\n\x87\n', 'latin1'), box('ftyp', Buffer.from('jxl \0\0\0\0jxl ', 'latin1')), box('jxlc', Buffer.alloc(200))])],
  ['AVIF', () => noise.clone().avif().toBuffer()],
  ['HEIC', async () => makeHeic({ seed: 1 })],
  ['MOV', async () => makeMov({ seed: 1 })],
]

describe('a whole file is whole, and cut anywhere it is not', () => {
  test.each(formats)('%s', async (_, make) => {
    const content = await make()
    expect(await codeOf(content)).toBe('whole')
    // From where the first bytes still say what it is up to the last byte.
    const least = 24
    const cuts = Array.from({ length: 40 }, (_unused, index) => least + Math.floor(((content.length - 1 - least) * index) / 39))
    for (const length of cuts) expect(await codeOf(content.subarray(0, length)), `cut at ${length} of ${content.length}`).toMatch(/^(?:cut|damaged)$/)
  })
  test('nothing at all is cut', async () => expect(await codeOf(new Uint8Array(0))).toBe('cut'))
  test('what is not checked is unknown', async () => expect(await codeOf(Buffer.from('%PDF-1.7\n'))).toBe('unknown'))
})

describe('what stands behind the end is no fault', () => {
  test.each([
    ['a video behind a JPEG', makeMotionPhoto(1, 'directory').file],
    ['a trailer of Samsung', makeMotionPhoto(1, 'samsung').file],
    ['a gain map', makeUltraHdr(1, 'android')],
    ['zeros behind a JPEG', Buffer.concat([makeJpeg({ seed: 1 }), Buffer.alloc(5_000)])],
    ['zeros behind a HEIC', Buffer.concat([makeHeic({ seed: 1 }), Buffer.alloc(5_000)])],
    ['zeros behind a MOV', Buffer.concat([makeMov({ seed: 1 }), Buffer.alloc(5_000)])],
  ])('%s', async (_, content) => expect(await codeOf(content)).toBe('whole'))
})

describe('a file that is long enough and still cannot be shown is damaged', () => {
  const heic = Buffer.from(makeHeic({ seed: 1 }))
  const replaced = (from: string, to: string): Buffer => Buffer.from(heic.toString('latin1').replace(from, to), 'latin1')
  test.each([
    ['a grid without tiles', replaced('dimg', 'xxxx')],
    ['no primary picture', replaced('pitm', 'xxxx')],
    ['a JPEG without image data', Buffer.concat([makeJpeg({ seed: 1 }).subarray(0, 300), Buffer.alloc(500)])],
    ['a PNG without image data', Buffer.concat([makePng(1).subarray(0, 33), makePng(1).subarray(-12)])],
  ])('%s', async (_, content) => expect(await codeOf(content)).toBe('damaged'))
})

/** Real files of many cameras stand beside the repository, not in it: they are other people's, and 200 MB. */
const mediaFolder = fileURLToPath(new URL('../../../../../shared/media/', import.meta.url))
const present = existsSync(`${mediaFolder}MANIFEST.tsv`)
const names = present ? readFileSync(`${mediaFolder}MANIFEST.tsv`, 'utf8').trimEnd().split('\n').slice(1).map((line) => line.split('\t')[0] ?? '') : []
const faulty = new Set([
  'corrupt/broken.jpg', 'corrupt/corrupted.heic', 'corrupt/empty.heic', 'corrupt/oom_large_box.heic', 'corrupt/river-truncated.heic', 'corrupt/truncated.heic',
  'jpeg-12mp/badimage.jpeg', // no decoder opens it either
])
// `corrupt/endless_loop.jpg` and `corrupt/no_grid.heic` are hostile to other programs; they are whole and decode.

describe.skipIf(!present)('the real media set (skipped where ../shared/media is missing)', () => {
  test.each(names)('%s', async (name) => {
    const { code } = await soundnessOf(mediaFolder + name)
    expect(code === 'cut' || code === 'damaged').toBe(faulty.has(name))
  })
})
