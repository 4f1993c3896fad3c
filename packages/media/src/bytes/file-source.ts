import type { FileHandle } from 'node:fs/promises'
import { budgetedSource, Malformed, paged } from './source.ts'
import type { ByteSource } from './source.ts'

/** Reads into a new buffer; shorter at the file's end. */
async function readFully(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(length) // filled or cut off below
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

/** A file behind the budget of `budgetedSource`. */
export const fileSource = (handle: FileHandle, size: number): ReturnType<typeof budgetedSource> =>
  budgetedSource(size, (offset, length) => readFully(handle, offset, length))

/** A read that one check of a whole file needs is at most this; its loops bound how many there are. */
const largestPieceBytes = 64 * 1024 * 1024

/** An image of 400 MB in chunks of 8 KB has as many: some 3 s of work. */
const maximumThroughSteps = 50_000

/** A file for who reads through it on purpose: no budget of bytes, one of steps. */
export function throughSource(handle: FileHandle, size: number): ByteSource {
  let steps = 0
  const read = paged(size, new Uint8Array(0), (offset, length) => readFully(handle, offset, length))
  return {
    size,
    read(offset, length) {
      steps += 1
      if (steps > maximumThroughSteps) throw new Malformed('it is in more pieces than any honest file')
      if (Math.min(length, size - offset) > largestPieceBytes) throw new Malformed('it asks for one read larger than any honest file')
      return read(offset, length)
    },
  }
}
