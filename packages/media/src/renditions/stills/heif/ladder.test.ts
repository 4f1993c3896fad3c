import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storedSlice } from '../../../../samples/hevc/configuration.ts'
import { pictureColour } from '../../../../samples/hevc/picture.ts'
import { tileSlices } from '../../../../samples/hevc/tiles.ts'
import { makeHeic } from '../../../../samples/index.ts'
import type { NotDecoded, Reduced } from '../decoded.ts'
import { hasNodeAv } from '../testing/has-node-av.ts'
import { colourAt, pixelsOf, psnr } from '../testing/pixels.ts'
import { decodeHeif, decodeHeifThumbnail } from './decode-heif.ts'
import type { HeifStep } from './decode-heif.ts'

const limits = { pixels: 1_000_000 }
const nodeAv = await hasNodeAv()

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-heif-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function decoded(content: Uint8Array, steps?: readonly HeifStep[]): Promise<Reduced | NotDecoded> {
  const path = join(folder, 'a.heic')
  await writeFile(path, content)
  return decodeHeif(path, limits, steps)
}

async function reduced(content: Uint8Array, steps?: readonly HeifStep[]): Promise<Reduced> {
  const result = await decoded(content, steps)
  if (result.outcome !== 'reduced') throw new Error(result.message)
  return result
}

const whole = makeHeic({ seed: 1, thumbnail: true })

describe('the ladder for HEIC, each step by itself', () => {
  test.skipIf(!nodeAv)('node-av goes first', async () => {
    expect(await reduced(whole)).toMatchObject({ decoder: 'node-av', problem: null, width: 128, height: 128, hasAlpha: false })
  })

  test.skipIf(!nodeAv)('node-av and libheif-js give the same picture', async () => {
    const [one, two] = [await reduced(whole, ['node-av']), await reduced(whole, ['libheif'])]
    expect(psnr(await pixelsOf(one.tiff), await pixelsOf(two.tiff))).toBeGreaterThan(45)
  })

  test('libheif-js decodes alone, each tile in its place', async () => {
    const result = await reduced(whole, ['libheif'])
    expect(result).toMatchObject({ decoder: 'libheif', problem: null, width: 128, height: 128 })
    const pixels = await pixelsOf(result.tiff)
    for (const [x, y] of [[20, 20], [100, 20], [20, 100], [100, 100], [61, 61], [66, 66]] as const) {
      colourAt(pixels, x, y).forEach((value, index) => expect(Math.abs(value - pictureColour(x, y)[index]!)).toBeLessThan(12))
    }
  })

  test('without a decoder there is the small picture inside, and it is said that it is no more', async () => {
    expect(await reduced(whole, ['embedded'])).toMatchObject({ decoder: 'embedded', width: 64, height: 48, problem: { code: 'unsupported_media' } })
  })

  test('without that either, nothing', async () => {
    expect(await decoded(makeHeic({ seed: 1 }), ['embedded'])).toMatchObject({ outcome: 'not_decoded', code: 'unsupported_media' })
  })

  test('the small picture lies as the large one does, unless it says how itself', async () => {
    const turned = await reduced(makeHeic({ seed: 1, thumbnail: true, turns: 1 }), ['embedded'])
    expect([turned.width, turned.height]).toEqual([48, 64])
  })

  test('a small picture is looked for by its size', async () => {
    await writeFile(join(folder, 'b.heic'), whole)
    expect(await decodeHeifThumbnail(join(folder, 'b.heic'), 48, limits)).toMatchObject({ outcome: 'reduced', width: 64, decoder: 'embedded' })
    expect(await decodeHeifThumbnail(join(folder, 'b.heic'), 49, limits)).toMatchObject({ outcome: 'not_decoded' })
  })
})

