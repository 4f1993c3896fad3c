import { makeExif } from './exif.ts'
import type { ExifContent } from './exif.ts'
import { mosaicImage, segment } from './mosaic-jpeg.ts'
import { momentOf, randomBytesOf } from './random.ts'
import type { Seed } from './random.ts'

export type JpegSample = Omit<ExifContent, 'capturedAt'> & {
  readonly seed: Seed
  /** The exact size of the file. Absent: as small as it gets, some 700 bytes. */
  readonly bytes?: number
  /** Milliseconds since 1970 UTC. Absent: a moment that the seed decides. */
  readonly capturedAt?: number
  /** More application segments, behind the one of Exif: XMP, IPTC, MPF ... */
  readonly segments?: readonly Uint8Array[]
  /** What stands behind the end of the image: a video, a gain map. */
  readonly trailer?: Uint8Array
}

const startOfImage = Buffer.from([0xff, 0xd8])
const endOfImage = Buffer.from([0xff, 0xd9])
/** T.81 §B.1.1.4: a length of 16 bits that counts itself. */
const largestBody = 65_533

/**
 * A valid JPEG that decodes to a coloured mosaic, with Exif: another seed is another picture and another file.
 * The size comes from APP15 segments of incompressible bytes before the image data.
 */
export function makeJpeg(sample: JpegSample): Uint8Array {
  const exif = makeExif({ ...sample, capturedAt: sample.capturedAt ?? momentOf(sample.seed) })
  const front = Buffer.concat([startOfImage, segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), exif])), ...(sample.segments ?? [])])
  const trailer = sample.trailer ?? new Uint8Array(0)
  const image = mosaicImage(sample.seed)
  const least = front.length + image.length + endOfImage.length + trailer.length
  const wanted = sample.bytes ?? least
  if (wanted < least) throw new RangeError(`this sample needs ${least} bytes, asked for ${wanted}`)
  return Buffer.concat([front, padding(sample.seed, wanted - least), image, endOfImage, trailer], wanted)
}

/** APP15 segments; 1 to 3 bytes, too few for one, become fill bytes before the next marker (T.81 §B.1.1.2). */
function padding(seed: Seed, length: number): Buffer {
  const filling = Buffer.from(randomBytesOf(seed, length, 'padding'))
  let at = 0
  while (length - at >= 4) {
    const body = Math.min(length - at - 4, largestBody)
    filling.writeUInt16BE(0xffef, at)
    filling.writeUInt16BE(body + 2, at + 2)
    at += 4 + body
  }
  return filling.fill(0xff, at)
}
