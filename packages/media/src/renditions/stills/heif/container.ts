import { open } from 'node:fs/promises'
import { boxAt } from '../../../bytes/boxes.ts'
import { Malformed } from '../../../bytes/source.ts'
import { readItems } from '../../../stills/heif/items.ts'
import type { Item, Items } from '../../../stills/heif/items.ts'
import { readItemData } from './item-data.ts'
import type { ItemData } from './item-data.ts'

/** A HEIF file that is open, with its items. */
export type HeifFile = {
  readonly items: Items
  /** Bytes of the whole file. */
  readonly size: number
  readonly dataOf: (item: Item) => Promise<ItemData>
  /** The whole file. */
  readonly content: () => Promise<Uint8Array>
  readonly close: () => Promise<void>
}

/** 2 MiB of `meta` box describe 100,000 tiles. */
const maximumMetaBytes = 2 * 1024 * 1024
/** Top-level boxes before it: a file has three or four. */
const maximumBoxes = 64

/** Throws Malformed if there is no `meta` box or it cannot be read. */
export async function openHeif(path: string): Promise<HeifFile> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const read = async (offset: number, length: number): Promise<Uint8Array> => {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafeSlow(length), 0, length, offset)
      return buffer.subarray(0, bytesRead)
    }
    const items = readItems(await readMeta(read, size))
    return {
      items,
      size,
      dataOf: (item) => readItemData(file, size, items, item),
      content: () => read(0, size),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

/** The body of the `meta` box, behind its version and flags (ISO/IEC 14496-12 §8.11.1). */
async function readMeta(read: (offset: number, length: number) => Promise<Uint8Array>, size: number): Promise<Uint8Array> {
  let offset = 0
  for (let count = 0; count < maximumBoxes && offset < size; count += 1) {
    const box = boxAt(await read(offset, 16), 0, offset, size)
    if (box === null) break
    if (box.type === 'meta') {
      const bytes = box.end - box.start - 4
      if (box.end > size || bytes < 0 || bytes > maximumMetaBytes) throw new Malformed('a meta box that is cut, or too large')
      return read(box.start + 4, bytes)
    }
    offset = box.end
  }
  throw new Malformed('no meta box')
}
