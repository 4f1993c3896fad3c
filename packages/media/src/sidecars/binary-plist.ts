import { latin1, u16, u32, u64, u8 } from '../bytes/numbers.ts'
import { Malformed } from '../bytes/source.ts'

/** Seconds from 1970-01-01 to 2001-01-01, from which Apple's dates count. */
const appleEpochSeconds = 978_307_200
const trailerBytes = 32
const maximumEntries = 200

/**
 * The simple values of the dictionary at the top of a binary property list (Apple, CoreFoundation `CFBinaryPList.c`):
 * texts, numbers, and dates as milliseconds since 1970 UTC. Throws Malformed where it contradicts itself.
 */
export function readBinaryPlist(bytes: Uint8Array): Map<string, string | number> {
  const trailer = bytes.length - trailerBytes
  if (trailer < 8) throw new Malformed('no trailer')
  const offsetBytes = u8(bytes, trailer + 6)
  const referenceBytes = u8(bytes, trailer + 7)
  const tableStart = u64(bytes, trailer + 24)
  const offsetOf = (object: number): number => sized(bytes, tableStart + object * offsetBytes, offsetBytes)

  const top = offsetOf(u64(bytes, trailer + 16))
  const values = new Map<string, string | number>()
  if (u8(bytes, top) >> 4 !== 0xd) return values
  const { count, start } = countAt(bytes, top)
  for (let index = 0; index < Math.min(count, maximumEntries); index += 1) {
    const key = valueAt(bytes, offsetOf(sized(bytes, start + index * referenceBytes, referenceBytes)))
    const value = valueAt(bytes, offsetOf(sized(bytes, start + (count + index) * referenceBytes, referenceBytes)))
    if (typeof key === 'string' && value !== null) values.set(key, value)
  }
  return values
}

function sized(bytes: Uint8Array, at: number, size: number): number {
  if (size === 1) return u8(bytes, at)
  if (size === 2) return u16(bytes, at)
  if (size === 4) return u32(bytes, at)
  if (size === 8) return u64(bytes, at)
  throw new Malformed('a size that is not 1, 2, 4 or 8')
}

/** The lower half of the first byte; 15 says that a number object follows with the count. */
function countAt(bytes: Uint8Array, at: number): { readonly count: number; readonly start: number } {
  const short = u8(bytes, at) & 15
  if (short !== 15) return { count: short, start: at + 1 }
  const size = 2 ** (u8(bytes, at + 1) & 15)
  return { count: sized(bytes, at + 2, size), start: at + 2 + size }
}

function valueAt(bytes: Uint8Array, at: number): string | number | null {
  const kind = u8(bytes, at) >> 4
  if (kind === 0x1) return sized(bytes, at + 1, 2 ** (u8(bytes, at) & 15))
  if (kind === 0x3) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (at + 9 > bytes.length) throw new Malformed('a date lies beyond the end')
    return (view.getFloat64(at + 1) + appleEpochSeconds) * 1000
  }
  if (kind === 0x5 || kind === 0x6) {
    const { count, start } = countAt(bytes, at)
    if (kind === 0x5) return latin1(bytes, start, start + count)
    return new TextDecoder('utf-16be').decode(bytes.subarray(start, start + count * 2))
  }
  return null
}
