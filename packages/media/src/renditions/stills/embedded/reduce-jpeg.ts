import sharp from 'sharp'
import { corrupt } from '../decoded.ts'
import type { DecodeLimits, NotDecoded, Reduced } from '../decoded.ts'
import { reduce } from '../reduce.ts'

/** A JPEG that was inside another file, which says how it lies (1 to 8), unless the JPEG says so itself. */
export async function reduceJpeg(jpeg: Uint8Array, orientation: number, limits: DecodeLimits): Promise<Reduced | NotDecoded> {
  if (jpeg.length < 4 || jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return corrupt('the picture inside the file is no JPEG')
  const asked = orientation >= 2 && orientation <= 8 && !(await saysOrientation(jpeg))
  return reduce(asked ? withOrientation(jpeg, orientation) : Buffer.from(jpeg), limits, 'embedded')
}

async function saysOrientation(jpeg: Uint8Array): Promise<boolean> {
  try {
    return (await sharp(jpeg, { failOn: 'none', limitInputPixels: false }).metadata()).orientation !== undefined
  } catch {
    return false // it does not open, as will be found
  }
}

/** With a segment of Exif (Exif 3.0 §4.5.2, §4.7.2) that has this one tag, in front of all others. */
function withOrientation(jpeg: Uint8Array, orientation: number): Buffer {
  const segment = Buffer.alloc(4 + 6 + 8 + 2 + 12 + 4)
  segment.writeUInt16BE(0xffe1, 0)
  segment.writeUInt16BE(segment.length - 2, 2)
  segment.write('Exif\0\0II*\0', 4, 'latin1')
  segment.writeUInt32LE(8, 14) // the directory follows its header
  segment.writeUInt16LE(1, 18) // one entry: tag, type short, one value
  segment.writeUInt16LE(0x112, 20)
  segment.writeUInt16LE(3, 22)
  segment.writeUInt32LE(1, 24)
  segment.writeUInt16LE(orientation, 28)
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)])
}
