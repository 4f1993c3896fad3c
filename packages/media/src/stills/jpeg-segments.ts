import { u16, u8 } from '../bytes/numbers.ts'
import type { ByteSource } from '../bytes/source.ts'

/** Enough for the longest header that tells what a segment is (XMP's, 29 bytes; ISO 21496-1's, 28). */
const openingBytes = 4 + 36

/** A marker segment (ITU-T T.81 §B.1.1.4): `start` and `end` bound its body, `opening` is the body's beginning. */
export type Segment = { readonly marker: number; readonly start: number; readonly end: number; readonly opening: Uint8Array }

/** The segments from the start of image up to and with the first scan header or the end of image. */
export async function* segmentsOf(source: ByteSource, from = 0): AsyncGenerator<Segment> {
  let offset = from + 2
  for (;;) {
    const bytes = await source.read(offset, openingBytes)
    if (bytes.length < 4 || u8(bytes, 0) !== 0xff) return
    const marker = u8(bytes, 1)
    if (marker === 0xff) {
      offset += 1 // fill byte, §B.1.1.2
      continue
    }
    if (marker === 0xd9) return
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      offset += 2 // markers without a length
      continue
    }
    const length = u16(bytes, 2)
    if (length < 2) return
    yield { marker, start: offset + 4, end: offset + 2 + length, opening: bytes.subarray(4, 2 + length) }
    if (marker === startOfScan) return
    offset += 2 + length
  }
}

export const startOfScan = 0xda

/** Start of frame, of whatever process (T.81 table B.1): all of C0 to CF but Huffman tables, JPG and arithmetic conditioning. */
export const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
