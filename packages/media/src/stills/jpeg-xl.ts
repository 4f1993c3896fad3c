import { brotliDecompressSync } from 'node:zlib'
import { boxesOf } from '../bytes/boxes.ts'
import type { Box } from '../bytes/boxes.ts'
import { latin1, startsWith, u32 } from '../bytes/numbers.ts'
import { memorySource } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'
import { readExif } from '../details/exif.ts'
import type { CaptureDetails } from '../facts.ts'
import { noDetails } from '../facts.ts'

const exifBytes = 256 * 1024
/** A container is a box file; a bare codestream (0xFF 0x0A) has no place for metadata (ISO/IEC 18181-2 §9.1). */
const containerStart = '\0\0\0\x0cJXL '

/** The `Exif` box (ISO/IEC 18181-2 §9.5), also Brotli-compressed inside `brob` (§9.8). */
export async function readJpegXl(source: ByteSource): Promise<CaptureDetails> {
  if (!startsWith(await source.read(0, 8), containerStart)) return noDetails
  for await (const box of boxesOf(source, 0, source.size)) {
    const block = await exifBlock(source, box)
    if (block !== null && block.length > 4) return readExif(memorySource(block.subarray(4 + u32(block, 0))))
  }
  return noDetails
}

async function exifBlock(source: ByteSource, box: Box): Promise<Uint8Array | null> {
  if (box.type !== 'Exif' && box.type !== 'brob') return null
  const body = await source.read(box.start, Math.min(box.end - box.start, exifBytes))
  if (box.type === 'Exif') return body
  if (latin1(body, 0, 4) !== 'Exif') return null
  try {
    return brotliDecompressSync(body.subarray(4), { maxOutputLength: exifBytes })
  } catch {
    return null // not Brotli, or larger than any Exif: either way nothing to read
  }
}
