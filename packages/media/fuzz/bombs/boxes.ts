import { box } from '../../samples/box.ts'
import { makeHeic } from '../../samples/index.ts'
import type { Dice } from '../dice.ts'
import { replaced } from '../mutations/mutation.ts'
import type { Bomb } from './bomb.ts'

const typeBox = (brand: string): Buffer => box('ftyp', Buffer.from(`${brand}\0\0\0\0mif1${brand}`, 'latin1'))

/** 10,000 boxes, each in the one before it. */
function nested(brand: string, types: readonly string[], depth: number): Buffer {
  const headers = Buffer.alloc(depth * 12)
  let length = 0
  for (let level = 0; level < depth; level += 1) {
    const type = types[level % types.length] ?? 'moov'
    headers.writeUInt32BE(0x7fff_ffff - length, length)
    headers.write(type, length + 4, 'latin1')
    length += type === 'meta' ? 12 : 8
  }
  return Buffer.concat([typeBox(brand), headers.subarray(0, length)])
}

/** The body of the only box of a type, changed in place. */
function changedIn(heic: Uint8Array, type: string, change: (bytes: Buffer, body: number) => void): Buffer {
  const bytes = Buffer.from(heic)
  change(bytes, bytes.indexOf(type, 0, 'latin1') + 4)
  return bytes
}

/** A grid (ISO/IEC 23008-12 §6.6.2.3) that claims more tiles and pixels than there are, with or without a size that agrees. */
function grid(width: number, height: number, rows: number, columns: number, agreeing: boolean): Buffer {
  const heic = Buffer.from(makeHeic({ seed: 1 }))
  const at = heic.indexOf(Buffer.from([0, 0, 1, 1, 0, 128, 0, 128]))
  const data = Buffer.alloc(8)
  data.set([0, 0, rows - 1, columns - 1])
  data.writeUInt16BE(Math.min(width, 65_535), 4)
  data.writeUInt16BE(Math.min(height, 65_535), 6)
  const changed = replaced(heic, at, at + 8, data)
  if (agreeing) {
    const size = changed.indexOf(Buffer.from([0, 0, 0, 128, 0, 0, 0, 128]))
    changed.writeUInt32BE(width, size)
    changed.writeUInt32BE(height, size + 4)
  }
  return changed
}

/** `iloc` of version 1 (ISO/IEC 14496-12 §8.11.3): every item is the whole file, so many times over. */
function manyExtents(extents: number): Buffer {
  const heic = Buffer.from(makeHeic({ seed: 1, single: true }))
  const at = heic.indexOf('iloc', 0, 'latin1') - 4
  const items = [1, 20].map((id) => {
    const entry = Buffer.alloc(8 + extents * 8)
    entry.writeUInt16BE(id, 0)
    entry.writeUInt16BE(extents, 6)
    for (let index = 0; index < extents; index += 1) entry.writeUInt32BE(heic.length + extents * 16, 8 + index * 8 + 4)
    return entry
  })
  const locations = box('iloc', Buffer.concat([Buffer.from([1, 0, 0, 0, 0x44, 0, 0, items.length]), ...items]))
  const changed = replaced(heic, at, at + heic.readUInt32BE(at), locations)
  const meta = heic.indexOf('meta', 0, 'latin1') - 4
  changed.writeUInt32BE(heic.readUInt32BE(meta) + locations.length - heic.readUInt32BE(at), meta)
  return changed
}

const sides = (dice: Dice): number => dice.pick([65_535, 20_000, 19_000, 100_000, 1])

export const boxBombs: readonly Bomb[] = [
  { name: 'boxes 10,000 deep', extension: '.mov', weight: 4, make: (dice) => nested(dice.pick(['qt  ', 'isom', 'heic', 'avif', 'crx ']), dice.pick([['moov'], ['meta'], ['moov', 'trak', 'mdia', 'minf', 'stbl'], ['meta', 'iprp', 'ipco'], ['moov', 'udta', 'meta', 'ilst']]), 10_000) },
  { name: 'HEIC grid of more tiles and pixels than there are', extension: '.heic', weight: 6, make: (dice) => grid(sides(dice), sides(dice), dice.pick([1, 2, 256]), dice.pick([1, 2, 256]), dice.chance(0.7)) },
  { name: 'HEIC whose items are the file many times over', extension: '.heic', weight: 3, make: (dice) => manyExtents(dice.pick([100, 10_000, 65_535])) },
  { name: 'HEIC of items that are made of themselves', extension: '.heic', weight: 4, make: (dice) =>
    changedIn(makeHeic({ seed: 1 }), 'dimg', (bytes, body) => {
      for (let tile = 0; tile < 4; tile += 1) if (dice.chance(0.7)) bytes.writeUInt16BE(10, body + 4 + tile * 2)
    }) },
  { name: 'HEIC of absurd size', extension: '.heic', weight: 3, make: (dice) =>
    changedIn(makeHeic({ seed: 1, single: dice.chance(0.5), thumbnail: true }), 'ispe', (bytes, body) => {
      bytes.writeUInt32BE(dice.pick([0, 1, 65_535, 0x7fff_ffff, 0xffff_ffff]), body + 4)
      bytes.writeUInt32BE(dice.pick([0, 1, 65_535, 0x7fff_ffff, 0xffff_ffff]), body + 8)
    }) },
]
