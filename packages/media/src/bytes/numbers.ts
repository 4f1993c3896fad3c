import { Malformed } from './source.ts'

/** Integers and text out of bytes; beyond the end is Malformed, never undefined. */

export function u8(bytes: Uint8Array, offset: number): number {
  const byte = bytes[offset]
  if (byte === undefined) throw new Malformed('a number lies beyond the end')
  return byte
}

/** By hand: a DataView for each number costs ten times as much, and a picture in 800 tiles has 20,000 of them. */
export function u16(bytes: Uint8Array, offset: number, little = false): number {
  const first = u8(bytes, offset)
  const second = u8(bytes, offset + 1)
  return little ? second * 256 + first : first * 256 + second
}

export function u32(bytes: Uint8Array, offset: number, little = false): number {
  const first = u16(bytes, offset, little)
  const second = u16(bytes, offset + 2, little)
  return little ? second * 65_536 + first : first * 65_536 + second
}

export const i16 = (bytes: Uint8Array, offset: number, little = false): number => (u16(bytes, offset, little) << 16) >> 16
export const i32 = (bytes: Uint8Array, offset: number, little = false): number => u32(bytes, offset, little) | 0
/** Exact up to 2^53, which no file reaches. */
export const u64 = (bytes: Uint8Array, offset: number): number => u32(bytes, offset) * 4_294_967_296 + u32(bytes, offset + 4)

export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = ''
  for (let at = Math.max(start, 0); at < Math.min(end, bytes.length); at += 1) text += String.fromCharCode(bytes[at] ?? 0)
  return text
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function startsWith(bytes: Uint8Array, text: string, offset = 0): boolean {
  return latin1(bytes, offset, offset + text.length) === text
}

/**
 * Text of a field that should be ASCII or UTF-8 and whose writers did not always know: what is not valid UTF-8 was
 * written in a Western code page. Ends at the first zero byte, without white space around it.
 */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  const body = end < 0 ? bytes : bytes.subarray(0, end)
  return (utf8Of(body) ?? latin1(body)).trim()
}

/** null: these bytes are no UTF-8. */
function utf8Of(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes)
  } catch {
    return null
  }
}
