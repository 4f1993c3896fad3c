import { expect, test } from 'vitest'
import { makeCanvas } from '../canvas.ts'
import { codedCanvas } from './compose.ts'
import type { Region, Tile, Tiles } from './layout.ts'
import type { CodedPicture, Plane } from './planes.ts'
import { rgbTiles } from './rgb-tiles.ts'
import { toRgb } from './ycbcr.ts'

const coding = { matrix: 6, fullRange: true }
const region = (x: number, y: number, width: number, height: number): Region => ({ x, y, width, height })

/** Rows longer than the picture, as decoders leave them; every value occurs. */
function plane(width: number, height: number, seed: number): Plane {
  const stride = width + 5
  return { samples: Uint8Array.from({ length: stride * height }, (_, at) => (at * 37 + (at >> 3) * 11 + seed * 101) & 0xff), stride, width, height }
}

const coded = (width: number, height: number, seed: number): CodedPicture => ({
  luma: plane(width, height, seed),
  chroma: [plane((width + 1) >> 1, (height + 1) >> 1, seed + 1), plane((width + 1) >> 1, (height + 1) >> 1, seed + 2)],
  bits: 8,
  ...coding,
})

/** Four tiles of 64 x 48, of which the right and lower ones hang over a picture of 117 x 91. */
const places: [x: number, y: number][] = [[0, 0], [64, 0], [0, 48], [64, 48]]
const tiles: Tiles = { width: 117, height: 91, tiles: places.map(([x, y]) => ({ x, y, width: 64, height: 48 }) as Tile) }

test.each([
  ['all of it', 2, 3, region(0, 0, 58, 45)],
  ['a part, cropped on each side', 2, 3, region(9, 5, 31, 33)],
  ['a part within one tile', 2, 3, region(35, 2, 4, 4)],
  ['beside transparency', 2, 4, region(9, 5, 31, 33)],
  ['a quarter of the size', 4, 3, region(0, 0, 29, 22)],
] as const)('straight to RGB is what the way over planes gives: %s', (_, factor, channels, shown) => {
  const [straight, overPlanes] = [0, 1].map(() => makeCanvas({ ...shown, channels, orientation: 1, icc: null }))
  const first = coded(64, 48, 1)
  const [fast, slow] = [rgbTiles(straight!, shown, factor, coding), codedCanvas(tiles, factor, first)]
  tiles.tiles.forEach((tile, seed) => {
    expect(fast.place(tile, coded(64, 48, seed))).toBe(true)
    expect(slow.place(tile, coded(64, 48, seed))).toBe(true)
  })
  toRgb(slow.finished(), coding, shown, overPlanes!.pixels, channels, 0xff)
  const worst = straight!.pixels.reduce((most, value, at) => Math.max(most, Math.abs(value - overPlanes!.pixels[at]!)), 0)
  // Averages of averages are rounded once more.
  expect(worst).toBeLessThanOrEqual(factor === 2 ? 0 : 3)
})

test('a tile that is missing is grey, one that is coded otherwise is refused', () => {
  const canvas = makeCanvas({ width: 58, height: 45, channels: 3, orientation: 1, icc: null })
  const placed = rgbTiles(canvas, region(0, 0, 58, 45), 2, coding)
  expect(placed.place(tiles.tiles[0]!, { ...coded(64, 48, 1), chroma: null })).toBe(false)
  expect(placed.place(tiles.tiles[0]!, { ...coded(64, 48, 1), bits: 10 })).toBe(false)
  expect(new Set(canvas.pixels)).toEqual(new Set([128]))
})
