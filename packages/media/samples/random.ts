import { createCipheriv, createHash } from 'node:crypto'

/** What makes a sample unlike every other sample. */
export type Seed = number | string

const digestOf = (seed: Seed, purpose: string): Buffer => createHash('sha256').update(`${purpose}\0${typeof seed}\0${seed}`).digest()

/**
 * The same bytes for the same seed, on every machine, and no compressor finds anything in them: the key stream of
 * AES-128 in counter mode, which the processor makes faster than a disk writes.
 */
export function randomBytesOf(seed: Seed, length: number, purpose = 'bytes'): Uint8Array {
  const digest = digestOf(seed, purpose)
  return createCipheriv('aes-128-ctr', digest.subarray(0, 16), digest.subarray(16, 32)).update(new Uint8Array(length))
}

/** A content identifier as Apple writes them: an upper-case UUID of version 4. */
export function identifierOf(seed: Seed): string {
  const digest = digestOf(seed, 'identifier')
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x40
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80
  const hex = digest.toString('hex').toUpperCase()
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

/** A moment between 2010 and 2025, whole seconds: what a camera without fractions writes. */
export function momentOf(seed: Seed): number {
  const start = Date.UTC(2010, 0, 1)
  const seconds = (Date.UTC(2025, 0, 1) - start) / 1000
  return start + (digestOf(seed, 'moment').readUInt32BE(0) % seconds) * 1000
}
