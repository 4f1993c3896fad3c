import { box } from './box.ts'
import { makeExif } from './exif.ts'
import type { ExifContent } from './exif.ts'
import { hevcConfiguration, storedSlice } from './hevc/configuration.ts'
import { pictureSide, tileSide, tilesPerRow } from './hevc/picture.ts'
import { tileSlices } from './hevc/tiles.ts'
import { itemEntry, itemLocations, itemReferences, propertyAssociations } from './item-boxes.ts'
import { makeJpeg } from './jpeg.ts'
import { momentOf, randomBytesOf } from './random.ts'
import type { Seed } from './random.ts'

export type HeicSample = Omit<ExifContent, 'capturedAt'> & {
  readonly seed: Seed
  readonly capturedAt?: number
  /** As stored, before rotation: 4 tiles of 64 x 64 are cut to it, as a phone's 4032 x 3024 is. At most, and by default, 128 x 128. */
  readonly width?: number
  readonly height?: number
  /** One coded image of 64 x 64 (the upper left, red tile) in place of the grid. */
  readonly single?: boolean
  /** `irot`: anticlockwise turns of 90 degrees (ISO/IEC 23008-12 §6.5.10). */
  readonly turns?: 0 | 1 | 2 | 3
  /** `imir`, applied behind the rotation: 0 exchanges top and bottom, 1 left and right (§6.5.12). */
  readonly mirror?: 0 | 1
  /** A JPEG of 64 x 48 as an item of its own that is the thumbnail of the picture. */
  readonly thumbnail?: boolean
  /** A second coded image (the upper left tile) that belongs to the picture as this URN says: a gain map, a depth map, transparency. */
  readonly auxiliaryType?: string
  /** Bytes put between the boxes and the data, so that a file can be as large as wanted. */
  readonly padding?: number
  /** A packet of XMP as an item of type `mime`. */
  readonly xmp?: string
}

type Item = {
  readonly id: number
  readonly type: string
  readonly data: Buffer
  readonly hidden?: boolean
  readonly properties: readonly number[]
  readonly references: readonly (readonly [type: string, ...to: number[]])[]
}

const unsigned32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4))
  return bytes
}
const fullBox = (type: string, body: Buffer): Buffer => box(type, Buffer.concat([Buffer.alloc(4), body]))

/**
 * A HEIC that decodes (ISO/IEC 23008-12), built as an iPhone's: a grid of HEVC tiles with their own size and colours,
 * rotated by `irot` while Exif says orientation 1, an Exif item, media data last. The picture is `hevc/picture.ts`.
 */
export function makeHeic(sample: HeicSample): Uint8Array {
  const { width = pictureSide, height = pictureSide } = sample
  const spatialExtents = (w: number, h: number): Buffer => fullBox('ispe', unsigned32(w, h))
  const properties = [
    hevcConfiguration(),
    spatialExtents(tileSide, tileSide),
    spatialExtents(width, height),
    // ITU-T H.273: BT.709 primaries, sRGB curve, BT.601 matrix, full range, as the tiles are coded.
    box('colr', Buffer.concat([Buffer.from('nclx', 'latin1'), Buffer.from([0, 1, 0, 13, 0, 6, 0x80])])),
    fullBox('pixi', Buffer.from([3, 8, 8, 8])),
    box('irot', Buffer.from([sample.turns ?? 0])),
    box('imir', Buffer.from([sample.mirror ?? 0])),
    spatialExtents(64, 48),
    fullBox('auxC', Buffer.from(`${sample.auxiliaryType ?? ''}\0`, 'latin1')),
  ]
  /** Properties by number, from 1; those that change the picture are essential (§6.5.1). */
  const essential = 0x80
  const shown = [4, 5, essential | 6, ...(sample.mirror === undefined ? [] : [essential | 7])]

  const tiles: Item[] = tileSlices.slice(0, sample.single === true ? 1 : undefined).map((slice, index) => ({
    id: index + 1,
    type: 'hvc1',
    data: storedSlice(slice),
    hidden: sample.single !== true,
    properties: sample.single === true ? [essential | 1, 2, ...shown] : [essential | 1, 2, 4],
    references: [],
  }))
  const primary = sample.single === true ? 1 : 10
  const grid: Item = {
    id: 10,
    type: 'grid',
    // §6.6.2.3.2: version, flags (16-bit sizes), rows - 1, columns - 1, output width and height.
    data: Buffer.from([0, 0, tilesPerRow - 1, tilesPerRow - 1, width >> 8, width & 255, height >> 8, height & 255]),
    properties: [3, ...shown],
    references: [['dimg', ...tiles.map(({ id }) => id)]],
  }
  const exif: Item = {
    id: 20,
    type: 'Exif',
    data: Buffer.concat([unsigned32(6), Buffer.from('Exif\0\0', 'latin1'), makeExif({ capturedAt: momentOf(sample.seed), ...sample })]),
    properties: [],
    references: [['cdsc', primary]],
  }
  const xmp: Item[] = sample.xmp === undefined ? [] : [{ id: 21, type: 'mime', data: Buffer.from(sample.xmp), properties: [], references: [['cdsc', primary]] }]
  const thumbnail: Item[] = sample.thumbnail !== true ? [] : [{
    id: 30,
    type: 'jpeg',
    data: Buffer.from(makeJpeg({ seed: sample.seed })),
    properties: [8],
    references: [['thmb', primary]],
  }]
  const auxiliary: Item[] = sample.auxiliaryType === undefined ? [] : [{
    id: 40,
    type: 'hvc1',
    data: storedSlice(tileSlices[0] ?? ''),
    hidden: true,
    properties: [essential | 1, 2, 9],
    references: [['auxl', primary]],
  }]
  const items = [...tiles, ...(sample.single === true ? [] : [grid]), exif, ...xmp, ...thumbnail, ...auxiliary]
  return assemble(items, properties, primary, Buffer.from(randomBytesOf(sample.seed, sample.padding ?? 0, 'heic')))
}

function assemble(items: readonly Item[], properties: readonly Buffer[], primary: number, padding: Buffer): Buffer {
  const handler = Buffer.alloc(21)
  handler.write('pict', 4, 'latin1')
  const meta = (dataStart: number): Buffer => fullBox('meta', Buffer.concat([
    fullBox('hdlr', handler),
    fullBox('pitm', Buffer.from([primary >> 8, primary & 255])),
    itemLocations(items, dataStart),
    fullBox('iinf', Buffer.concat([Buffer.from([0, items.length]), ...items.map(itemEntry)])),
    itemReferences(items),
    box('iprp', Buffer.concat([box('ipco', Buffer.concat(properties)), propertyAssociations(items)])),
  ]))
  const type = box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1'))
  const dataStart = type.length + meta(0).length + 8 + padding.length
  return Buffer.concat([type, meta(dataStart), box('mdat', Buffer.concat([padding, ...items.map(({ data }) => data)]))])
}
