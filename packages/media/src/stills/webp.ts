import { latin1, startsWith, u32 } from '../bytes/numbers.ts'
import { memorySource } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'
import { readExif } from '../details/exif.ts'
import { readXmp, xmpBytes } from '../details/xmp.ts'
import type { CaptureDetails } from '../facts.ts'
import { mergeDetails, noDetails } from '../facts.ts'

const exifBytes = 256 * 1024
/** Frames of an animation are chunks too, and the metadata stands behind them. */
const maximumChunks = 200

/** Walks the RIFF chunks (RFC 9649 §2.7.1.5): `EXIF`, else `XMP `. */
export async function readWebp(source: ByteSource): Promise<CaptureDetails> {
  let details = noDetails
  let offset = 12
  for (let chunks = 0; chunks < maximumChunks; chunks += 1) {
    const header = await source.read(offset, 8)
    if (header.length < 8) break
    const length = u32(header, 4, true)
    const type = latin1(header, 0, 4)
    if (type === 'EXIF') {
      const block = await source.read(offset + 8, Math.min(length, exifBytes))
      // Some writers keep the header that belongs to JPEG alone.
      const start = startsWith(block, 'Exif\0\0') ? 6 : 0
      details = mergeDetails(await readExif(memorySource(block.subarray(start))), details)
    } else if (type === 'XMP ') {
      details = mergeDetails(details, readXmp(latin1(await source.read(offset + 8, Math.min(length, xmpBytes)))))
    }
    offset += 8 + length + (length % 2)
  }
  return details
}
