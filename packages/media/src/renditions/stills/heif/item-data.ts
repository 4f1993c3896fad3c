import type { FileHandle } from 'node:fs/promises'
import type { Item, Items } from '../../../stills/heif/items.ts'

export type ItemData = {
  readonly bytes: Uint8Array
  /** False if the file says that there are more bytes than there are: it was cut, or it lies. */
  readonly whole: boolean
}

/** The largest coded picture of a phone (200 megapixels in one piece) has some 60 MB. */
const maximumItemBytes = 256 * 1024 * 1024

/** The bytes of an item, as many as there are. */
export async function readItemData(file: FileHandle, fileBytes: number, items: Items, item: Item): Promise<ItemData> {
  const inMeta = items.itemDataStart === null ? new Uint8Array(0) : items.meta.subarray(items.itemDataStart)
  const pieces: Uint8Array[] = []
  let whole = true
  let total = 0
  for (const { inItemData, offset, length } of item.extents) {
    const available = inItemData ? inMeta.length : fileBytes
    // Length 0 is "the rest".
    const wanted = length === 0 ? available - offset : length
    const taken = Math.min(wanted, available - offset, maximumItemBytes - total)
    if (taken < wanted) whole = false
    if (taken <= 0) continue
    pieces.push(inItemData ? inMeta.subarray(offset, offset + taken) : await readAt(file, offset, taken))
    total += taken
  }
  return { bytes: pieces.length === 1 ? (pieces[0] ?? new Uint8Array(0)) : Buffer.concat(pieces), whole: whole && total > 0 }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafeSlow(length), 0, length, offset)
  return buffer.subarray(0, bytesRead)
}
