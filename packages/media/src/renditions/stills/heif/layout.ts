import { u16, u32, u8 } from '../../../bytes/numbers.ts'
import { Malformed } from '../../../bytes/source.ts'
import { referredBy } from '../../../stills/heif/items.ts'
import type { Item, Items } from '../../../stills/heif/items.ts'
import { mirroredLeftRight, mirroredTopBottom, turned, upright } from '../orientation.ts'
import type { Orientation } from '../orientation.ts'
import { pixelProperties } from './properties.ts'
import type { Nclx, PixelProperty } from './properties.ts'

/** A picture coded in HEVC that lies at a place of the canvas, in pixels; what hangs over the edges of the canvas is cut off. */
export type Tile = {
  readonly item: Item
  readonly x: number
  readonly y: number
  /** What the file says; the coded picture decides. */
  readonly width: number
  readonly height: number
  /** HEVCDecoderConfigurationRecord. */
  readonly record: Uint8Array
}

export type Tiles = { readonly width: number; readonly height: number; readonly tiles: readonly Tile[] }

export type Region = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** How a still is put together: a canvas of coded pictures, of which a region is shown, turned. */
export type StillLayout = Tiles & {
  readonly shown: Region
  readonly orientation: Orientation
  readonly icc: Uint8Array | null
  readonly nclx: Nclx | null
  readonly alpha: Tiles | null
}

/** Something that is right and that is not read here: overlays, and codecs other than HEVC. */
export class NotRead extends Error {
  override readonly name = 'NotRead'
}

/** An identity item of an identity item may point back to the first; no honest file has even two. */
const maximumDepth = 4

/** Reads how an item is put together; `dataOf` gives an item's bytes. Throws Malformed or NotRead. */
export async function layoutOf(items: Items, item: Item, dataOf: (item: Item) => Promise<Uint8Array>, depth = 0): Promise<StillLayout> {
  const properties = pixelProperties(items, item)
  if (item.type === 'iden' && depth < maximumDepth) {
    const [source] = derivedFrom(items, item)
    if (source === undefined) throw new Malformed('an item made of nothing')
    return transformed(await layoutOf(items, source, dataOf, depth + 1), properties)
  }
  const tiles = await tilesOf(items, item, dataOf)
  // Phones of the first years gave the profile to the tiles alone.
  const colour = [...properties, ...(tiles.tiles[0] === undefined ? [] : pixelProperties(items, tiles.tiles[0].item))]
  const alpha = alphaOf(items, item)
  const still: StillLayout = {
    ...tiles,
    shown: { x: 0, y: 0, width: tiles.width, height: tiles.height },
    orientation: upright,
    icc: colour.find((property) => property.type === 'icc')?.profile ?? null,
    nclx: colour.find((property) => property.type === 'nclx')?.nclx ?? null,
    alpha: alpha === null ? null : await tilesOf(items, alpha, dataOf),
  }
  return transformed(still, properties)
}

/** ISO/IEC 23008-12 §6.5.8; the second is the name in ISO/IEC 23091-2. */
const alphaKinds = new Set(['urn:mpeg:hevc:2015:auxid:1', 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha'])

function alphaOf(items: Items, item: Item): Item | null {
  for (const { type, from, to } of items.references) {
    const auxiliary = type === 'auxl' && to.includes(item.id) ? items.items.get(from) : undefined
    if (auxiliary !== undefined && pixelProperties(items, auxiliary).some((property) => property.type === 'auxiliary' && alphaKinds.has(property.kind))) return auxiliary
  }
  return null
}

const derivedFrom = (items: Items, item: Item): readonly Item[] => referredBy(items, 'dimg', item.id).flatMap((id) => items.items.get(id) ?? [])

async function tilesOf(items: Items, item: Item, dataOf: (item: Item) => Promise<Uint8Array>): Promise<Tiles> {
  if (item.type === 'grid') return gridOf(await dataOf(item), derivedFrom(items, item).map((tile) => codedItem(items, tile)))
  const tile = codedItem(items, item)
  return { width: tile.width, height: tile.height, tiles: [{ ...tile, x: 0, y: 0 }] }
}

type CodedItem = Omit<Tile, 'x' | 'y'>

function codedItem(items: Items, item: Item): CodedItem {
  if (item.type !== 'hvc1' && item.type !== 'hev1') throw new NotRead(`a picture of type ${item.type}`)
  const properties = pixelProperties(items, item)
  const size = properties.find((property) => property.type === 'size')
  const configuration = properties.find((property) => property.type === 'hevc')
  if (size === undefined || configuration === undefined || size.width === 0 || size.height === 0) throw new Malformed('a picture without size or decoder configuration')
  return { item, width: size.width, height: size.height, record: configuration.record }
}

/** ISO/IEC 23008-12 §6.6.2.3: rows from the top, each from the left, all tiles of one size. */
function gridOf(data: Uint8Array, coded: readonly CodedItem[]): Tiles {
  const wide = (u8(data, 1) & 1) === 1
  const rows = u8(data, 2) + 1
  const columns = u8(data, 3) + 1
  const [width, height] = wide ? [u32(data, 4), u32(data, 8)] : [u16(data, 4), u16(data, 6)]
  const [first] = coded
  if (first === undefined || coded.length !== rows * columns || width === 0 || height === 0) throw new Malformed('a grid without its tiles')
  if (columns * first.width < width || rows * first.height < height) throw new Malformed('a grid whose tiles do not cover it')
  const tiles = coded.map((tile, index) => ({ ...tile, x: (index % columns) * first.width, y: Math.floor(index / columns) * first.height }))
  return { width, height, tiles }
}

/** As properties turn and mirror a picture, one after the other. */
export function orientationOf(properties: readonly PixelProperty[], start: Orientation = upright): Orientation {
  let orientation = start
  for (const property of properties) {
    if (property.type === 'turn') orientation = turned(orientation, property.clockwiseQuarters)
    else if (property.type === 'mirror') orientation = property.direction === 'left_right' ? mirroredLeftRight(orientation) : mirroredTopBottom(orientation)
  }
  return orientation
}

/** In the order of the file; MIAF (ISO/IEC 23000-22 §7.3.6.7) demands the crop first, and only there is it read. */
function transformed(layout: StillLayout, properties: readonly PixelProperty[]): StillLayout {
  let { shown } = layout
  for (const property of properties) if (property.type === 'crop') shown = cropped(shown, property)
  return { ...layout, orientation: orientationOf(properties, layout.orientation), shown }
}

function cropped(region: Region, aperture: { readonly width: number; readonly height: number; readonly offsetX: number; readonly offsetY: number }): Region {
  const width = Math.round(aperture.width)
  const height = Math.round(aperture.height)
  const x = region.x + Math.round((region.width - aperture.width) / 2 + aperture.offsetX)
  const y = region.y + Math.round((region.height - aperture.height) / 2 + aperture.offsetY)
  const inside = width > 0 && height > 0 && x >= region.x && y >= region.y && x + width <= region.x + region.width && y + height <= region.y + region.height
  // Also where a fraction has no denominator: every comparison with NaN is false.
  return inside ? { x, y, width, height } : region
}
