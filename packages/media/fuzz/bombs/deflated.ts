import { constants, deflateSync } from 'node:zlib'

const pieceBytes = 16 * 1024 * 1024
let piece: Buffer | null = null

/**
 * A zlib stream (RFC 1950) of so many zeros, some thousandth of their number: one deflated piece that needs nothing before
 * it, as often as wanted, then the last block and the checksum.
 */
export function deflatedZeros(count: number): Buffer {
  piece ??= deflateSync(Buffer.alloc(pieceBytes), { level: 9, finishFlush: constants.Z_FULL_FLUSH })
  const header = piece.subarray(0, 2)
  const rest = deflateSync(Buffer.alloc(count % pieceBytes), { level: 9 })
  // §8.2: of zeros the first sum stays 1, and the second counts them.
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE((count % 65_521) * 65_536 + 1)
  return Buffer.concat([header, ...Array<Buffer>(Math.floor(count / pieceBytes)).fill(piece.subarray(2)), rest.subarray(2, -4), checksum])
}
