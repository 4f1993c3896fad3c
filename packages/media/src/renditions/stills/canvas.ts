/**
 * Pixels that a decoder of ours writes, in a form that sharp opens with everything that belongs to them: an uncompressed
 * TIFF in memory (TIFF 6.0), which carries the ICC profile and the orientation. sharp's own raw input carries neither.
 */
export type Canvas = {
  readonly width: number
  readonly height: number
  /** 3 is RGB, 4 is RGB and alpha that is not premultiplied. */
  readonly channels: 3 | 4
  /** Row by row, 8 bits a sample; a view of `file`. */
  readonly pixels: Uint8Array
  /** The TIFF around the pixels. */
  readonly file: Buffer
}

export type CanvasShape = {
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
  /** How EXIF numbers it, 1 to 8; applied by whoever opens the file. */
  readonly orientation: number
  readonly icc: Uint8Array | null
}

const headerBytes = 8
const entryBytes = 12
const short = 3
const long = 4
const undefinedType = 7

/** Black, and transparent where there is alpha. */
export function makeCanvas({ width, height, channels, orientation, icc }: CanvasShape): Canvas {
  const pixelBytes = width * height * channels
  // Tag, type, count, value or offset (TIFF 6.0 §2, section 8 for the tags, 18 for the samples beyond colour; ICC.1 §B.4 for 34675).
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, channels, 0], // bits per sample; its offset is filled in below
    [259, short, 1, 1], // not compressed
    [262, short, 1, 2], // RGB
    [273, long, 1, 0], // the one strip; its offset is filled in below
    [274, short, 1, orientation],
    [277, short, 1, channels],
    [278, long, 1, height],
    [279, long, 1, pixelBytes],
    [284, short, 1, 1], // samples of a pixel stand together
  ]
  if (channels === 4) entries.push([338, short, 1, 2]) // alpha, not premultiplied
  if (icc !== null) entries.push([34_675, undefinedType, icc.length, 0])

  const depthsAt = headerBytes + 2 + entries.length * entryBytes + 4
  const iccAt = depthsAt + channels * 2
  const pixelsAt = Math.ceil((iccAt + (icc?.length ?? 0)) / 16) * 16
  const file = Buffer.alloc(pixelsAt + pixelBytes)
  file.write('II*\0', 'latin1')
  file.writeUInt32LE(headerBytes, 4)
  file.writeUInt16LE(entries.length, headerBytes)
  entries.forEach(([tag, type, count, value], index) => {
    const at = headerBytes + 2 + index * entryBytes
    file.writeUInt16LE(tag, at)
    file.writeUInt16LE(type, at + 2)
    file.writeUInt32LE(count, at + 4)
    file.writeUInt32LE(tag === 258 ? depthsAt : tag === 273 ? pixelsAt : tag === 34_675 ? iccAt : value, at + 8)
  })
  for (let channel = 0; channel < channels; channel += 1) file.writeUInt16LE(8, depthsAt + channel * 2)
  if (icc !== null) file.set(icc, iccAt)
  return { width, height, channels, pixels: file.subarray(pixelsAt), file }
}
