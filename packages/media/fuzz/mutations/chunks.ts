import { crc32 } from 'node:zlib'
import { putAbsurd } from '../absurd.ts'
import type { Dice } from '../dice.ts'
import { replaced } from './mutation.ts'
import type { Mutation } from './mutation.ts'

/** A chunk of a PNG (3rd edition §5.3) or a RIFF file (WebP container specification): header, body, and a PNG's checksum. */
type Placed = { readonly type: string; readonly at: number; readonly start: number; readonly bodyEnd: number; readonly end: number; readonly png: boolean }

function chunksOf(bytes: Buffer): Placed[] {
  const png = bytes.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n'
  if (!png && bytes.toString('latin1', 0, 4) !== 'RIFF') return []
  const found: Placed[] = []
  for (let at = png ? 8 : 12; at + 8 <= bytes.length && found.length < 500; ) {
    const length = png ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at + 4)
    const type = png ? bytes.toString('latin1', at + 4, at + 8) : bytes.toString('latin1', at, at + 4)
    const bodyEnd = at + 8 + length
    const end = Math.min(bytes.length, bodyEnd + (png ? 4 : length % 2))
    found.push({ type, at, start: at + 8, bodyEnd: Math.min(bodyEnd, bytes.length), end, png })
    at = end
  }
  return found
}

/** Three of four have a right checksum, so that a decoder looks into them. */
function summed(bytes: Buffer, { at, bodyEnd, png }: Placed, dice: Dice): Buffer {
  if (png && bodyEnd + 4 <= bytes.length && dice.chance(0.75)) bytes.writeUInt32BE(crc32(bytes.subarray(at + 4, bodyEnd)), bodyEnd)
  return bytes
}

const ofAChunk = (name: string, change: (bytes: Buffer, chunk: Placed, dice: Dice, other: Buffer) => Buffer): Mutation => ({
  name: `chunk ${name}`,
  mutate(bytes, dice, other) {
    const chunk = dice.pick(chunksOf(bytes))
    return chunk === undefined ? null : change(bytes, chunk, dice, other)
  },
})

export const chunkMutations: readonly Mutation[] = [
  ofAChunk('length absurd', (bytes, { at, png }, dice) => {
    const changed = Buffer.from(bytes)
    putAbsurd(changed, png ? at : at + 4, dice, 4, !png)
    return changed
  }),
  ofAChunk('removed', (bytes, { at, end }) => replaced(bytes, at, end, Buffer.alloc(0))),
  ofAChunk('repeated', (bytes, { at, end }, dice) => replaced(bytes, end, end, Buffer.concat(Array<Buffer>(dice.few(200)).fill(bytes.subarray(at, end))))),
  ofAChunk('of another file', (bytes, { at, end }, dice, other) => {
    const from = dice.pick(chunksOf(other))
    return replaced(bytes, at, dice.chance(0.5) ? end : at, from === undefined ? dice.bytes(30) : other.subarray(from.at, from.end))
  }),
  ofAChunk('renamed', (bytes, chunk, dice) => {
    const changed = Buffer.from(bytes)
    const type = dice.pick(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'acTL', 'fcTL', 'fdAT', 'iCCP', 'eXIf', 'iTXt', 'cICP', 'VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP', 'EXIF', 'XMP '])
    changed.write(type, chunk.png ? chunk.at + 4 : chunk.at, 4, 'latin1')
    return summed(changed, chunk, dice)
  }),
  ofAChunk('with a number absurd', (bytes, chunk, dice) => {
    const changed = Buffer.from(bytes)
    for (let count = dice.few(3); count > 0; count -= 1) putAbsurd(changed, chunk.start + dice.below(Math.min(32, chunk.bodyEnd - chunk.start)), dice, dice.pick([1, 2, 4]), !chunk.png)
    return summed(changed, chunk, dice)
  }),
  ofAChunk('with its data damaged', (bytes, chunk, dice) => {
    const changed = Buffer.from(bytes)
    for (let count = dice.few(20); count > 0; count -= 1) {
      const at = chunk.start + dice.below(chunk.bodyEnd - chunk.start)
      if (at < chunk.bodyEnd) changed[at] = dice.below(256)
    }
    return summed(changed, chunk, dice)
  }),
]
