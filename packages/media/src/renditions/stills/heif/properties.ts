import { i32, latin1, u16, u32, u8 } from '../../../bytes/numbers.ts'
import { Malformed } from '../../../bytes/source.ts'
import type { Item, Items } from '../../../stills/heif/items.ts'

/** Code points of ITU-T H.273. */
export type Nclx = { readonly primaries: number; readonly transfer: number; readonly matrix: number; readonly fullRange: boolean }

/** A property of an item (ISO/IEC 23008-12 §6.5), as far as pixels depend on it. */
export type PixelProperty =
  | { readonly type: 'size'; readonly width: number; readonly height: number }
  | { readonly type: 'turn'; readonly clockwiseQuarters: number }
  | { readonly type: 'mirror'; readonly direction: 'left_right' | 'top_bottom' }
  /** The clean aperture: its size, and the offset of its centre from the centre of the picture, in pixels. */
  | { readonly type: 'crop'; readonly width: number; readonly height: number; readonly offsetX: number; readonly offsetY: number }
  | { readonly type: 'icc'; readonly profile: Uint8Array }
  | { readonly type: 'nclx'; readonly nclx: Nclx }
  /** HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 §8.3.2.1). */
  | { readonly type: 'hevc'; readonly record: Uint8Array }
  | { readonly type: 'auxiliary'; readonly kind: string }

/** In the order of the file. One that is cut short is left out, as one that is not known. */
export function pixelProperties({ meta }: Items, item: Item): readonly PixelProperty[] {
  return item.properties.flatMap(({ type, start, end }) => {
    try {
      return readProperty(type, meta.subarray(start, end))
    } catch (error) {
      if (error instanceof Malformed) return []
      throw error
    }
  })
}

function readProperty(type: string, body: Uint8Array): readonly PixelProperty[] {
  switch (type) {
    case 'ispe':
      return [{ type: 'size', width: u32(body, 4), height: u32(body, 8) }]
    case 'irot': // counted anti-clockwise
      return [{ type: 'turn', clockwiseQuarters: (4 - (u8(body, 0) & 3)) % 4 }]
    case 'imir':
      // ISO/IEC 23008-12:2022 §6.5.12; the first edition had the two the wrong way round, and no software followed it.
      return [{ type: 'mirror', direction: (u8(body, 0) & 1) === 1 ? 'left_right' : 'top_bottom' }]
    case 'clap': // ISO/IEC 14496-12 §12.1.4: four fractions
      return [{ type: 'crop', width: fraction(body, 0), height: fraction(body, 8), offsetX: fraction(body, 16), offsetY: fraction(body, 24) }]
    case 'colr':
      return readColour(body)
    case 'hvcC':
      return [{ type: 'hevc', record: body }]
    case 'auxC':
      return [{ type: 'auxiliary', kind: latin1(body, 4).split('\0')[0] ?? '' }]
    default:
      return []
  }
}

/** ISO/IEC 14496-12 §12.1.5. */
function readColour(body: Uint8Array): readonly PixelProperty[] {
  const kind = latin1(body, 0, 4)
  if (kind === 'prof' || kind === 'rICC') return [{ type: 'icc', profile: body.subarray(4) }]
  if (kind !== 'nclx') return []
  return [{ type: 'nclx', nclx: { primaries: u16(body, 4), transfer: u16(body, 6), matrix: u16(body, 8), fullRange: u8(body, 10) >> 7 === 1 } }]
}

const fraction = (body: Uint8Array, at: number): number => i32(body, at) / u32(body, at + 4)
