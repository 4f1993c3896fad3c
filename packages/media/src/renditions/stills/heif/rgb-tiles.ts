import type { Canvas } from '../canvas.ts'
import { halving } from './compose.ts'
import type { TileCanvas } from './compose.ts'
import type { Region } from './layout.ts'
import { halved } from './planes.ts'
import type { CodedPicture, Plane } from './planes.ts'
import { fraction, tablesFor } from './ycbcr.ts'
import type { Tables, YcbcrCoding } from './ycbcr.ts'

/** What a phone's photo is, and what is left of luma after halving lies where chroma does: no plane of the whole picture is needed. */
export function goesStraightToRgb(first: CodedPicture, factor: number): boolean {
  const { x, y } = halving(first)
  return first.bits === 8 && first.chroma !== null && x && y && factor >= 2
}

/**
 * Reduces each tile by `factor`, a power of two, and writes it as RGB to its place on the canvas, which shows a region
 * of the reduced picture. One pass over what the decoder has just written, while it is in the processor's cache: half of
 * the time that reducing into planes and converting these takes, and the same samples.
 */
export function rgbTiles(canvas: Canvas, shown: Region, factor: number, coding: YcbcrCoding): TileCanvas<void> {
  const tables = tablesFor(8, coding, 0xff)
  // Values beyond black and white are cut off by the array itself.
  const target = new Uint8ClampedArray(canvas.pixels.buffer, canvas.pixels.byteOffset, canvas.pixels.byteLength)
  const grey = greyOf(tables)
  if (canvas.channels === 3) target.fill(grey)
  else for (let at = 0; at < target.length; at += 4) target.fill(grey, at, at + 3)

  return {
    place(tile, coded) {
      if (coded.chroma === null || !goesStraightToRgb(coded, factor)) return false
      let { luma } = coded
      let [cb, cr] = coded.chroma
      for (let left = factor; left > 2; left /= 2) [luma, cb, cr] = [halved(luma), halved(cb), halved(cr)]
      const [x, y] = [tile.x / factor - shown.x, tile.y / factor - shown.y]
      const from = Math.max(0, -x)
      const columns = Math.min(luma.width >> 1, canvas.width - x) - from
      const rows = columns <= 0 ? 0 : Math.min(luma.height >> 1, canvas.height - y)
      for (let row = Math.max(0, -y); row < rows; row += 1) {
        const to = ((y + row) * canvas.width + x + from) * canvas.channels
        halvedRow(luma, row * 2 * luma.stride + from * 2, cb, cr, row * cb.stride + from, columns, tables, target, to, canvas.channels)
      }
      return true
    },
    finished: () => undefined,
  }
}

const greyOf = ({ luma, redOfCr }: Tables): number => ((luma[128] ?? 0) + (redOfCr[128] ?? 0)) >> fraction

/** Two rows of luma and one of chroma. Nothing is called, and all numbers are whole. */
function halvedRow(luma: Plane, start: number, cb: Plane, cr: Plane, chromaStart: number, columns: number, tables: Tables, target: Uint8ClampedArray, at: number, channels: number): void {
  const { redOfCr, greenOfCb, greenOfCr, blueOfCb } = tables
  const lumaOf = tables.luma
  const [lumas, blues, reds] = [luma.samples, cb.samples, cr.samples]
  let upper = start
  let lower = start + luma.stride
  let to = at
  for (let index = chromaStart; index < chromaStart + columns; index += 1) {
    const light = lumaOf[((lumas[upper] ?? 0) + (lumas[upper + 1] ?? 0) + (lumas[lower] ?? 0) + (lumas[lower + 1] ?? 0) + 2) >> 2] ?? 0
    const blue = blues[index] ?? 0
    const red = reds[index] ?? 0
    target[to] = (light + (redOfCr[red] ?? 0)) >> fraction
    target[to + 1] = (light + (greenOfCb[blue] ?? 0) + (greenOfCr[red] ?? 0)) >> fraction
    target[to + 2] = (light + (blueOfCb[blue] ?? 0)) >> fraction
    upper += 2
    lower += 2
    to += channels
  }
}
