import type { Item } from '../../../stills/heif/items.ts'
import type { Tile, Tiles } from './layout.ts'
import { doubled, emptyPlane, reduceInto } from './planes.ts'
import type { CodedPicture, Plane } from './planes.ts'
import type { ItemData } from './item-data.ts'

/** Decodes HEVC pictures one after the other. */
export type TileDecoder = {
  readonly name: 'node-av' | 'libheif'
  /** Valid until the next call. Null if the bitstream is broken. */
  decode(tile: Tile, data: Uint8Array): CodedPicture | null
  close(): void
}

/** What tiles are put together on. */
export type TileCanvas<Finished> = {
  /** False if the tile is not coded as the others are. */
  place(tile: Tile, coded: CodedPicture): boolean
  finished(): Finished
}

export type Composed<Finished> = {
  readonly picture: Finished
  /** Tiles that are cut off, broken or absent; grey in the picture. */
  readonly missing: number
}

/**
 * Decodes all tiles, each reduced at once, so that neither memory nor time goes into the full size. `canvasFor` is asked
 * with the first of them. Null if not one could be decoded.
 */
export async function compose<Finished>(
  tiles: Tiles,
  decoder: TileDecoder,
  dataOf: (item: Item) => Promise<ItemData>,
  canvasFor: (first: CodedPicture) => TileCanvas<Finished>,
): Promise<Composed<Finished> | null> {
  let canvas: TileCanvas<Finished> | null = null
  let missing = 0
  for (const tile of tiles.tiles) {
    if (tile.x >= tiles.width || tile.y >= tiles.height) continue
    const data = await dataOf(tile.item)
    const coded = data.whole ? decoder.decode(tile, data.bytes) : null
    if (coded !== null) canvas ??= canvasFor(coded)
    if (coded === null || canvas === null || !canvas.place(tile, coded)) missing += 1
  }
  return canvas === null ? null : { picture: canvas.finished(), missing }
}

/** The picture as it is coded, reduced, all planes of one size. */
export function codedCanvas(tiles: Tiles, factor: number, first: CodedPicture): TileCanvas<CodedPicture> {
  const width = Math.max(1, Math.floor(tiles.width / factor))
  const height = Math.max(1, Math.floor(tiles.height / factor))
  const deep = first.bits > 8
  const grey = 2 ** (first.bits - 1)
  const luma = emptyPlane(width, height, deep, grey)
  const { x: halfX, y: halfY } = halving(first)
  // At full size, halved chroma stays halved until all of it is there; otherwise it is reduced less than luma.
  const scaleX = chromaScale(halfX, factor)
  const scaleY = chromaScale(halfY, factor)
  const chromaPlane = (): Plane => emptyPlane(Math.ceil(width / scaleX.left), Math.ceil(height / scaleY.left), deep, grey)
  const chroma = first.chroma === null ? null : ([chromaPlane(), chromaPlane()] as const)

  return {
    place(tile, coded) {
      const half = halving(coded)
      if (coded.bits !== first.bits || half.x !== halfX || half.y !== halfY || (coded.chroma === null) !== (chroma === null)) return false
      const x = tile.x / factor
      const y = tile.y / factor
      reduceInto(luma, coded.luma, x, y, factor, factor)
      chroma?.forEach((plane, index) => {
        const from = coded.chroma?.[index]
        if (from !== undefined) reduceInto(plane, from, Math.floor(x / scaleX.left), Math.floor(y / scaleY.left), scaleX.reduced, scaleY.reduced)
      })
      return true
    },
    finished() {
      if (chroma === null) return { ...first, luma }
      const [cb, cr] = chroma.map((plane) => doubled(plane, scaleX.left === 2, scaleY.left === 2, width, height))
      return { ...first, luma, chroma: cb === undefined || cr === undefined ? null : [cb, cr] }
    },
  }
}

/** `reduced`: by how much a tile's chroma is reduced. `left`: by how much it is smaller than luma after that. */
const chromaScale = (halved: boolean, factor: number): { readonly reduced: number; readonly left: 1 | 2 } =>
  halved ? (factor === 1 ? { reduced: 1, left: 2 } : { reduced: factor / 2, left: 1 }) : { reduced: factor, left: 1 }

/** Whether chroma has half of luma's samples: 4:2:0 both ways, 4:2:2 across, 4:4:4 neither. */
export function halving({ luma, chroma }: CodedPicture): { readonly x: boolean; readonly y: boolean } {
  return { x: chroma !== null && chroma[0].width < luma.width, y: chroma !== null && chroma[0].height < luma.height }
}
