import type { Region } from './layout.ts'
import type { CodedPicture, Plane } from './planes.ts'

/** How luma and two differences of colour become red, green and blue (code points of ITU-T H.273 §8.3). */
export type YcbcrCoding = { readonly matrix: number; readonly fullRange: boolean }

/** H.273 table 4: the share of red and of blue in luma. What is not said, or not known, is read as BT.601, as other readers do. */
const shares: Readonly<Record<number, { readonly red: number; readonly blue: number }>> = {
  1: { red: 0.2126, blue: 0.0722 },
  4: { red: 0.3, blue: 0.11 },
  7: { red: 0.212, blue: 0.087 },
  9: { red: 0.2627, blue: 0.0593 },
}
const bt601 = { red: 0.299, blue: 0.114 }

/** Bits behind the point of the whole numbers in the tables: with 16 bits before it, the largest sum stays below 2^31. */
export const fraction = 13

/**
 * Converts a region of a picture whose planes are all of one size into interleaved samples, `maximum` for white. Samples
 * beyond the third of a pixel are left alone.
 */
export function toRgb(picture: CodedPicture, coding: YcbcrCoding, region: Region, target: Uint8Array | Uint16Array, channels: number, maximum: number): void {
  const tables = tablesFor(picture.bits, coding, maximum)
  const rowSamples = region.width * channels
  for (let row = 0; row < region.height; row += 1) {
    const start = (region.y + row) * picture.luma.stride + region.x
    const to = row * rowSamples
    if (picture.chroma === null) greyRow(picture.luma.samples, start, region.width, tables.luma, target, to, channels, maximum)
    else colourRow(picture.luma.samples, picture.chroma[0].samples, picture.chroma[1].samples, start, region.width, tables, target, to, channels, maximum)
  }
}

/** Whole numbers throughout, and nothing called: 20 ms for 3 megapixels, and ten times as much in floating point. */
function colourRow(luma: Plane['samples'], cb: Plane['samples'], cr: Plane['samples'], start: number, count: number, tables: Tables, target: Uint8Array | Uint16Array, at: number, channels: number, maximum: number): void {
  const { redOfCr, greenOfCb, greenOfCr, blueOfCb } = tables
  const lumaOf = tables.luma
  let to = at
  for (let index = start; index < start + count; index += 1) {
    const light = lumaOf[luma[index] ?? 0] ?? 0
    const blue = cb[index] ?? 0
    const red = cr[index] ?? 0
    const r = (light + (redOfCr[red] ?? 0)) >> fraction
    const g = (light + (greenOfCb[blue] ?? 0) + (greenOfCr[red] ?? 0)) >> fraction
    const b = (light + (blueOfCb[blue] ?? 0)) >> fraction
    target[to] = r < 0 ? 0 : r > maximum ? maximum : r
    target[to + 1] = g < 0 ? 0 : g > maximum ? maximum : g
    target[to + 2] = b < 0 ? 0 : b > maximum ? maximum : b
    to += channels
  }
}

function greyRow(luma: Plane['samples'], start: number, count: number, lumaOf: Int32Array, target: Uint8Array | Uint16Array, at: number, channels: number, maximum: number): void {
  for (let index = 0; index < count; index += 1) {
    const light = (lumaOf[luma[start + index] ?? 0] ?? 0) >> fraction
    target.fill(Math.min(Math.max(light, 0), maximum), at + index * channels, at + index * channels + 3)
  }
}

export type Tables = Readonly<Record<'luma' | 'redOfCr' | 'greenOfCb' | 'greenOfCr' | 'blueOfCb', Int32Array>>

/** What each value of a sample adds to each colour (H.273 equations 10 to 19 and 32 to 40, solved for red, green and blue). */
export function tablesFor(bits: number, { matrix, fullRange }: YcbcrCoding, maximum: number): Tables {
  const levels = 2 ** bits
  const unit = 2 ** (bits - 8)
  const lumaStart = fullRange ? 0 : 16 * unit
  const lumaRange = fullRange ? levels - 1 : 219 * unit
  const chromaRange = fullRange ? levels - 1 : 224 * unit
  const table = (valueOf: (level: number) => number): Int32Array => Int32Array.from({ length: levels }, (_, level) => Math.round(maximum * 2 ** fraction * valueOf(level)))
  const chroma = (level: number): number => (level - levels / 2) / chromaRange
  const half = 0.5 / maximum // so that cutting the fraction off rounds
  const { red, blue } = shares[matrix] ?? bt601
  const green = 1 - red - blue
  return {
    luma: table((level) => (level - lumaStart) / lumaRange + half),
    redOfCr: table((level) => 2 * (1 - red) * chroma(level)),
    greenOfCb: table((level) => ((-2 * blue * (1 - blue)) / green) * chroma(level)),
    greenOfCr: table((level) => ((-2 * red * (1 - red)) / green) * chroma(level)),
    blueOfCb: table((level) => 2 * (1 - blue) * chroma(level)),
  }
}
