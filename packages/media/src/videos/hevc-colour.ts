import { u16, u8 } from '../bytes/numbers.ts'
import { HighBits } from '../bytes/high-bits.ts'
import { Malformed } from '../bytes/source.ts'

/** The colours that the pictures themselves name, where the container does not (ITU-T H.265 (2021) §7.3.2.2, annex E). */

const sequenceParameterSet = 33
/** §7.4.3.2.1: at most 64 sets of reference pictures, of at most 16 pictures. */
const maximumPictureSets = 64
const maximumPictures = 16

/** Transfer characteristics (ITU-T H.273) out of a decoder configuration (ISO/IEC 14496-15 §8.3.3.1); null where it does not say. */
export function transferOfHevc(configuration: Uint8Array): number | null {
  try {
    const unit = sequenceUnit(configuration)
    return unit === null ? null : transferOfSequence(new HighBits(withoutEmulation(unit.subarray(2))))
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
}

function sequenceUnit(configuration: Uint8Array): Uint8Array | null {
  let at = 23
  for (let array = 0; array < u8(configuration, 22); array += 1) {
    const type = u8(configuration, at) & 63
    const units = u16(configuration, at + 1)
    at += 3
    for (let unit = 0; unit < units; unit += 1) {
      const length = u16(configuration, at)
      if (type === sequenceParameterSet) return configuration.subarray(at + 2, at + 2 + length)
      at += 2 + length
    }
  }
  return null
}

/** §7.4.2: a 3 behind two zeros is no data. */
function withoutEmulation(unit: Uint8Array): Uint8Array {
  return unit.filter((byte, index) => !(byte === 3 && index >= 2 && unit[index - 1] === 0 && unit[index - 2] === 0))
}

/** Everything before the usability information has to be read over, because it has no fixed length. */
function transferOfSequence(bits: HighBits): number | null {
  bits.skip(4)
  const layersBelow = bits.read(3)
  bits.skip(1)
  skipProfiles(bits, layersBelow)
  bits.unsigned() // number of the set
  if (bits.unsigned() === 3) bits.skip(1) // 4:4:4 may have separate planes
  bits.unsigned()
  bits.unsigned() // width and height
  if (bits.flag()) for (let side = 0; side < 4; side += 1) bits.unsigned() // conformance window
  bits.unsigned()
  bits.unsigned() // depths
  const orderBits = bits.unsigned() + 4
  const orderings = bits.flag() ? layersBelow + 1 : 1
  for (let index = 0; index < orderings * 3; index += 1) bits.unsigned()
  for (let index = 0; index < 6; index += 1) bits.unsigned() // block sizes and depths
  if (bits.flag() && bits.flag()) skipScalingLists(bits)
  bits.skip(2)
  if (bits.flag()) {
    bits.skip(8) // pulse code modulation
    bits.unsigned()
    bits.unsigned()
    bits.skip(1)
  }
  skipPictureSets(bits)
  if (bits.flag()) {
    const longTerm = Math.min(bits.unsigned(), 33)
    bits.skip(longTerm * (orderBits + 1))
  }
  bits.skip(2)
  return bits.flag() ? transferOfUsability(bits) : null
}

/** §7.3.3: 12 bytes in general, then for each layer below a profile (88 bits) and a level (8), where flags say so. */
function skipProfiles(bits: HighBits, layersBelow: number): void {
  bits.skip(96)
  if (layersBelow === 0) return
  const flags = Array.from({ length: 8 }, () => bits.read(2))
  for (const each of flags.slice(0, layersBelow)) bits.skip(((each & 2) === 0 ? 0 : 88) + ((each & 1) === 0 ? 0 : 8))
}

/** §7.3.4. */
function skipScalingLists(bits: HighBits): void {
  for (let size = 0; size < 4; size += 1) {
    for (let matrix = 0; matrix < 6; matrix += size === 3 ? 3 : 1) {
      if (!bits.flag()) {
        bits.unsigned()
        continue
      }
      const coefficients = Math.min(64, 1 << (4 + size * 2)) + (size > 1 ? 1 : 0)
      for (let index = 0; index < coefficients; index += 1) bits.unsigned() // signed numbers have the same length
    }
  }
}

/** §7.3.7, with the derivation of §7.4.8: how many pictures a set has decides how long the next one is. */
function skipPictureSets(bits: HighBits): void {
  const sets = bits.unsigned()
  if (sets > maximumPictureSets) throw new Malformed('more sets of reference pictures than there are')
  let previous: number[] = []
  for (let set = 0; set < sets; set += 1) {
    previous = set > 0 && bits.flag() ? predictedSet(bits, previous) : explicitSet(bits)
  }
}

/** Distances in time; their order is irrelevant here but for whose flags come when: negative ones, nearest first, then positive ones. */
function explicitSet(bits: HighBits): number[] {
  const negative = bits.unsigned()
  const positive = bits.unsigned()
  if (negative > maximumPictures || positive > maximumPictures) throw new Malformed('more reference pictures than there are')
  const distances = (count: number, sign: 1 | -1): number[] => {
    let distance = 0
    return Array.from({ length: count }, () => {
      distance += sign * (bits.unsigned() + 1)
      bits.skip(1)
      return distance
    })
  }
  return [...distances(negative, -1), ...distances(positive, 1)]
}

const nearest = (a: number, b: number): number => Math.abs(a) - Math.abs(b)

function predictedSet(bits: HighBits, previous: readonly number[]): number[] {
  const isNegative = bits.flag()
  const step = (bits.unsigned() + 1) * (isNegative ? -1 : 1)
  const kept = [...previous, 0].flatMap((distance) => {
    const isKept = bits.flag() || bits.flag() // used by this picture, or by a later one
    return isKept && distance + step !== 0 ? [distance + step] : []
  })
  return [...kept.filter((distance) => distance < 0).toSorted(nearest), ...kept.filter((distance) => distance > 0).toSorted(nearest)]
}

/** Annex E.2.1. */
function transferOfUsability(bits: HighBits): number | null {
  const extended = 255
  if (bits.flag() && bits.read(8) === extended) bits.skip(32) // sample aspect
  if (bits.flag()) bits.skip(1) // overscan
  if (!bits.flag()) return null // video signal
  bits.skip(4)
  if (!bits.flag()) return null // colour description
  bits.skip(8)
  return bits.read(8)
}
