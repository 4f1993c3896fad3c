import { putAbsurd } from '../absurd.ts'
import { replaced } from './mutation.ts'
import type { Mutation } from './mutation.ts'

/** A marker segment (ITU-T T.81 §B.1.1.4): its marker stands at `at`, its length behind it. */
type Placed = { readonly marker: number; readonly at: number; readonly end: number }

function segmentsOf(bytes: Buffer): Placed[] {
  const found: Placed[] = []
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return found
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff && found.length < 500; ) {
    const marker = bytes[at + 1] ?? 0
    const end = at + 2 + bytes.readUInt16BE(at + 2)
    found.push({ marker, at, end: Math.min(end, bytes.length) })
    if (marker === 0xda) break
    at = end
  }
  return found
}

const ofASegment = (name: string, change: (bytes: Buffer, segment: Placed, ...rest: [dice: Parameters<Mutation['mutate']>[1], other: Buffer]) => Buffer, markers?: readonly number[]): Mutation => ({
  name: `segment ${name}`,
  mutate(bytes, dice, other) {
    const segment = dice.pick(segmentsOf(bytes).filter(({ marker }) => markers?.includes(marker) ?? true))
    return segment === undefined ? null : change(bytes, segment, dice, other)
  },
})

/** Frame, Huffman tables, quantisation tables, restart interval, scan. */
const decoding = [0xc0, 0xc1, 0xc2, 0xc4, 0xdb, 0xdd, 0xda]

export const jpegMutations: readonly Mutation[] = [
  ofASegment('length absurd', (bytes, { at }, dice) => {
    const changed = Buffer.from(bytes)
    putAbsurd(changed, at + 2, dice, 2, false)
    return changed
  }),
  ofASegment('removed', (bytes, { at, end }) => replaced(bytes, at, end, Buffer.alloc(0))),
  ofASegment('repeated', (bytes, { at, end }, dice) => replaced(bytes, end, end, Buffer.concat(Array<Buffer>(dice.few(100)).fill(bytes.subarray(at, end))))),
  ofASegment('of another file', (bytes, { at, end }, dice, other) => {
    const from = dice.pick(segmentsOf(other))
    const piece = from === undefined ? dice.bytes(30) : other.subarray(from.at, from.end)
    return replaced(bytes, at, dice.chance(0.5) ? end : at, piece)
  }),
  ofASegment('with another marker', (bytes, { at }, dice) => {
    const changed = Buffer.from(bytes)
    changed[at + 1] = dice.chance(0.5) ? dice.below(256) : dice.pick([0xc0, 0xc1, 0xc2, 0xc3, 0xc9, 0xca, 0xc4, 0xd8, 0xd9, 0xdb, 0xdd, 0xe1, 0xe2, 0xed])
    return changed
  }),
  ofASegment('of the decoder changed', (bytes, { at, end }, dice) => {
    const changed = Buffer.from(bytes)
    for (let count = dice.few(4); count > 0; count -= 1) {
      const place = at + 4 + dice.below(end - at - 4)
      if (dice.chance(0.5)) putAbsurd(changed, place, dice, dice.pick([1, 2]), false)
      else if (place < changed.length) changed[place] = dice.below(256)
    }
    return changed
  }, decoding),
  ofASegment('of the scan damaged', (bytes, { end }, dice) => {
    const changed = Buffer.from(bytes)
    for (let count = dice.few(40); count > 0; count -= 1) {
      const place = end + dice.below(changed.length - end)
      if (place < changed.length) changed[place] = dice.pick([0xff, 0, 0xd0, 0xd9, dice.below(256)])
    }
    return changed
  }, [0xda]),
]
