import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pictureColour, pictureSide } from '../../../samples/hevc/picture.ts'
import { makeHeic } from '../../../samples/index.ts'
import { defaultLimits, render } from '../index.ts'
import { decodeHeif } from './heif/decode-heif.ts'
import type { HeifStep } from './heif/decode-heif.ts'
import { hasNodeAv } from './testing/has-node-av.ts'
import { colourAt, imageOf, pixelsFrom, pixelsOf, psnr } from './testing/pixels.ts'
import type { Pixels } from './testing/pixels.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-orientation-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** node-av is optional: where it is not installed, there is one decoder less to test. */
const steps = ((await hasNodeAv()) ? ['node-av', 'libheif'] : ['libheif']) as HeifStep[]

/** A picture that looks different whichever way it is turned or mirrored. */
const upright = pixelsFrom(360, 240, (x, y) => [x < 180 ? 200 : 60, y < 120 ? 180 : 40, x > 260 && y > 160 ? 230 : 30])

/** Exif 3.0 §4.6.5: on which edge of the picture as seen the stored first row lies, and the stored first column. */
const stored: readonly (readonly [number: number, row: string, column: string])[] = [
  [1, 'top', 'left'], [2, 'top', 'right'], [3, 'bottom', 'right'], [4, 'bottom', 'left'],
  [5, 'left', 'top'], [6, 'right', 'top'], [7, 'right', 'bottom'], [8, 'left', 'bottom'],
]

function asStored(seen: Pixels, row: string, column: string): Pixels {
  const lying = row === 'left' || row === 'right'
  const [width, height] = lying ? [seen.height, seen.width] : [seen.width, seen.height]
  return pixelsFrom(width, height, (x, y) => {
    // Steps away from the edge on which the first row, or column, lies.
    const place = { [row]: y, [column]: x }
    const seenX = place['left'] ?? seen.width - 1 - (place['right'] ?? 0)
    const seenY = place['top'] ?? seen.height - 1 - (place['bottom'] ?? 0)
    return colourAt(seen, seenX, seenY)
  })
}

describe('a picture is seen upright, whichever way its camera was held', () => {
  test.each(stored)('EXIF orientation %d: first row at the %s, first column at the %s', async (number, row, column) => {
    const path = join(folder, `${number}.jpg`)
    await writeFile(path, await imageOf(asStored(upright, row, column)).withMetadata({ orientation: number }).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer())
    const out = join(folder, `out-${number}`)
    await mkdir(out)
    const outcome = await render({ path, folder: out, limits: defaultLimits })
    expect(outcome).toMatchObject({ outcome: 'made', details: { width: 360, height: 240 } })
    expect(psnr(await pixelsOf(join(out, 'preview.jpg')), upright)).toBeGreaterThan(30)
    const thumb = outcome.renditions.find(({ name }) => name === 'thumb')
    expect([thumb?.width, thumb?.height]).toEqual([360, 240])
    expect(psnr(await pixelsOf(join(out, 'thumb.webp')), upright)).toBeGreaterThan(25)
  })

  const turns = [0, 1, 2, 3] as const
  const mirrors = [undefined, 0, 1] as const
  const heics = turns.flatMap((turn) => mirrors.map((mirror) => [turn, mirror] as const))

  /** ISO/IEC 23008-12 §6.5.10 and §6.5.12: turned anticlockwise, then top and bottom (0) or left and right (1) exchanged. */
  function seenColour(x: number, y: number, turn: number, mirror: number | undefined, width: number, height: number): readonly number[] {
    let [atX, atY] = [mirror === 1 ? (turn % 2 === 1 ? height : width) - 1 - x : x, mirror === 0 ? (turn % 2 === 1 ? width : height) - 1 - y : y]
    let [w, h] = turn % 2 === 1 ? [height, width] : [width, height]
    for (let count = 0; count < turn; count += 1) {
      // One turn back, clockwise.
      ;[atX, atY] = [h - 1 - atY, atX]
      ;[w, h] = [h, w]
    }
    return pictureColour(atX, atY)
  }

  test.each(steps)('a HEIC by irot and imir alone, whatever its EXIF says: %s', async (step) => {
    const [width, height] = [pictureSide, 96]
    for (const [turn, mirror] of heics) {
      const path = join(folder, 'a.heic')
      await writeFile(path, makeHeic({ seed: 1, width, height, turns: turn, ...(mirror === undefined ? {} : { mirror }) }))
      const decoded = await decodeHeif(path, defaultLimits, [step])
      if (decoded.outcome !== 'reduced') throw new Error(decoded.message)
      const pixels = await pixelsOf(decoded.tiff)
      expect([pixels.width, pixels.height]).toEqual(turn % 2 === 1 ? [height, width] : [width, height])
      for (const [x, y] of [[8, 8], [pixels.width - 9, 8], [8, pixels.height - 9], [pixels.width - 9, pixels.height - 9]] as const) {
        const wanted = seenColour(x, y, turn, mirror, width, height)
        const distance = Math.max(...colourAt(pixels, x, y).map((value, index) => Math.abs(value - wanted[index]!)))
        expect(distance, `turn ${turn}, mirror ${mirror}, at ${x}, ${y}`).toBeLessThan(12)
      }
    }
  })
})
