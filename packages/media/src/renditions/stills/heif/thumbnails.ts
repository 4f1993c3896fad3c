import type { Item, Items } from '../../../stills/heif/items.ts'
import type { Orientation } from '../orientation.ts'
import { pixelProperties } from './properties.ts'
import { orientationOf } from './layout.ts'

export type HeifThumbnail = {
  readonly item: Item
  /** Pixels as coded. */
  readonly width: number
  readonly height: number
  /** How it lies, where only the picture that it belongs to says so; null where it says so itself. */
  readonly inherited: Orientation | null
}

/** The pictures of reference type `thmb` (ISO/IEC 23008-12 §6.4.3) that belong to an item, the smallest first. */
export function thumbnailsOf(items: Items, master: Item): HeifThumbnail[] {
  return items.references
    .filter(({ type, to }) => type === 'thmb' && to.includes(master.id))
    .flatMap(({ from }) => items.items.get(from) ?? [])
    .flatMap((item) => {
      const properties = pixelProperties(items, item)
      const size = properties.find((property) => property.type === 'size')
      if (size === undefined) return []
      const says = properties.some(({ type }) => type === 'turn' || type === 'mirror')
      return [{ item, width: size.width, height: size.height, inherited: says ? null : orientationOf(pixelProperties(items, master)) }]
    })
    .toSorted((a, b) => a.width * a.height - b.width * b.height)
}
