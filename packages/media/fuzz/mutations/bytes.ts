import { absurdNumber, putAbsurd } from '../absurd.ts'
import { replaced } from './mutation.ts'
import type { Mutation } from './mutation.ts'

/** The structure of most files stands in their first part. */
const headBytes = 2048

/** Changes that know nothing of any format. */
export const byteMutations: readonly Mutation[] = [
  {
    name: 'bits flipped',
    mutate(bytes, dice) {
      const changed = Buffer.from(bytes)
      for (let count = dice.few(60); count > 0; count -= 1) {
        const at = dice.below(changed.length)
        if (at < changed.length) changed[at] = (changed[at] ?? 0) ^ (1 << dice.below(8))
      }
      return changed
    },
  },
  {
    name: 'bits flipped in the head',
    mutate(bytes, dice) {
      const changed = Buffer.from(bytes)
      for (let count = dice.few(12); count > 0; count -= 1) {
        const at = dice.below(Math.min(headBytes, changed.length))
        if (at < changed.length) changed[at] = (changed[at] ?? 0) ^ (1 << dice.below(8))
      }
      return changed
    },
  },
  {
    name: 'run overwritten',
    mutate(bytes, dice) {
      const start = dice.below(bytes.length)
      const changed = Buffer.from(bytes)
      const end = Math.min(changed.length, start + dice.few(4096))
      if (dice.chance(0.5)) changed.fill(dice.pick([0, 0xff, 0x7f, 0x80, 0x20]), start, end)
      else changed.set(dice.bytes(end - start), start)
      return changed
    },
  },
  { name: 'cut', mutate: (bytes, dice) => Buffer.from(bytes.subarray(0, dice.below(bytes.length))) },
  {
    name: 'piece removed',
    mutate(bytes, dice) {
      const start = dice.below(bytes.length)
      return replaced(bytes, start, Math.min(bytes.length, start + dice.few(bytes.length)), Buffer.alloc(0))
    },
  },
  {
    name: 'piece repeated',
    mutate(bytes, dice) {
      const start = dice.below(bytes.length)
      const piece = bytes.subarray(start, start + dice.few(1024))
      return replaced(bytes, start, start, Buffer.concat(Array<Buffer>(dice.few(200)).fill(piece)))
    },
  },
  { name: 'bytes inserted', mutate: (bytes, dice) => {
    const at = dice.below(bytes.length)
    return replaced(bytes, at, at, dice.bytes(dice.few(300)))
  } },
  { name: 'another file spliced in', mutate: (bytes, dice, other) => {
    const at = dice.below(bytes.length)
    const start = dice.below(other.length)
    return replaced(bytes, at, dice.chance(0.5) ? bytes.length : at, other.subarray(start, start + dice.few(64 * 1024)))
  } },
  {
    name: 'absurd number in the head',
    mutate(bytes, dice) {
      const changed = Buffer.from(bytes)
      for (let count = dice.few(4); count > 0; count -= 1) putAbsurd(changed, dice.below(Math.min(headBytes, changed.length)), dice)
      return changed
    },
  },
  {
    name: 'absurd number in a text',
    mutate(bytes, dice) {
      const text = bytes.toString('latin1', 0, 256 * 1024)
      const number = dice.pick([...text.matchAll(/(?<=[">])-?\d{1,12}(?=["<])/g)].slice(0, 500))
      if (number === undefined) return null
      const absurd = dice.pick(['', '-', '-1', '1e309', 'NaN', '9'.repeat(400), '0'.repeat(10_000), '1/0', '0/0', '-0', ' ', '&#0;', String(absurdNumber(dice, bytes.length))])
      return replaced(bytes, number.index, number.index + number[0].length, Buffer.from(absurd, 'latin1'))
    },
  },
]
