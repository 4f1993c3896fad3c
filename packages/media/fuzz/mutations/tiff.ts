import { absurdNumber, putAbsurd } from '../absurd.ts'
import type { Dice } from '../dice.ts'
import type { Mutation } from './mutation.ts'

/** A directory of a TIFF structure (TIFF 6.0 §2), which is a whole file or the Exif inside another. Places count from the file's beginning. */
type Directory = { readonly header: number; readonly at: number; readonly entries: readonly number[]; readonly next: number; readonly little: boolean }

/** Exif, GPS, interoperability, SubIFDs. */
const pointers = new Set([0x8769, 0x8825, 0xa005, 0x014a])

function directoriesOf(bytes: Buffer): Directory[] {
  const found: Directory[] = []
  const latin1 = bytes.toString('latin1', 0, 512 * 1024)
  for (const { index, 0: mark } of [...latin1.matchAll(/II\*\0|MM\0\*/g)].slice(0, 8)) walk(bytes, index, mark.startsWith('II'), found)
  return found
}

function walk(bytes: Buffer, header: number, little: boolean, found: Directory[]): void {
  const u16 = (at: number): number => (at + 2 > bytes.length ? 0 : little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at))
  const u32 = (at: number): number => (at + 4 > bytes.length ? 0 : little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at))
  const waiting = [header + u32(header + 4)]
  for (let at = waiting.pop(); at !== undefined && found.length < 40; at = waiting.pop()) {
    const count = Math.min(u16(at), 300)
    if (at + 2 + count * 12 > bytes.length || found.some((directory) => directory.at === at)) continue
    const entries = Array.from({ length: count }, (_, index) => (at ?? 0) + 2 + index * 12)
    const next = at + 2 + count * 12
    found.push({ header, at, entries, next, little })
    for (const entry of entries) if (pointers.has(u16(entry))) waiting.push(header + u32(entry + 8))
    if (u32(next) !== 0) waiting.push(header + u32(next))
  }
}

type Change = (changed: Buffer, directory: Directory, entry: number, dice: Dice) => void

const ofAnEntry = (name: string, change: Change): Mutation => ({
  name: `TIFF ${name}`,
  mutate(bytes, dice) {
    const directory = dice.pick(directoriesOf(bytes))
    if (directory === undefined) return null
    const changed = Buffer.from(bytes)
    for (let count = dice.few(4); count > 0; count -= 1) change(changed, directory, dice.pick(directory.entries) ?? directory.next, dice)
    return changed
  },
})

function put32(bytes: Buffer, at: number, value: number, little: boolean): void {
  if (at + 4 > bytes.length) return
  if (little) bytes.writeUInt32LE(value % 2 ** 32, at)
  else bytes.writeUInt32BE(value % 2 ** 32, at)
}

function put16(bytes: Buffer, at: number, value: number, little: boolean): void {
  if (at + 2 > bytes.length) return
  if (little) bytes.writeUInt16LE(value, at)
  else bytes.writeUInt16BE(value, at)
}

/** Pointers, sizes and offsets of image data, compression, maker's note, XMP, previews. */
const telling = [0x0100, 0x0101, 0x0102, 0x0103, 0x0111, 0x0112, 0x0115, 0x0116, 0x0117, 0x0142, 0x0144, 0x014a, 0x0201, 0x0202, 0x02bc, 0x8769, 0x8825, 0x927c, 0x9286, 0xc612] as const

export const tiffMutations: readonly Mutation[] = [
  ofAnEntry('count absurd', (changed, { little }, entry, dice) => put32(changed, entry + 4, absurdNumber(dice, changed.length), little)),
  ofAnEntry('offset absurd', (changed, { little }, entry, dice) => put32(changed, entry + 8, absurdNumber(dice, changed.length), little)),
  ofAnEntry('type absurd', (changed, { little }, entry, dice) => put16(changed, entry + 2, dice.chance(0.8) ? dice.below(20) : dice.below(65_536), little)),
  ofAnEntry('tag changed', (changed, { little }, entry, dice) => put16(changed, entry, dice.pick(telling), little)),
  ofAnEntry('directory in itself', (changed, { header, at, little, next }, entry, dice) => {
    if (dice.chance(0.5)) put32(changed, next, at - header, little)
    else {
      put16(changed, entry, dice.pick([0x8769, 0x8825, 0x014a, 0xa005]), little)
      put16(changed, entry + 2, 4, little)
      put32(changed, entry + 8, at - header, little)
    }
  }),
  ofAnEntry('number of entries absurd', (changed, { at, little }, _, dice) => put16(changed, at, dice.pick([0, 1, 0x7fff, 0xffff, dice.below(65_536)]), little)),
  ofAnEntry('first directory elsewhere', (changed, { header, little }, _, dice) => put32(changed, header + 4, absurdNumber(dice, changed.length), little)),
  ofAnEntry('value overwritten', (changed, _, entry, dice) => putAbsurd(changed, entry + dice.below(12), dice)),
]
