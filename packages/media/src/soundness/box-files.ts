import { boxAt, firstBox, metaChildrenStart } from '../bytes/boxes.ts'
import type { Box } from '../bytes/boxes.ts'
import { latin1 } from '../bytes/numbers.ts'
import type { ByteSource } from '../bytes/source.ts'
import { readItems, referredBy } from '../stills/heif/items.ts'
import type { Item, Items } from '../stills/heif/items.ts'
import { lastChunkOf } from './movie-chunks.ts'
import { cut, damaged, whole } from './verdict.ts'
import type { Soundness } from './verdict.ts'

/** A recording in fragments of a second has some thousands; each costs one read. */
const maximumBoxes = 20_000

/** ISO base media files (HEIF, AVIF, CR3, MOV, MP4): every box, item and chunk lies inside the file. */
export async function checkBoxes(source: ByteSource): Promise<Soundness> {
  const found = new Map<string, Box>()
  let offset = 0
  for (let count = 0; offset + 8 <= source.size && count < maximumBoxes; count += 1) {
    const box = boxAt(await source.read(offset, 16), 0, offset, source.size)
    if (box === null || !/^[\w\xa9 -]{4}$/.test(box.type)) break // zeros or a maker's trailer
    if (box.end > source.size) return cut(`it ends inside a box ${box.type}`)
    if (!found.has(box.type)) found.set(box.type, box)
    offset = box.end
  }
  const meta = found.get('meta')
  const movie = found.get('moov')
  if (meta === undefined && movie === undefined) return cut('it has neither the tables of a still nor those of a movie')
  const asMovie = movie === undefined ? whole : await checkMovie(source, movie)
  return meta === undefined || asMovie.code !== 'whole' ? asMovie : checkItems(source, meta, movie !== undefined)
}

/** JPEG XL in a container (ISO/IEC 18181-2 §9); a bare codestream says nowhere how long it is. */
export async function checkJpegXl(source: ByteSource): Promise<Soundness> {
  if (latin1(await source.read(4, 4)) !== 'JXL ') return { code: 'unknown' }
  let offset = 0
  let hasImage = false
  while (offset + 8 <= source.size) {
    const box = boxAt(await source.read(offset, 16), 0, offset, source.size)
    if (box === null) break
    if (box.end > source.size) return cut(`it ends inside a box ${box.type}`)
    hasImage ||= box.type === 'jxlc' || box.type === 'jxlp'
    offset = box.end
  }
  return hasImage ? whole : cut('it has no codestream')
}

async function checkMovie(source: ByteSource, movie: Box): Promise<Soundness> {
  const header = await firstBox(source, movie.start, movie.end, 'mvhd')
  if (header === null) return damaged('its movie has no header')
  return (await lastChunkOf(source, movie)) >= source.size ? cut('media data lie beyond its end') : whole
}

/** A movie may have a meta box at the top too, which then holds tags and no picture. */
async function checkItems(source: ByteSource, meta: Box, isMovie: boolean): Promise<Soundness> {
  const start = await metaChildrenStart(source, meta)
  const items = readItems(await source.read(start, meta.end - start))
  if (items.primary === null) return isMovie ? whole : damaged('it names no primary picture')
  for (const item of items.items.values()) {
    const fault = faultOfItem(source, items, item)
    if (fault !== null) return fault
  }
  return faultOfPicture(items, items.primary)
}

function faultOfItem(source: ByteSource, items: Items, item: Item): Soundness | null {
  for (const { inItemData, offset, length } of item.extents) {
    const limit = inItemData ? items.meta.length - (items.itemDataStart ?? items.meta.length) : source.size
    if (offset + length > limit || (length === 0 && offset >= limit)) return cut(`item ${item.id} (${item.type}) lies beyond its end`)
  }
  return null
}

/** Derived pictures are made of others (ISO/IEC 23008-12 §6.6.2); the rest have bytes of their own. */
const derived = new Set(['grid', 'iovl', 'iden', 'tmap'])

function faultOfPicture(items: Items, item: Item): Soundness {
  if (!derived.has(item.type)) return item.extents.length > 0 ? whole : damaged('its picture has no data')
  const parts = referredBy(items, 'dimg', item.id)
  if (parts.length === 0) return damaged('its picture is made of others, and it names none')
  if (parts.some((id) => (items.items.get(id)?.extents.length ?? 0) === 0)) return damaged('a part of its picture has no data')
  if (item.type === 'grid' && parts.length < tilesOf(items, item)) return damaged('its picture has fewer tiles than it says')
  return whole
}

/** §6.6.2.3.2: rows and columns, each less one, in bytes 2 and 3. Of data outside the meta box they are not looked up: 1. */
function tilesOf({ meta, itemDataStart }: Items, { extents }: Item): number {
  const [extent] = extents
  if (extent === undefined || !extent.inItemData || itemDataStart === null) return 1
  const at = itemDataStart + extent.offset
  return ((meta[at + 2] ?? 0) + 1) * ((meta[at + 3] ?? 0) + 1)
}
