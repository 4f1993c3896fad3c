import type { Recipe } from '@everroll/protocol'
import { adjustedSize, type Affine, outputToPicture } from './geometry.ts'
import { applyLattice, latticeOf } from './lattice.ts'

/** 8-bit pixels, row by row. */
export type Pixels = {
  readonly data: Uint8Array | Uint8ClampedArray
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
}

/** Draws a recipe at the picture's own scale: the server's renditions, and a browser's until those are there. */
export function drawAdjusted(picture: Pixels, recipe: Recipe): Pixels {
  const { width, height } = adjustedSize(recipe, picture)
  const { channels } = picture
  const data = new Uint8ClampedArray(width * height * channels)
  const from = outputToPicture(recipe, picture)
  if (recipe.straighten === 0) copy(picture, data, width, height, from)
  else sample(picture, data, width, height, from)
  const lattice = latticeOf(recipe)
  if (lattice !== null) applyLattice(lattice, data, channels)
  return { data, width, height, channels }
}

/** Pixel by pixel: mirrors, quarter turns and upright crops lose nothing. */
function copy({ data: source, width: across, height: down, channels }: Pixels, data: Uint8ClampedArray, width: number, height: number, { a, b, c, d, e, f }: Affine): void {
  let to = 0
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const px = clamp(Math.floor(a * (x + 0.5) + c * (y + 0.5) + e), across - 1)
      const py = clamp(Math.floor(b * (x + 0.5) + d * (y + 0.5) + f), down - 1)
      const from = (py * across + px) * channels
      for (let channel = 0; channel < channels; channel += 1) data[to + channel] = source[from + channel] ?? 0
      to += channels
    }
  }
}

/** Between four pixels. */
function sample({ data: source, width: across, height: down, channels }: Pixels, data: Uint8ClampedArray, width: number, height: number, { a, b, c, d, e, f }: Affine): void {
  let to = 0
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      // The centre of a pixel lies half a pixel within it.
      const sx = a * (x + 0.5) + c * (y + 0.5) + e - 0.5
      const sy = b * (x + 0.5) + d * (y + 0.5) + f - 0.5
      const left = Math.floor(sx)
      const top = Math.floor(sy)
      const fx = sx - left
      const fy = sy - top
      const x0 = clamp(left, across - 1) * channels
      const x1 = clamp(left + 1, across - 1) * channels
      const above = clamp(top, down - 1) * across * channels
      const below = clamp(top + 1, down - 1) * across * channels
      for (let channel = 0; channel < channels; channel += 1) {
        const upper = (source[above + x0 + channel] ?? 0) * (1 - fx) + (source[above + x1 + channel] ?? 0) * fx
        const lower = (source[below + x0 + channel] ?? 0) * (1 - fx) + (source[below + x1 + channel] ?? 0) * fx
        data[to + channel] = Math.round(upper * (1 - fy) + lower * fy)
      }
      to += channels
    }
  }
}

const clamp = (value: number, last: number): number => (value < 0 ? 0 : value > last ? last : value)
