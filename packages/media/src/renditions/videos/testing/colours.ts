import type { Frame } from '../frames.ts'
import type { Colour, Fields } from './make-video.ts'

/** The colours in the middle of the four quarters of a frame: upper left, upper right, lower left, lower right. */
export function quarters({ data, width, height }: Frame): Fields {
  const at = (x: number, y: number): Colour => {
    const offset = (Math.floor(height * y) * width + Math.floor(width * x)) * 3
    return [data[offset] ?? 0, data[offset + 1] ?? 0, data[offset + 2] ?? 0]
  }
  return [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)]
}

/** What rounding and compression cost, in steps of 255. */
export const rounding = 8

/** The largest difference of any colour, in steps of 255. */
export const difference = (actual: Fields, expected: Fields): number =>
  Math.max(...actual.flat().map((value, index) => Math.abs(value - (expected.flat()[index] ?? 0))))
