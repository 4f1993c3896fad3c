import { brotliDecompressSync } from 'node:zlib'
import { boxesOf } from '../bytes/boxes.ts'
import type { Box } from '../bytes/boxes.ts'
import { latin1, startsWith, u32 } from '../bytes/numbers.ts'
import { memorySource } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'
import { readExif } from '../details/exif.ts'
import { readXmp, xmpBytes } from '../details/xmp.ts'
import type { Draft } from '../reading.ts'
import { readCodestreamHeader } from './jpeg-xl-header.ts'

const exifBytes = 256 * 1024
const headerBytes = 256
/** A container is a box file; a bare codestream (0xFF 0x0A) has no place for metadata (ISO/IEC 18181-2 §9.1). */
const containerStart = '\0\0\0\x0cJXL '

/** The size out of the codestream; the boxes `Exif` and `xml ` (ISO/IEC 18181-2 §9.5), also Brotli-compressed inside `brob` (§9.8). */
export async function readJpegXl(source: ByteSource, draft: Draft): Promise<void> {
  const opening = await source.read(0, headerBytes)
  if (!startsWith(opening, containerStart)) {
    draft.picture = readCodestreamHeader(opening)
    return
  }
  for await (const box of boxesOf(source, 0, source.size)) {
    // A codestream in one piece, or in parts with a number of 4 bytes each.
    if (box.type === 'jxlc') draft.picture ??= readCodestreamHeader(await source.read(box.start, headerBytes))
    if (box.type === 'jxlp') draft.picture ??= readCodestreamHeader(await source.read(box.start + 4, headerBytes))
    const exif = await blockOf(source, box, 'Exif', exifBytes)
    const words = exif === null || exif.length <= 8 ? null : await readExif(memorySource(exif.subarray(4 + u32(exif, 0))))
    if (words !== null) draft.exif ??= words
    const xmp = await blockOf(source, box, 'xml ', xmpBytes)
    if (xmp !== null) draft.xmp ??= readXmp(xmp)
  }
}

async function blockOf(source: ByteSource, box: Box, type: string, maximumBytes: number): Promise<Uint8Array | null> {
  if (box.type !== type && box.type !== 'brob') return null
  const body = await source.read(box.start, Math.min(box.end - box.start, maximumBytes))
  if (box.type === type) return body
  if (latin1(body, 0, 4) !== type) return null
  try {
    return brotliDecompressSync(body.subarray(4), { maxOutputLength: maximumBytes })
  } catch {
    return null // not Brotli, or larger than any metadata: either way nothing to read
  }
}
