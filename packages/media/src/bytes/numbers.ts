import { Malformed } from './source.ts'

/** Integers and text out of bytes; beyond the end is Malformed, never undefined. */

function view(bytes: Uint8Array, offset: number, length: number): DataView {
  if (offset < 0 || offset + length > bytes.length) throw new Malformed('a number lies beyond the end')
  return new DataView(bytes.buffer, bytes.byteOffset + offset, length)
}

export const u8 = (bytes: Uint8Array, offset: number): number => view(bytes, offset, 1).getUint8(0)
export const u16 = (bytes: Uint8Array, offset: number, little = false): number => view(bytes, offset, 2).getUint16(0, little)
export const u32 = (bytes: Uint8Array, offset: number, little = false): number => view(bytes, offset, 4).getUint32(0, little)
export const i32 = (bytes: Uint8Array, offset: number, little = false): number => view(bytes, offset, 4).getInt32(0, little)
/** Exact up to 2^53, which no file reaches. */
export const u64 = (bytes: Uint8Array, offset: number): number => Number(view(bytes, offset, 8).getBigUint64(0))

export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, Math.min(end, bytes.length))
}

export function startsWith(bytes: Uint8Array, text: string, offset = 0): boolean {
  return latin1(bytes, offset, offset + text.length) === text
}
