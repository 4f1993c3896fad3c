import { Malformed } from './source.ts'

/** Bits from the highest of each byte, as in ITU-T H.264 and H.265 §7.2 and §9.2. Beyond the end is Malformed. */
export class HighBits {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  read(count: number): number {
    let value = 0
    for (let index = 0; index < count; index += 1) {
      const byte = this.#bytes[this.#at >> 3]
      if (byte === undefined) throw new Malformed('bits beyond the end')
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1)
      this.#at += 1
    }
    return value
  }

  skip(count: number): void {
    this.#at += count
  }

  flag(): boolean {
    return this.read(1) === 1
  }

  /** ue(v): as many zeros as bits follow the one. */
  unsigned(): number {
    let zeros = 0
    while (!this.flag()) {
      zeros += 1
      if (zeros > 32) throw new Malformed('a number of more than 32 bits')
    }
    return 2 ** zeros - 1 + this.read(zeros)
  }
}
