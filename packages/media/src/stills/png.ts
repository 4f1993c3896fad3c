import { latin1, startsWith, u32, u8 } from '../bytes/numbers.ts'
import { memorySource } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'
import { hdrOfTransfer } from '../details/colour.ts'
import { readExif } from '../details/exif.ts'
import { readXmp, xmpBytes } from '../details/xmp.ts'
import type { Draft, Picture } from '../reading.ts'

const exifBytes = 256 * 1024
const xmpKeyword = 'XML:com.adobe.xmp\0' // XMP part 3 §1.1.5
/** Behind the keyword: compression flag and method, then language and translated keyword, each ended by a zero (PNG §11.3.3.4). */
const xmpHeaderBytes = xmpKeyword.length + 4
/**
 * Phones and libpng write metadata before the image data, ImageMagick behind it. A search behind it stops here: an image
 * in pieces of 8 KB would cost thousands of reads.
 */
const maximumChunks = 200

/** Walks the chunks (PNG 3rd edition §5.3): size, `eXIf` (§11.3.3.4), XMP in `iTXt`, `acTL` (§11.3.7.1), `cICP` (§11.3.2.6). */
export async function readPng(source: ByteSource, draft: Draft): Promise<void> {
  const change = (part: Partial<Picture>): void => {
    if (draft.picture !== undefined) draft.picture = { ...draft.picture, ...part }
  }
  let offset = 8
  for (let chunks = 0; chunks < maximumChunks; chunks += 1) {
    const header = await source.read(offset, 16)
    if (header.length < 8) break
    const length = u32(header, 0)
    const type = latin1(header, 4, 8)
    const body = offset + 8
    if (type === 'IEND') break
    if (type === 'IHDR' && header.length === 16) draft.picture = { width: u32(header, 8), height: u32(header, 12), codec: 'png' }
    if (type === 'acTL') change({ marks: ['animated'] })
    if (type === 'cICP' && length >= 4) change({ hdr: hdrOfTransfer(u8(header, 9)) })
    if (type === 'eXIf' && draft.exif === undefined) {
      const words = await readExif(memorySource(await source.read(body, Math.min(length, exifBytes))))
      if (words !== null) draft.exif = words
    }
    if (type === 'iTXt' && startsWith(await source.read(body, xmpKeyword.length), xmpKeyword)) {
      draft.xmp ??= readXmp(await source.read(body + xmpHeaderBytes, Math.min(Math.max(0, length - xmpHeaderBytes), xmpBytes)))
    }
    if (type === 'IDAT' && (draft.exif !== undefined || draft.xmp !== undefined)) break
    offset = body + length + 4
  }
}
