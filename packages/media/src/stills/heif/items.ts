import { boxesIn } from '../../bytes/boxes.ts'
import { latin1, u16, u32, u64, u8 } from '../../bytes/numbers.ts'
import { Malformed } from '../../bytes/source.ts'

/** The items of a HEIF's `meta` box (ISO/IEC 14496-12 §8.11, ISO/IEC 23008-12 §9), read from its bytes in memory. */

/** Where an item's bytes are: in the file, or (construction method 1) in the box `idat`, which is inside the meta box. */
export type Extent = { readonly inItemData: boolean; readonly offset: number; readonly length: number }

export type Item = {
  readonly id: number
  readonly type: string
  /** Of type `mime`: `application/rdf+xml` is XMP. */
  readonly contentType: string | null
  readonly extents: readonly Extent[]
  /** In the order in which they apply. */
  readonly properties: readonly Property[]
}

/** A property box: its body is bytes `start` to `end` of the meta box. */
export type Property = { readonly type: string; readonly start: number; readonly end: number }

export type Items = {
  /** The bytes that properties and item data point into. */
  readonly meta: Uint8Array
  readonly primary: Item | null
  readonly items: ReadonlyMap<number, Item>
  /** Of one reference type, for example `dimg`: from an item to the items that it is made of or describes. */
  readonly references: readonly { readonly type: string; readonly from: number; readonly to: readonly number[] }[]
  /** Types of the groups of items, for example `ster`. */
  readonly groups: readonly string[]
  /** Where item data begin in the meta box; null without `idat`. */
  readonly itemDataStart: number | null
}

/** More than any real file: a 200 MP picture in tiles of 512 points has 800. */
const maximumItems = 20_000

/** `meta` is the body of a meta box, behind its version and flags. */
export function readItems(meta: Uint8Array): Items {
  const boxes = new Map<string, Property>()
  for (const box of boxesIn(meta)) if (!boxes.has(box.type)) boxes.set(box.type, box)
  const box = (type: string): Property | null => boxes.get(type) ?? null

  const entries = readInformation(meta, box('iinf'))
  const locations = readLocations(meta, box('iloc'))
  const properties = readProperties(meta, box('iprp'))
  const items = new Map<number, Item>()
  for (const [id, entry] of entries) {
    items.set(id, { id, ...entry, extents: locations.get(id) ?? [], properties: properties.get(id) ?? [] })
  }
  const primaryBox = box('pitm')
  const primaryId = primaryBox === null ? null : u8(meta, primaryBox.start) === 0 ? u16(meta, primaryBox.start + 4) : u32(meta, primaryBox.start + 4)
  const groupList = box('grpl')
  return {
    meta,
    primary: primaryId === null ? null : (items.get(primaryId) ?? null),
    items,
    references: readReferences(meta, box('iref')),
    groups: groupList === null ? [] : [...boxesIn(meta, groupList.start, groupList.end)].map(({ type }) => type),
    itemDataStart: box('idat')?.start ?? null,
  }
}

/** §8.11.6, item information entries of version 2 and 3. */
function readInformation(meta: Uint8Array, box: Property | null): Map<number, { readonly type: string; readonly contentType: string | null }> {
  const entries = new Map<number, { readonly type: string; readonly contentType: string | null }>()
  if (box === null) return entries
  for (const entry of boxesIn(meta, box.start + (u8(meta, box.start) === 0 ? 6 : 8), box.end)) {
    if (entries.size >= maximumItems) throw new Malformed('more items than any picture has')
    if (entry.type !== 'infe' || entry.end - entry.start < 12) continue
    const version = u8(meta, entry.start)
    if (version !== 2 && version !== 3) continue
    const typeAt = entry.start + (version === 2 ? 8 : 10)
    const id = version === 2 ? u16(meta, entry.start + 4) : u32(meta, entry.start + 4)
    const type = latin1(meta, typeAt, typeAt + 4)
    const [, contentType = null] = type === 'mime' ? latin1(meta, typeAt + 4, Math.min(entry.end, typeAt + 200)).split('\0') : []
    if (!entries.has(id)) entries.set(id, { type, contentType })
  }
  return entries
}

