import { boxesOf, metaChildrenStart } from '../../bytes/boxes.ts'
import type { Box } from '../../bytes/boxes.ts'
import { u32 } from '../../bytes/numbers.ts'
import { Malformed, memorySource } from '../../bytes/source.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { readExif } from '../../details/exif.ts'
import { readXmp, xmpBytes } from '../../details/xmp.ts'
import type { Draft } from '../../reading.ts'
import { readMovie } from '../../videos/movie.ts'
import { movieAt, readMotionPhoto } from '../motion-photo.ts'
import { referredBy, readItems } from './items.ts'
import type { Item, Items } from './items.ts'
import { pictureOf } from './picture.ts'

const exifBytes = 256 * 1024
/** Depth maps and gain maps have packets of their own, which describe them and not the picture. */
const xmpType = 'application/rdf+xml'

/** HEIC, HEIF and AVIF: items by their tables (ISO/IEC 23008-12); the items `Exif` and XMP that describe the primary one. */
export async function readHeif(source: ByteSource, draft: Draft): Promise<void> {
  const boxes = new Map<string, Box>()
  for await (const box of boxesOf(source, 0, source.size)) if (!boxes.has(box.type)) boxes.set(box.type, box)
  const isSequence = boxes.has('moov')
  if (isSequence) await readMovie(source, draft)
  const metaBox = boxes.get('meta')
  if (metaBox !== undefined) await readStill(source, metaBox, draft)
  // A sequence's movie says how long it is, its still (which it may lack) how large and how turned.
  if (isSequence && draft.picture !== undefined) draft.picture = { ...draft.picture, marks: [...(draft.picture.marks ?? []), 'animated'] }
  // Google, "Motion Photo format 1.0": in HEIC and AVIF the video is a box `mpvd` behind the others.
  const video = boxes.get('mpvd')
  await readMotionPhoto(source, draft, video === undefined ? null : await movieAt(source, video.start, video.end))
}

async function readStill(source: ByteSource, metaBox: Box, draft: Draft): Promise<void> {
  const start = await metaChildrenStart(source, metaBox)
  const meta = await source.read(start, metaBox.end - start)
  const items = readItems(meta)
  const picture = pictureOf(items)
  const { durationMs = null, frameRate = null } = draft.picture ?? {}
  if (picture !== null) draft.picture = { ...picture, durationMs, frameRate }

  const exif = describing(items, ({ type }) => type === 'Exif')
  if (exif !== null) {
    const block = await readItem(source, items, exif, exifBytes)
    // ExifDataBlock: a 4-byte offset to the TIFF header, then Exif (ISO/IEC 23008-12 §A.2.1).
    const words = block.length < 8 ? null : await readExif(memorySource(block.subarray(4 + u32(block, 0))))
    if (words !== null) draft.exif = words
  }
  const xmp = describing(items, ({ type, contentType }) => type === 'mime' && contentType === xmpType)
  if (xmp !== null) draft.xmp = readXmp(await readItem(source, items, xmp, xmpBytes))
}

/** The item of a kind that describes the primary item (`cdsc`); one that describes nothing is taken if there is no other. */
function describing(items: Items, isWanted: (item: Item) => boolean): Item | null {
  const wanted = [...items.items.values()].filter(isWanted)
  const targets = (item: Item): readonly number[] => referredBy(items, 'cdsc', item.id)
  const primary = items.primary?.id
  return wanted.find((item) => primary !== undefined && targets(item).includes(primary)) ?? wanted.find((item) => targets(item).length === 0) ?? null
}

async function readItem(source: ByteSource, items: Items, item: Item, maximumBytes: number): Promise<Uint8Array> {
  const [extent] = item.extents // no camera splits some KB of metadata
  if (extent === undefined) return new Uint8Array(0)
  // Length 0 is "the rest of the file".
  const length = Math.min(extent.length === 0 ? maximumBytes : extent.length, maximumBytes)
  if (!extent.inItemData) return source.read(extent.offset, length)
  if (items.itemDataStart === null) throw new Malformed('item data without a box for it')
  return items.meta.subarray(items.itemDataStart + extent.offset, items.itemDataStart + extent.offset + length)
}
