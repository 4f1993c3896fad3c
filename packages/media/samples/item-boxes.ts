import { box } from './box.ts'

/** The tables of a HEIF's `meta` box (ISO/IEC 14496-12 §8.11), for items whose data follow each other in one place. */

type Located = { readonly id: number; readonly data: Buffer }
type Referring = { readonly id: number; readonly references: readonly (readonly [type: string, ...to: number[]])[] }

const unsigned16 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2)
  values.forEach((value, index) => bytes.writeUInt16BE(value, index * 2))
  return bytes
}

/** §8.11.6, `infe` of version 2; flag 1 is "hidden": a tile is no picture of its own. */
export function itemEntry(item: { readonly id: number; readonly type: string; readonly hidden?: boolean }): Buffer {
  const name = item.type === 'mime' ? '\0application/rdf+xml\0' : '\0'
  return box('infe', Buffer.concat([
    Buffer.from([2, 0, 0, item.hidden === true ? 1 : 0]),
    unsigned16(item.id, 0),
    Buffer.from(`${item.type}${name}`, 'latin1'),
  ]))
}

/** §8.11.3, `iloc` of version 1: 4 bytes each for offset and length, counted from the file's beginning. */
export function itemLocations(items: readonly Located[], dataStart: number): Buffer {
  let next = dataStart
  const entries = items.map(({ id, data }) => {
    const extent = Buffer.alloc(8)
    extent.writeUInt32BE(next, 0)
    extent.writeUInt32BE(data.length, 4)
    next += data.length
    return Buffer.concat([unsigned16(id, 0, 0, 1), extent])
  })
  return box('iloc', Buffer.concat([Buffer.from([1, 0, 0, 0, 0x44, 0]), unsigned16(items.length), ...entries]))
}

/** §8.11.12, `iref` of version 0. */
export function itemReferences(items: readonly Referring[]): Buffer {
  const references = items.flatMap(({ id, references: each }) =>
    each.map(([type, ...to]) => box(type, unsigned16(id, to.length, ...to))))
  return box('iref', Buffer.concat([Buffer.alloc(4), ...references]))
}

/** ISO/IEC 23008-12 §9.3.1, `ipma` of version 0: properties by number, the upper bit says essential. */
export function propertyAssociations(items: readonly { readonly id: number; readonly properties: readonly number[] }[]): Buffer {
  const having = items.filter(({ properties }) => properties.length > 0)
  const count = Buffer.alloc(4)
  count.writeUInt32BE(having.length)
  const entries = having.map(({ id, properties }) => Buffer.concat([unsigned16(id), Buffer.from([properties.length, ...properties])]))
  return box('ipma', Buffer.concat([Buffer.alloc(4), count, ...entries]))
}
