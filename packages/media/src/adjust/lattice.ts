import type { Recipe } from '@everroll/protocol'
import { changesColour, changeOf } from './colour.ts'

/**
 * A recipe's colours on a lattice of the RGB cube. Whoever draws, this code or a graphics processor, looks a pixel up
 * between the eight points around it, so that all devices and the server come to the same: the colour arithmetic runs
 * here alone. 33 points an edge are what colour grading uses.
 */
export type Lattice = {
  /** Points along an edge of the cube. */
  readonly edge: number
  /** RGB of each point, 0 to 1; red changes fastest, then green, then blue. */
  readonly colours: Float32Array<ArrayBuffer>
}

export const LATTICE_EDGE = 33

/** null: the colours stay as they are. */
export function latticeOf(recipe: Recipe): Lattice | null {
  if (!changesColour(recipe)) return null
  const change = changeOf(recipe)
  const rgb = new Float64Array(3)
  const colours = new Float32Array(LATTICE_EDGE ** 3 * 3)
  const step = 1 / (LATTICE_EDGE - 1)
  let at = 0
  for (let blue = 0; blue < LATTICE_EDGE; blue += 1) {
    for (let green = 0; green < LATTICE_EDGE; green += 1) {
      for (let red = 0; red < LATTICE_EDGE; red += 1) {
        rgb[0] = red * step
        rgb[1] = green * step
        rgb[2] = blue * step
        change(rgb)
        colours.set(rgb, at)
        at += 3
      }
    }
  }
  return { edge: LATTICE_EDGE, colours }
}

/** Changes 8-bit pixels in place. @param channels of a pixel; those beyond the third are left alone. */
export function applyLattice({ edge, colours }: Lattice, pixels: Uint8Array | Uint8ClampedArray, channels: 3 | 4): void {
  const last = edge - 1
  const toGreen = edge * 3
  const toBlue = edge * edge * 3
  // What each of the 256 values comes to along one edge.
  const below = new Uint8Array(256)
  const within = new Float32Array(256)
  for (let value = 0; value < 256; value += 1) {
    const along = (value / 255) * last
    below[value] = Math.min(last - 1, Math.floor(along))
    within[value] = along - (below[value] ?? 0)
  }
  for (let at = 0; at + channels <= pixels.length; at += channels) {
    const red = pixels[at] ?? 0
    const green = pixels[at + 1] ?? 0
    const blue = pixels[at + 2] ?? 0
    const fr = within[red] ?? 0
    const fg = within[green] ?? 0
    const fb = within[blue] ?? 0
    const corner = (below[red] ?? 0) * 3 + (below[green] ?? 0) * toGreen + (below[blue] ?? 0) * toBlue
    for (let channel = 0; channel < 3; channel += 1) {
      const i = corner + channel
      const j = i + toBlue
      const near = mixed(mixed(colours[i] ?? 0, colours[i + 3] ?? 0, fr), mixed(colours[i + toGreen] ?? 0, colours[i + toGreen + 3] ?? 0, fr), fg)
      const far = mixed(mixed(colours[j] ?? 0, colours[j + 3] ?? 0, fr), mixed(colours[j + toGreen] ?? 0, colours[j + toGreen + 3] ?? 0, fr), fg)
      pixels[at + channel] = Math.round(mixed(near, far, fb) * 255)
    }
  }
}

const mixed = (from: number, to: number, share: number): number => from + (to - from) * share
