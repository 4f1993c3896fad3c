import { latin1, startsWith, u32 } from '../bytes/numbers.ts'
import { memorySource } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'
import { readExif } from '../details/exif.ts'
import { readXmp, xmpBytes } from '../details/xmp.ts'
import type { CaptureDetails } from '../facts.ts'
import { mergeDetails, noDetails } from '../facts.ts'

const exifBytes = 256 * 1024
const xmpKeyword = 'XML:com.adobe.xmp\0' // XMP part 3 §1.1.5
/**
 * Phones and libpng write metadata before the image data, ImageMagick behind it. A search behind it stops here: an image
 * in pieces of 8 KB would cost thousands of reads.
 */
const maximumChunks = 200

/** Walks the chunks (PNG 3rd edition §5.3): `eXIf` (§11.3.3.4), else XMP in `iTXt`. */
export async function readPng(source: ByteSource): Promise<CaptureDetails> {
  let details = noDetails
  let offset = 8
  for (let chunks = 0; chunks < maximumChunks; chunks += 1) {
    const header = await source.read(offset, 8)
    if (header.length < 8) break
    const length = u32(header, 0)
    const type = latin1(header, 4, 8)
    const body = offset + 8
    if (type === 'IEND') break
    if (type === 'eXIf') {
      details = mergeDetails(await readExif(memorySource(await source.read(body, Math.min(length, exifBytes)))), details)
    } else if (type === 'iTXt' && startsWith(await source.read(body, xmpKeyword.length), xmpKeyword)) {
      const packet = latin1(await source.read(body + xmpKeyword.length, Math.min(length, xmpBytes)))
      details = mergeDetails(details, readXmp(packet))
    }
    if (type === 'IDAT' && details.capturedAt !== null) break
    offset = body + length + 4
  }
  return details
}
