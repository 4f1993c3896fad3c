import { boxesOf, firstBox, metaChildrenStart } from '../bytes/boxes.ts'
import type { Box } from '../bytes/boxes.ts'
import { latin1, u16, u32, u64, u8 } from '../bytes/numbers.ts'
import { Malformed, memorySource } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'
import { readExif } from '../details/exif.ts'
import type { CaptureDetails } from '../facts.ts'
import { noDetails } from '../facts.ts'

const exifBytes = 256 * 1024

/** HEIC, HEIF and AVIF: the item of type `Exif` (ISO/IEC 23008-12 annex A), found by item information and location. */
export async function readHeif(source: ByteSource): Promise<CaptureDetails> {
  const meta = await firstBox(source, 0, source.size, 'meta')
  if (meta === null) return noDetails
  const children = new Map<string, Box>()
  for await (const box of boxesOf(source, await metaChildrenStart(source, meta), meta.end)) {
    if (!children.has(box.type)) children.set(box.type, box)
  }
  const information = children.get('iinf')
  const location = children.get('iloc')
  if (information === undefined || location === undefined) return noDetails
  const item = await findExifItem(source, information)
  if (item === null) return noDetails
  const extent = findExtent(await bodyOf(source, location), item)
  if (extent === null) return noDetails
  const block = await readExtent(source, extent, children.get('idat'))
  // ExifDataBlock: a 4-byte offset to the TIFF header, then Exif (ISO/IEC 23008-12 §A.2.1).
  const start = 4 + u32(block, 0)
  return readExif(memorySource(block.subarray(start)))
}

const bodyOf = (source: ByteSource, box: Box): Promise<Uint8Array> => source.read(box.start, box.end - box.start)

/** ISO/IEC 14496-12 §8.11.6, item information entries of version 2 and 3. */
async function findExifItem(source: ByteSource, information: Box): Promise<number | null> {
  const body = await bodyOf(source, information)
  const entriesStart = u8(body, 0) === 0 ? 6 : 8
  for await (const entry of boxesOf(memorySource(body), entriesStart, body.length)) {
    if (entry.type !== 'infe' || entry.end - entry.start < 12) continue
    const version = u8(body, entry.start)
    if (version !== 2 && version !== 3) continue
    const identifierBytes = version === 2 ? 2 : 4
    const type = latin1(body, entry.start + 4 + identifierBytes + 2, entry.start + 4 + identifierBytes + 6)
    if (type === 'Exif') return identifierBytes === 2 ? u16(body, entry.start + 4) : u32(body, entry.start + 4)
  }
  return null
}

type Extent = { readonly inItemData: boolean; readonly offset: number; readonly length: number }

/** ISO/IEC 14496-12 §8.11.3. The first extent: no camera splits 2 KB of Exif. */
function findExtent(body: Uint8Array, item: number): Extent | null {
  const version = u8(body, 0)
  const sizes = u16(body, 4)
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15]
  const indexSize = version === 0 ? 0 : sizes & 15
  const wide = version >= 2
  const count = wide ? u32(body, 6) : u16(body, 6)
  let at = wide ? 10 : 8
  for (let index = 0; index < count; index += 1) {
    const identifier = wide ? u32(body, at) : u16(body, at)
    at += wide ? 4 : 2
    const method = version === 0 ? 0 : u16(body, at) & 15
    at += version === 0 ? 0 : 2
    const dataReference = u16(body, at)
    const base = sized(body, at + 2, baseSize)
    at += 2 + baseSize
    const extents = u16(body, at)
    at += 2
    if (identifier === item) {
      // Method 2 and other files' data are not used by cameras.
      if (extents === 0 || method > 1 || dataReference !== 0) return null
      const offset = base + sized(body, at + indexSize, offsetSize)
      return { inItemData: method === 1, offset, length: sized(body, at + indexSize + offsetSize, lengthSize) }
    }
    at += extents * (indexSize + offsetSize + lengthSize)
  }
  return null
}

function sized(body: Uint8Array, at: number, size: number): number {
  if (size === 0) return 0
  if (size === 4) return u32(body, at)
  if (size === 8) return u64(body, at)
  throw new Malformed('a size that is not 0, 4 or 8')
}

function readExtent(source: ByteSource, extent: Extent, itemData: Box | undefined): Promise<Uint8Array> {
  // Length 0 is "the rest of the file".
  const length = Math.min(extent.length === 0 ? exifBytes : extent.length, exifBytes)
  if (!extent.inItemData) return source.read(extent.offset, length)
  if (itemData === undefined) throw new Malformed('item data without a box for it')
  return source.read(itemData.start + extent.offset, length)
}
