import type { Picture } from '../reading.ts'

/** ISO/IEC 18181-1 §9.1: bits from the lowest of each byte. Beyond the end they are 0. */
class Bits {
  readonly #bytes: Uint8Array
  #at: number
  constructor(bytes: Uint8Array, startBit: number) {
    this.#bytes = bytes
    this.#at = startBit
  }
  read(count: number): number {
    let value = 0
    for (let index = 0; index < count; index += 1) {
      const byte = this.#bytes[this.#at >> 3] ?? 0
      value += ((byte >> (this.#at & 7)) & 1) * 2 ** index
      this.#at += 1
    }
    return value
  }
  /** §9.1.2, U32: two bits choose how many bits follow. */
  choice(bits: readonly [number, number, number, number]): number {
    return this.read(bits[this.read(2)] ?? 0)
  }
}

/** §A.3: width from height, by the number of a ratio. */
const ratios: readonly (readonly [number, number])[] = [[1, 1], [1, 1], [12, 10], [4, 3], [3, 2], [16, 9], [5, 4], [2, 1]]

/** The size as displayed, out of SizeHeader (annex A.3) and the beginning of ImageMetadata (§A.4): its orientation turns. */
export function readCodestreamHeader(bytes: Uint8Array): Picture {
  if (bytes[0] !== 0xff || bytes[1] !== 0x0a) return { width: null, height: null, codec: 'jpegxl' }
  const bits = new Bits(bytes, 16)
  const inEights = bits.read(1) === 1
  const side = (): number => 1 + (inEights ? bits.read(5) * 8 + 7 : bits.choice([9, 13, 18, 30]))
  const height = side()
  const ratio = ratios[bits.read(3)] ?? [1, 1]
  const width = ratio === ratios[0] ? side() : Math.floor((height * ratio[0]) / ratio[1])
  const isDefault = bits.read(1) === 1
  const hasExtraFields = !isDefault && bits.read(1) === 1
  const orientation = hasExtraFields ? 1 + bits.read(3) : 1
  const isTurned = orientation >= 5
  return { width: isTurned ? height : width, height: isTurned ? width : height, displayed: true, codec: 'jpegxl' }
}
