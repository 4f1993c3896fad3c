import type { HdrKind, MediaMark } from '@everroll/protocol'
import { latin1, u32, u8 } from '../../bytes/numbers.ts'
import { cleanAperture } from '../../details/clean-aperture.ts'
import type { Size } from '../../details/clean-aperture.ts'
import { hdrOfColour } from '../../details/colour.ts'
import type { Picture } from '../../reading.ts'
import { propertyBody, referredBy } from './items.ts'
import type { Item, Items } from './items.ts'

/** Item types by how their pixels are coded (ISO/IEC 23008-12 annexes B to L, AV1 Image File Format §2.2). */
const codecs: Readonly<Record<string, string>> = {
  hvc1: 'hevc', av01: 'av1', avc1: 'h264', jpeg: 'jpeg', vvc1: 'vvc', evc1: 'evc', j2k1: 'jpeg2000', unci: 'uncompressed',
}
/** A grid of overlays of grids: deeper than one of each no camera goes. */
const maximumDepth = 4

/** The primary item as it is displayed: after `clap`, `irot` and `imir`, in the order in which it has them. */
export function pictureOf(items: Items): Picture | null {
  const { primary } = items
  if (primary === null) return null
  const size = displayedSize(items, primary)
  return {
    width: size?.width ?? null,
    height: size?.height ?? null,
    displayed: true,
    codec: codecOf(items, primary, 0),
    hdr: hdrOf(items, primary),
    marks: marksOf(items),
  }
}

function displayedSize(items: Items, item: Item): Size | null {
  const extents = propertyBody(items, item, 'ispe') // §6.5.3; of a grid or an overlay, its output
  if (extents === null || extents.length < 12) return null
  let size: Size = { width: u32(extents, 4), height: u32(extents, 8) }
  for (const { type, start, end } of item.properties) {
    const body = items.meta.subarray(start, end)
    if (type === 'clap') size = cleanAperture(body, size)
    // §6.5.10: anticlockwise turns of 90 degrees in the two lowest bits.
    if (type === 'irot' && body.length > 0 && u8(body, 0) % 2 === 1) size = { width: size.height, height: size.width }
  }
  return size
}

function codecOf(items: Items, item: Item, depth: number): string | null {
  const codec = codecs[item.type]
  if (codec !== undefined || depth >= maximumDepth) return codec ?? null
  const part = items.items.get(referredBy(items, 'dimg', item.id)[0] ?? -1)
  return part === undefined ? null : codecOf(items, part, depth + 1)
}

/** Apple's and Samsung's auxiliary image; ISO 21496-1 derives a `tmap` item from base image and gain map. */
const gainMapType = /^urn:com:(?:apple:photo:\d{4}|samsung:photo:\d{4}):aux:hdrgainmap/

function hdrOf(items: Items, primary: Item): HdrKind | null {
  const transfer = transferOf(items, primary)
  if (transfer !== null) return transfer
  const all = [...items.items.values()]
  const hasGainMap = all.some((item) => item.type === 'tmap' || gainMapType.test(auxiliaryType(items, item)))
  return hasGainMap ? 'gain_map' : null
}

function transferOf(items: Items, item: Item): HdrKind | null {
  for (const { type, start, end } of item.properties) {
    const hdr = type === 'colr' ? hdrOfColour(items.meta.subarray(start, end)) : null
    if (hdr !== null) return hdr
  }
  return null
}

/** §6.5.8; AVIF and HEIF both name what an auxiliary image is by a URN. */
function auxiliaryType(items: Items, item: Item): string {
  const body = propertyBody(items, item, 'auxC')
  return body === null ? '' : (latin1(body, 4).split('\0')[0] ?? '')
}

/** A depth map (MPEG's and Apple's name) or Apple's cut-out of a person: what a portrait is made from. */
const portraitType = /^urn:(?:mpeg:(?:hevc:2015|mpegB:cicp:systems):auxid:2|mpeg:mpegB:cicp:systems:auxiliary:depth|com:apple:photo:2018:aux:portraiteffectsmatte)$/

function marksOf(items: Items): MediaMark[] {
  const marks: MediaMark[] = []
  if ([...items.items.values()].some((item) => portraitType.test(auxiliaryType(items, item)))) marks.push('portrait')
  if (items.groups.includes('ster')) marks.push('spatial') // §6.8.5: a stereo pair
  return marks
}
