import { createHash } from 'node:crypto'

/** Random decisions that a seed decides: the same on every machine. */
export class Dice {
  readonly #state: Uint32Array

  constructor(seed: string | number) {
    const digest = createHash('sha256').update(String(seed)).digest()
    this.#state = Uint32Array.from([0, 4, 8], (at) => digest.readUInt32LE(at))
  }

  /** A whole number from 0 up to, and without, `end`, which is at most 2^32. 0 where there is no such number. */
  below(end: number): number {
    return Math.floor((this.#next() / 2 ** 32) * Math.max(1, end))
  }

  from(start: number, last: number): number {
    return start + this.below(last - start + 1)
  }

  chance(of: number): boolean {
    return this.#next() < of * 2 ** 32
  }

  pick<Value>(values: readonly [Value, ...Value[]]): Value
  pick<Value>(values: readonly Value[]): Value | undefined
  pick<Value>(values: readonly Value[]): Value | undefined {
    return values[this.below(values.length)]
  }

  /** Low numbers more often than high ones: one, rarely many. */
  few(most: number): number {
    return 1 + Math.floor(most * (this.#next() / 2 ** 32) ** 3)
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length)
    for (let at = 0; at < length; at += 1) bytes[at] = this.#next() >>> 24
    return bytes
  }

  /** Chris Doty-Humphrey's sfc32 with a counter of its own (PractRand): four lines, no multiplication, no short cycle. */
  #counter = 1
  #next(): number {
    const [a = 0, b = 0, c = 0] = this.#state
    const sum = (a + b + this.#counter) >>> 0
    this.#counter = (this.#counter + 1) >>> 0
    this.#state[0] = b ^ (b >>> 9)
    this.#state[1] = c + (c << 3)
    this.#state[2] = ((c << 21) | (c >>> 11)) + sum
    return sum
  }
}
