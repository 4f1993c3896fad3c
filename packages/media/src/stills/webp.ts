import { latin1, startsWith, u16, u32, u8 } from '../bytes/numbers.ts'
import { Malformed, memorySource } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'
import { readExif } from '../details/exif.ts'
import { readXmp, xmpBytes } from '../details/xmp.ts'
import type { Draft, Picture } from '../reading.ts'

const exifBytes = 256 * 1024
/** Frames of an animation are chunks too, and the metadata stands behind them. */
const maximumChunks = 2_000

/** Walks the RIFF chunks (RFC 9649 §2.5 to §2.7): size, frames, `EXIF`, `XMP `. */
export async function readWebp(source: ByteSource, draft: Draft): Promise<void> {
  let offset = 12
  let durationMs = 0
  for (let chunks = 0; chunks < maximumChunks; chunks += 1) {
    const header = await source.read(offset, 8 + 16)
    if (header.length < 8) break
    const length = u32(header, 4, true)
    const type = latin1(header, 0, 4)
    const body = header.subarray(8)
    if (type === 'VP8X' || type === 'VP8 ' || type === 'VP8L') draft.picture ??= pictureOf(type, body)
    if (type === 'ANMF' && body.length >= 15) durationMs += u24(body, 12)
    if (type === 'EXIF' && draft.exif === undefined) {
      const block = await source.read(offset + 8, Math.min(length, exifBytes))
      // Some writers keep the header that belongs to JPEG alone.
      const words = await readExif(memorySource(block.subarray(startsWith(block, 'Exif\0\0') ? 6 : 0)))
      if (words !== null) draft.exif = words
    }
    if (type === 'XMP ') draft.xmp ??= readXmp(await source.read(offset + 8, Math.min(length, xmpBytes)))
    offset += 8 + length + (length % 2)
  }
  if (durationMs > 0 && draft.picture !== undefined) draft.picture = { ...draft.picture, durationMs }
}

const u24 = (bytes: Uint8Array, at: number): number => u16(bytes, at, true) + u8(bytes, at + 2) * 65_536

function pictureOf(type: 'VP8X' | 'VP8 ' | 'VP8L', body: Uint8Array): Picture {
  if (body.length < 10) throw new Malformed('cut in its first chunk')
  if (type === 'VP8X') {
    // §2.7.1: flags, then the canvas, each side less one in 24 bits.
    const isAnimated = (u8(body, 0) & 0x02) !== 0
    return { width: u24(body, 4) + 1, height: u24(body, 7) + 1, codec: 'webp', marks: isAnimated ? ['animated'] : [] }
  }
  // RFC 6386 §9.1: behind a frame tag and a start code, 14 bits each.
  if (type === 'VP8 ') return { width: u16(body, 6, true) & 0x3fff, height: u16(body, 8, true) & 0x3fff, codec: 'webp' }
  const bits = u32(body, 1, true) // RFC 9649 §3.4: a signature, then 14 bits each, less one
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, codec: 'webp' }
}
