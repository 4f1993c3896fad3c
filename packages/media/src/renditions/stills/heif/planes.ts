/** One channel of a coded picture: samples of 8 bits, or of up to 16 in two bytes each. */
export type Plane = {
  readonly samples: Uint8Array | Uint16Array
  /** Samples from row to row. */
  readonly stride: number
  readonly width: number
  readonly height: number
}

/** A decoded picture: luma, and two channels of colour of the same or of half the size (ITU-T H.273 for the code points). */
export type CodedPicture = {
  readonly luma: Plane
  /** Absent in a picture without colour. */
  readonly chroma: readonly [cb: Plane, cr: Plane] | null
  /** Bits of a sample that are used. */
  readonly bits: number
  /** What the bitstream itself says, where the container says nothing. */
  readonly fullRange: boolean
  readonly matrix: number
}

/**
 * Averages squares of `factorX` by `factorY` samples and writes them at a place of a larger plane; what hangs over is cut
 * off. Exact at the seams, because tiles begin at multiples of the factor.
 */
export function reduceInto(target: Plane, from: Plane, atX: number, atY: number, factorX: number, factorY: number): void {
  const columns = Math.min(Math.floor(from.width / factorX), target.width - atX)
  const rows = Math.min(Math.floor(from.height / factorY), target.height - atY)
  if (columns <= 0) return
  for (let row = 0; row < rows; row += 1) {
    const to = (atY + row) * target.stride + atX
    const source = row * factorY * from.stride
    if (factorX === 1 && factorY === 1) target.samples.set(from.samples.subarray(source, source + columns), to)
    else if (factorX === 2 && factorY === 2) averageOfFour(target.samples, to, from.samples, source, from.stride, columns)
    else average(target.samples, to, from.samples, source, from.stride, columns, factorX, factorY)
  }
}

/** Half as wide and high. */
export function halved(plane: Plane): Plane {
  const [width, height] = [Math.max(1, plane.width >> 1), Math.max(1, plane.height >> 1)]
  const small: Plane = { samples: emptyLike(plane, width * height), stride: width, width, height }
  reduceInto(small, plane, 0, 0, 2, 2)
  return small
}

/** The usual case, 12 megapixels to a preview, written out: three times as fast as the loop for any factor. */
function averageOfFour(target: Plane['samples'], to: number, samples: Plane['samples'], source: number, stride: number, columns: number): void {
  let upper = source
  let lower = source + stride
  for (let column = 0; column < columns; column += 1) {
    target[to + column] = (at(samples, upper) + at(samples, upper + 1) + at(samples, lower) + at(samples, lower + 1) + 2) >> 2
    upper += 2
    lower += 2
  }
}

function average(target: Plane['samples'], to: number, samples: Plane['samples'], source: number, stride: number, columns: number, factorX: number, factorY: number): void {
  const count = factorX * factorY
  for (let column = 0; column < columns; column += 1) {
    let sum = count >> 1
    for (let y = 0; y < factorY; y += 1) {
      const start = source + y * stride + column * factorX
      for (let x = 0; x < factorX; x += 1) sum += at(samples, start + x)
    }
    target[to + column] = Math.floor(sum / count)
  }
}

/** Within bounds, by the caller's arithmetic. */
const at = (samples: Plane['samples'], index: number): number => samples[index] ?? 0

/**
 * Doubles a plane in one or both directions, each new sample three quarters of the nearer and one quarter of the farther:
 * what decoders of JPEG do for chroma that lies between the samples of luma.
 */
export function doubled(plane: Plane, horizontally: boolean, vertically: boolean, width: number, height: number): Plane {
  const wide = horizontally ? doubledRows(plane, width) : plane
  return vertically ? doubledColumns(wide, height) : wide
}

function doubledRows(plane: Plane, width: number): Plane {
  const samples = emptyLike(plane, width * plane.height)
  for (let row = 0; row < plane.height; row += 1) {
    const start = row * plane.stride
    for (let column = 0; column < width; column += 1) {
      const near = Math.min(column >> 1, plane.width - 1)
      const far = Math.min(Math.max(near + ((column & 1) === 0 ? -1 : 1), 0), plane.width - 1)
      samples[row * width + column] = (3 * at(plane.samples, start + near) + at(plane.samples, start + far) + 2) >> 2
    }
  }
  return { samples, stride: width, width, height: plane.height }
}

function doubledColumns(plane: Plane, height: number): Plane {
  const samples = emptyLike(plane, plane.width * height)
  for (let row = 0; row < height; row += 1) {
    const near = Math.min(row >> 1, plane.height - 1)
    const far = Math.min(Math.max(near + ((row & 1) === 0 ? -1 : 1), 0), plane.height - 1)
    for (let column = 0; column < plane.width; column += 1) {
      samples[row * plane.width + column] = (3 * at(plane.samples, near * plane.stride + column) + at(plane.samples, far * plane.stride + column) + 2) >> 2
    }
  }
  return { samples, stride: plane.width, width: plane.width, height }
}

const emptyLike = (plane: Plane, count: number): Plane['samples'] => (plane.samples instanceof Uint16Array ? new Uint16Array(count) : new Uint8Array(count))

export function emptyPlane(width: number, height: number, deep: boolean, value: number): Plane {
  const samples = deep ? new Uint16Array(width * height) : new Uint8Array(width * height)
  return { samples: value === 0 ? samples : samples.fill(value), stride: width, width, height }
}
