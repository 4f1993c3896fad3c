import { latin1, startsWith, u16, u8 } from '../bytes/numbers.ts'
import { memorySource } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'
import { readExif } from '../details/exif.ts'
import { readXmp, xmpBytes } from '../details/xmp.ts'
import type { CaptureDetails } from '../facts.ts'
import { mergeDetails, noDetails } from '../facts.ts'

const exifHeader = 'Exif\0\0' // Exif 3.0 §4.7.2
const xmpHeader = 'http://ns.adobe.com/xap/1.0/\0' // XMP part 3 §1.1.3
/** Enough for the longest of the two headers. */
const openingBytes = 4 + 32

/** Walks the marker segments up to the image data (ITU-T T.81 annex B.1.1) and reads Exif, else XMP. */
export async function readJpeg(source: ByteSource): Promise<CaptureDetails> {
  let details = noDetails
  let packet: string | null = null
  let offset = 2
  for (;;) {
    const opening = await source.read(offset, openingBytes)
    if (opening.length < 4 || u8(opening, 0) !== 0xff) break
    const marker = u8(opening, 1)
    if (marker === 0xff) {
      offset += 1 // fill byte, B.1.1.2
      continue
    }
    // Image data begins, or the image ends: cameras put nothing that is wanted behind it.
    if (marker === 0xda || marker === 0xd9) break
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      offset += 2 // markers without a length
      continue
    }
    const length = u16(opening, 2)
    if (length < 2) break
    if (marker === 0xe1 && startsWith(opening, exifHeader, 4)) {
      const block = await source.read(offset + 4 + exifHeader.length, length - 2 - exifHeader.length)
      details = mergeDetails(details, await readExif(memorySource(block)))
      if (details.capturedAt !== null) break
    } else if (marker === 0xe1 && packet === null && startsWith(opening, xmpHeader, 4)) {
      packet = latin1(await source.read(offset + 4 + xmpHeader.length, Math.min(length, xmpBytes)))
    }
    offset += 2 + length
  }
  return packet === null || details.capturedAt !== null ? details : mergeDetails(details, readXmp(packet))
}
