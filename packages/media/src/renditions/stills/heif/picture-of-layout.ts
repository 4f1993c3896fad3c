import { makeCanvas } from '../canvas.ts'
import type { Canvas } from '../canvas.ts'
import { colourUse, displayP3Profile, toDisplayP3 } from '../nclx-colour.ts'
import { exifNumberOf } from '../orientation.ts'
import { previewEdge } from '../shapes.ts'
import type { Size } from '../shapes.ts'
import { codedCanvas, compose } from './compose.ts'
import type { TileDecoder } from './compose.ts'
import type { HeifFile } from './container.ts'
import type { Region, StillLayout, Tiles } from './layout.ts'
import type { CodedPicture } from './planes.ts'
import type { Nclx } from './properties.ts'
import { goesStraightToRgb, rgbTiles } from './rgb-tiles.ts'
import { toRgb } from './ycbcr.ts'
import type { YcbcrCoding } from './ycbcr.ts'

export type LaidOut = {
  readonly canvas: Canvas
  /** Of so many tiles, these are cut off, broken or absent. */
  readonly tiles: number
  readonly missing: number
}

/** Decodes a still by its layout, with its longest edge of this length or larger, if the still is. Null if nothing of it can be decoded. */
export async function pictureOfLayout(file: HeifFile, layout: StillLayout, decoder: TileDecoder, edge: number = previewEdge): Promise<LaidOut | null> {
  const factor = factorFor(layout, layout.shown, edge)
  const alpha = layout.alpha === null ? null : await alphaOf(layout.alpha, file, decoder, edge)
  const use = layout.nclx === null ? 'srgb' : colourUse(layout.nclx)
  // A profile says more than code points do, except of HDR.
  const icc = use === 'convert' || (use === 'display_p3' && layout.icc === null) ? await displayP3Profile() : layout.icc
  const shown = reducedRegion(layout.shown, factor)
  const canvas = makeCanvas({ ...shown, channels: alpha === null ? 3 : 4, orientation: exifNumberOf(layout.orientation), icc })
  const base = await compose(layout, decoder, file.dataOf, (first) => {
    const coding = { matrix: layout.nclx?.matrix ?? first.matrix, fullRange: layout.nclx?.fullRange ?? first.fullRange }
    if (use !== 'convert' && goesStraightToRgb(first, factor)) return rgbTiles(canvas, shown, factor, coding)
    const coded = codedCanvas(layout, factor, first)
    return { place: (tile, picture) => coded.place(tile, picture), finished: () => convert(coded.finished(), coding, shown, canvas, use === 'convert' ? layout.nclx : null) }
  })
  if (base === null) return null
  if (alpha !== null) setAlpha(canvas, alpha, shown, reducedRegion({ x: 0, y: 0, width: layout.width, height: layout.height }, factor))
  return { canvas, tiles: layout.tiles.length, missing: base.missing }
}

async function alphaOf(alpha: Tiles, file: HeifFile, decoder: TileDecoder, edge: number): Promise<CodedPicture | null> {
  const composed = await compose(alpha, decoder, file.dataOf, (first) => codedCanvas(alpha, factorFor(alpha, alpha, edge), first))
  return composed?.picture ?? null
}

/** @param nclx of HDR, which becomes what a screen shows; null where the samples stay what they are */
function convert(picture: CodedPicture, coding: YcbcrCoding, shown: Region, { pixels, channels }: Canvas, nclx: Nclx | null): void {
  if (nclx === null) return toRgb(picture, coding, shown, pixels, channels, 0xff)
  const samples = new Uint16Array(pixels.length)
  toRgb(picture, coding, shown, samples, channels, 0xffff)
  toDisplayP3(samples, channels, nclx, pixels)
}

/**
 * By how much each tile is reduced as it comes: a power of two, so that what is left is at least as large as
 * is wanted and all tiles begin at whole pixels.
 */
function factorFor({ tiles }: Tiles, shown: Size, edge: number): number {
  const longEdge = Math.max(shown.width, shown.height)
  let factor = 1
  while (longEdge / (factor * 2) >= edge && tiles.every(({ x, y }) => x % (factor * 2) === 0 && y % (factor * 2) === 0)) factor *= 2
  return factor
}

const reducedRegion = ({ x, y, width, height }: Region, factor: number): Region => ({
  x: Math.floor(x / factor),
  y: Math.floor(y / factor),
  width: Math.max(1, Math.floor(width / factor)),
  height: Math.max(1, Math.floor(height / factor)),
})

/** Luma of the second picture, which may be smaller or larger than the first; always in full range (ISO/IEC 23008-12 §6.5.8). */
function setAlpha(canvas: Canvas, alpha: CodedPicture, shown: Region, base: Size): void {
  const { samples, stride, width, height } = alpha.luma
  const shift = alpha.bits - 8
  for (let row = 0; row < canvas.height; row += 1) {
    const from = Math.floor(((shown.y + row) * height) / base.height) * stride
    for (let column = 0; column < canvas.width; column += 1) {
      const sample = samples[from + Math.floor(((shown.x + column) * width) / base.width)] ?? 0
      canvas.pixels[(row * canvas.width + column) * canvas.channels + 3] = sample >> shift
    }
  }
}