describe('what is broken', () => {
  const steps: HeifStep[] = nodeAv ? ['node-av', 'libheif'] : ['libheif']

  test.each(steps)('%s: of a picture with broken tiles the others are shown', async (step) => {
    const content = Buffer.from(makeHeic({ seed: 1 }))
    for (const tile of [2, 3]) {
      const slice = storedSlice(tileSlices[tile]!)
      content.fill(0xff, content.indexOf(slice) + 4, content.indexOf(slice) + slice.length)
    }
    const result = await reduced(content, [step])
    expect(result.problem).toMatchObject({ code: 'corrupt_media', message: '2 of 4 parts of the picture are missing or broken' })
    const pixels = await pixelsOf(result.tiff)
    for (const [x, y] of [[20, 20], [100, 20]] as const) {
      colourAt(pixels, x, y).forEach((value, index) => expect(Math.abs(value - pictureColour(x, y)[index]!)).toBeLessThan(12))
    }
    expect(colourAt(pixels, 100, 100), 'what is missing is grey').toEqual([128, 128, 128])
  })

  test('cut before the first tile there is nothing', async () => {
    const content = Buffer.from(makeHeic({ seed: 1 }))
    expect(await decoded(content.subarray(0, content.indexOf('mdat') + 4))).toMatchObject({ outcome: 'not_decoded', code: 'corrupt_media' })
  })

  test('a bitstream of another size than its box says is not let in', async () => {
    const content = Buffer.from(makeHeic({ seed: 1, single: true }))
    const size = content.indexOf('ispe') + 8 // the tile's, first of the three
    content.writeUInt32BE(100_000, size)
    content.writeUInt32BE(100_000, size + 4)
    expect(await decoded(content)).toMatchObject({ outcome: 'not_decoded', code: 'unsupported_media' })
  })

  test('tiles that claim to be larger than what is decoded are not let in, however small the picture is that they make', async () => {
    const content = Buffer.from(makeHeic({ seed: 1 }))
    const size = content.indexOf('ispe') + 8
    content.writeUInt32BE(0xffff_ffff, size)
    content.writeUInt32BE(0xffff_ffff, size + 4)
    expect(await decoded(content)).toMatchObject({ outcome: 'not_decoded', code: 'unsupported_media' })
  })

  test('nor is transparency of such a size', async () => {
    const content = Buffer.from(makeHeic({ seed: 1, auxiliaryType: 'urn:mpeg:hevc:2015:auxid:1' }))
    expect(await decoded(content)).toMatchObject({ outcome: 'reduced', problem: null })
    // It shares its box of size with the tiles: the grid's own takes its place, which for the grid itself does not count.
    content[content.indexOf(Buffer.from([0, 40, 3, 0x81, 2, 9])) + 4] = 3
    const size = content.indexOf(Buffer.from([0, 0, 0, 128, 0, 0, 0, 128]))
    content.writeUInt32BE(1001, size)
    content.writeUInt32BE(1000, size + 4)
    expect(await decoded(content)).toMatchObject({ outcome: 'not_decoded', code: 'unsupported_media' })
  })

  test('a grid larger than its tiles is corrupt', async () => {
    const content = Buffer.from(makeHeic({ seed: 1 }))
    const grid = content.lastIndexOf(Buffer.from([0, 0, 1, 1, 0, 128, 0, 128]))
    content.writeUInt16BE(129, grid + 4)
    expect(await decoded(content)).toMatchObject({ outcome: 'not_decoded', code: 'corrupt_media' })
  })

  test('a meta box without room for its own version', async () => {
    expect(await decoded(Buffer.from('\0\0\0\x10ftypheic\0\0\0\0\0\0\0\x08meta', 'latin1'))).toMatchObject({ outcome: 'not_decoded', code: 'corrupt_media' })
  })

  test.each([0, 10, 40, 100, 200, 400])('the first %d bytes of a file', async (length) => {
    expect(await decoded(whole.subarray(0, length))).toMatchObject({ outcome: 'not_decoded', code: 'corrupt_media' })
  })
})
