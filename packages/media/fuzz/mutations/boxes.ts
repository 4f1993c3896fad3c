import { boxesIn } from '../../src/bytes/boxes.ts'
import { absurdNumber, putAbsurd } from '../absurd.ts'
import type { Dice } from '../dice.ts'
import { replaced } from './mutation.ts'
import type { Mutation } from './mutation.ts'

/** A box with its place in the file: its header begins at `at`, its body at `start`. */
type Placed = { readonly type: string; readonly at: number; readonly start: number; readonly end: number; readonly ancestors: readonly Placed[] }

/** Boxes that hold boxes, and how many bytes stand before the first (ISO/IEC 14496-12; `meta` and `iinf` are full boxes, `stsd` and `dref` count). */
const containers = new Map([
  ...['moov', 'trak', 'mdia', 'minf', 'stbl', 'udta', 'dinf', 'edts', 'ilst', 'mvex', 'moof', 'traf', 'iprp', 'ipco', 'grpl'].map((type) => [type, 0] as const),
  ['meta', 4], ['iinf', 6], ['iref', 4], ['stsd', 8], ['dref', 8],
  ...['avc1', 'hvc1', 'hev1', 'av01', 'mp4v', 'dvh1'].map((type) => [type, 78] as const),
])

/** Those whose numbers readers and decoders go by. */
const tables = new Set([
  'iloc', 'iinf', 'infe', 'iref', 'ipma', 'ispe', 'irot', 'imir', 'clap', 'pixi', 'colr', 'hvcC', 'av1C', 'avcC', 'pitm', 'mvhd', 'tkhd', 'mdhd', 'elst', 'stts', 'stsc', 'stsz',
  'stco', 'co64', 'stss', 'stsd', 'ctts', 'keys', 'data', 'dvcC', 'dvvC', 'tref', 'dimg', 'thmb', 'auxl', 'cdsc', 'trun', 'tfhd',
])

const mostBoxes = 2000

function boxesOf(bytes: Buffer): Placed[] {
  const found: Placed[] = []
  const walk = (from: number, to: number, ancestors: readonly Placed[]): void => {
    let at = from
    for (const { type, start, end } of boxesIn(bytes, from, to)) {
      if (found.length >= mostBoxes) return
      const box: Placed = { type, at, start, end, ancestors }
      found.push(box)
      const before = containers.get(type)
      if (before !== undefined && ancestors.length < 12) walk(start + before, end, [...ancestors, box])
      at = end
    }
  }
  if (/^(?:ftyp|wide|moov|mdat|free|skip|pnot)$/.test(bytes.toString('latin1', 4, 8))) walk(0, bytes.length, [])
  return found
}

/** With `piece` in place of what lies between two places. Half of the files have the sizes of the boxes around it put right, so that readers get further. */
function spliced(bytes: Buffer, { ancestors }: Placed, start: number, end: number, piece: Uint8Array, dice: Dice): Buffer {
  const changed = replaced(bytes, start, end, piece)
  if (dice.chance(0.5)) {
    for (const { at } of ancestors) {
      const size = bytes.readUInt32BE(at)
      if (size > 1) changed.writeUInt32BE(Math.max(0, size + piece.length - (end - start)) % 2 ** 32, at)
    }
  }
  return changed
}

type Change = (bytes: Buffer, box: Placed, dice: Dice, boxes: readonly Placed[], other: Buffer) => Buffer

/** A mutation of one box, large containers and small tables alike. */
const ofABox = (name: string, change: Change, only: (box: Placed) => boolean = () => true): Mutation => ({
  name: `box ${name}`,
  mutate(bytes, dice, other) {
    const boxes = boxesOf(bytes)
    const box = dice.pick(boxes.filter(only))
    return box === undefined ? null : change(bytes, box, dice, boxes, other)
  },
})

const sizeOf = ({ at, end }: Placed): number => end - at

export const boxMutations: readonly Mutation[] = [
  ofABox('size absurd', (bytes, { at }, dice) => {
    const changed = Buffer.from(bytes)
    changed.writeUInt32BE(absurdNumber(dice, bytes.length), at)
    return changed
  }),
  ofABox('size of 64 bits', (bytes, box, dice) => {
    const size = Buffer.alloc(8)
    putAbsurd(size, 0, dice, 8)
    const changed = spliced(bytes, box, box.start, box.start, size, dice)
    changed.writeUInt32BE(1, box.at)
    return changed
  }, ({ at, start }) => start === at + 8),
  ofABox('removed', (bytes, box, dice) => spliced(bytes, box, box.at, box.end, Buffer.alloc(0), dice)),
  ofABox('repeated', (bytes, box, dice) =>
    spliced(bytes, box, box.end, box.end, Buffer.concat(Array<Buffer>(dice.few(Math.max(1, Math.min(500, Math.floor(400_000 / sizeOf(box)))))).fill(bytes.subarray(box.at, box.end))), dice)),
  ofABox('of another place', (bytes, box, dice, boxes) => {
    const from = dice.pick(boxes) ?? box
    return spliced(bytes, box, box.at, dice.chance(0.5) ? box.end : box.at, bytes.subarray(from.at, from.end), dice)
  }),
  ofABox('of another file', (bytes, box, dice, _, other) => {
    const from = dice.pick(boxesOf(other))
    const piece = from === undefined ? dice.bytes(32) : other.subarray(from.at, Math.min(from.end, from.at + 256 * 1024))
    return spliced(bytes, box, box.at, dice.chance(0.5) ? box.end : box.at, piece, dice)
  }),
  ofABox('renamed', (bytes, { at }, dice, boxes) => {
    const changed = Buffer.from(bytes)
    changed.write(dice.chance(0.7) ? (dice.pick(boxes)?.type ?? 'free') : dice.pick(['free', 'moov', 'meta', 'mdat', '\0\0\0\0', 'uuid', 'trak', 'grid']), at + 4, 4, 'latin1')
    return changed
  }),
  ofABox('emptied', (bytes, box, dice) => spliced(bytes, box, box.start, box.end, Buffer.alloc(0), dice)),
  ofABox('cut', (bytes, box, dice) => spliced(bytes, box, box.start + dice.below(box.end - box.start), box.end, Buffer.alloc(0), dice)),
  ofABox('in itself', (bytes, box, dice) => {
    const header = bytes.subarray(box.at, box.start)
    return spliced(bytes, box, box.start, box.start, Buffer.concat(Array<Buffer>(dice.few(2000)).fill(header)), dice)
  }),
  ofABox('number absurd', (bytes, { start, end }, dice) => {
    const changed = Buffer.from(bytes)
    for (let count = dice.few(5); count > 0; count -= 1) {
      const step = dice.pick([1, 2, 4])
      putAbsurd(changed, start + dice.below(Math.max(1, Math.floor(Math.min(end - start, 4096) / step))) * step, dice, dice.pick([1, 2, 4]), false)
    }
    return changed
  }, ({ type }) => tables.has(type)),
]
