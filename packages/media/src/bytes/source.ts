/**
 * The content cannot be read further: it is cut, contradicts itself, or asks for more work than any honest file.
 * Thrown by the readers and caught where a file is read; it never reaches a caller.
 */
export class Malformed extends Error {
  override readonly name = 'Malformed'
}

/** Random access to bytes, in a file or in memory. */
export type ByteSource = {
  readonly size: number
  /** Fewer bytes than asked for only at the end. Throws Malformed when the budget of the source is used up. */
  read(offset: number, length: number): Promise<Uint8Array>
}

export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  }
}

/** The part of a source from `start` up to `end`, with offsets counted from `start`. */
export function partOf(source: ByteSource, start: number, end: number): ByteSource {
  const last = Math.min(Math.max(end, start), source.size)
  const size = Math.max(0, last - start)
  return {
    size,
    read: (offset, length) => source.read(start + offset, Math.max(0, Math.min(length, size - offset))),
  }
}

/** Holds the Exif of nearly every phone's JPEG and HEIC, so that one read is enough for most files. */
export const headBytes = 64 * 1024
/** Neighbouring small reads (box headers, directory entries) share one page. */
const pageBytes = 16 * 1024
/** A camera's file needs fewer than 20 reads; a read costs some 40 µs, so a hostile file costs at most some 20 ms of waiting. */
const maximumReads = 400
/** No single structure that is read here is larger in a real file: 2 MiB of `meta` box describe 100,000 tiles. */
const maximumReadBytes = 2 * 1024 * 1024
const maximumTotalBytes = 8 * 1024 * 1024
/** Steps inside what was read already: a million empty boxes in 8 MiB are half a second of work. A camera's file needs some 100. */
const maximumSteps = 20_000

/** Reads bytes of a file or whatever holds them; shorter at its end. */
export type Fetch = (offset: number, length: number) => Promise<Uint8Array>

/** Bytes behind a fixed budget: whatever the content says, at most 8 MiB, 400 reads and 20,000 steps are spent on it. */
export async function budgetedSource(
  size: number,
  readBytes: Fetch,
): Promise<{ readonly source: ByteSource; readonly head: Uint8Array }> {
  let steps = 0
  let reads = 0
  let totalBytes = 0

  async function fetch(offset: number, length: number): Promise<Uint8Array> {
    reads += 1
    totalBytes += length
    if (reads > maximumReads || totalBytes > maximumTotalBytes) throw new Malformed('asks for more reads than the budget')
    return readBytes(offset, length)
  }

  const head = await fetch(0, Math.min(headBytes, size))
  const read = paged(size, head, fetch)
  const source: ByteSource = {
    size,
    read(offset, length) {
      steps += 1
      if (steps > maximumSteps) throw new Malformed('asks for more steps than the budget')
      if (Math.min(length, size - offset) > maximumReadBytes) throw new Malformed('asks for one read larger than the budget')
      return read(offset, length)
    },
  }
  return { source, head }
}

/** Answers out of the head or the last page where it can. */
export function paged(size: number, head: Uint8Array, fetch: Fetch): Fetch {
  let page = head
  let pageStart = 0
  return async (offset, length) => {
    const end = Math.min(offset + length, size)
    if (offset < 0 || end <= offset) return new Uint8Array(0)
    if (within(head, 0, offset, end)) return head.subarray(offset, end)
    if (!within(page, pageStart, offset, end)) {
      page = await fetch(offset, Math.min(Math.max(end - offset, pageBytes), size - offset))
      pageStart = offset
    }
    return page.subarray(offset - pageStart, end - pageStart)
  }
}

const within = (bytes: Uint8Array, start: number, offset: number, end: number): boolean =>
  offset >= start && end <= start + bytes.length