/** §8.11.3. Method 2 (parts of other items) and data in other files are not used by cameras: such items have no extents here. */
function readLocations(meta: Uint8Array, box: Property | null): Map<number, Extent[]> {
  const locations = new Map<number, Extent[]>()
  if (box === null) return locations
  const version = u8(meta, box.start)
  const sizes = u16(meta, box.start + 4)
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15]
  const indexSize = version === 0 ? 0 : sizes & 15
  const wide = version >= 2
  const count = wide ? u32(meta, box.start + 6) : u16(meta, box.start + 6)
  let at = box.start + (wide ? 10 : 8)
  let total = 0
  for (let index = 0; index < count && at < box.end; index += 1) {
    const id = wide ? u32(meta, at) : u16(meta, at)
    at += wide ? 4 : 2
    const method = version === 0 ? 0 : u16(meta, at) & 15
    at += version === 0 ? 0 : 2
    const dataReference = u16(meta, at)
    const base = sized(meta, at + 2, baseSize)
    at += 2 + baseSize
    const extentCount = u16(meta, at)
    at += 2
    total += 1 + extentCount
    if (total > maximumItems) throw new Malformed('more extents than any picture has')
    const extents: Extent[] = []
    for (let extent = 0; extent < extentCount; extent += 1) {
      const offset = base + sized(meta, at + indexSize, offsetSize)
      extents.push({ inItemData: method === 1, offset, length: sized(meta, at + indexSize + offsetSize, lengthSize) })
      at += indexSize + offsetSize + lengthSize
    }
    if (method <= 1 && dataReference === 0) locations.set(id, extents)
  }
  return locations
}

function sized(bytes: Uint8Array, at: number, size: number): number {
  if (size === 0) return 0
  if (size === 4) return u32(bytes, at)
  if (size === 8) return u64(bytes, at)
  throw new Malformed('a size that is not 0, 4 or 8')
}

/** §8.11.12. */
function readReferences(meta: Uint8Array, box: Property | null): Items['references'] {
  if (box === null) return []
  const wide = u8(meta, box.start) !== 0
  const idBytes = wide ? 4 : 2
  const id = (at: number): number => (wide ? u32(meta, at) : u16(meta, at))
  const references: { type: string; from: number; to: number[] }[] = []
  let total = 0
  for (const reference of boxesIn(meta, box.start + 4, box.end)) {
    const count = u16(meta, reference.start + idBytes)
    total += count + 1
    if (total > maximumItems) throw new Malformed('more references than any picture has')
    const first = reference.start + idBytes + 2
    references.push({
      type: reference.type,
      from: id(reference.start),
      to: Array.from({ length: count }, (_, index) => id(first + index * idBytes)),
    })
  }
  return references
}

/** ISO/IEC 23008-12 §9.3: properties in a row (`ipco`), and which of them each item has (`ipma`). */
function readProperties(meta: Uint8Array, box: Property | null): Map<number, Property[]> {
  const byItem = new Map<number, Property[]>()
  if (box === null) return byItem
  const children = [...boxesIn(meta, box.start, box.end)]
  const container = children.find(({ type }) => type === 'ipco')
  const all = container === undefined ? [] : [...boxesIn(meta, container.start, container.end)]
  let total = 0
  for (const association of children.filter(({ type }) => type === 'ipma')) {
    const wide = u8(meta, association.start) >= 1
    const long = u8(meta, association.start + 3) % 2 === 1
    const count = u32(meta, association.start + 4)
    let at = association.start + 8
    for (let index = 0; index < count && at < association.end; index += 1) {
      const id = wide ? u32(meta, at) : u16(meta, at)
      at += wide ? 4 : 2
      const properties: Property[] = []
      const associations = u8(meta, at)
      at += 1
      total += 1 + associations
      if (total > 4 * maximumItems) throw new Malformed('more properties than any picture has')
      for (let each = 0; each < associations; each += 1) {
        const number = long ? u16(meta, at) & 0x7fff : u8(meta, at) & 0x7f // the upper bit says essential
        at += long ? 2 : 1
        const property = all[number - 1]
        if (property !== undefined) properties.push(property)
      }
      if (!byItem.has(id)) byItem.set(id, properties)
    }
  }
  return byItem
}

/** The properties of a type, as bytes of their bodies. */
export function propertyBody({ meta }: Items, item: Item, type: string): Uint8Array | null {
  const property = item.properties.find((each) => each.type === type)
  return property === undefined ? null : meta.subarray(property.start, property.end)
}

/** The items that one refers to, in order. */
export function referredBy({ references }: Items, type: string, from: number): readonly number[] {
  return references.find((reference) => reference.type === type && reference.from === from)?.to ?? []
}
