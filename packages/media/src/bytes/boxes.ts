import { latin1, u32, u64 } from './numbers.ts'
import type { ByteSource } from './source.ts'

/** A box of the ISO base media file format, an atom of QuickTime: `start` and `end` bound its body. */
export type Box = { readonly type: string; readonly start: number; readonly end: number }

/**
 * The boxes between two offsets, headers only (ISO/IEC 14496-12 §4.2; QuickTime File Format, "Atoms").
 * Ends quietly at the first header that makes no sense: what came before it still counts.
 */
export async function* boxesOf(source: ByteSource, from: number, to: number): AsyncGenerator<Box> {
  for (let offset = from; offset + 8 <= to; ) {
    const box = boxAt(await source.read(offset, 16), 0, offset, to)
    if (box === null) return
    yield { type: box.type, start: box.start, end: Math.min(box.end, to) }
    offset = box.end
  }
}

/** The same of bytes that are in memory; offsets are into them. */
export function* boxesIn(bytes: Uint8Array, from = 0, to = bytes.length): Generator<Box> {
  for (let offset = from; offset + 8 <= to; ) {
    const box = boxAt(bytes, offset, offset, to)
    if (box === null) return
    yield { type: box.type, start: box.start, end: Math.min(box.end, to) }
    offset = box.end
  }
}

/** A box whose header stands at `at`, which is `offset` in the file; its end as it claims, which may lie beyond `to`. */
export function boxAt(bytes: Uint8Array, at: number, offset: number, to: number): Box | null {
  if (bytes.length < at + 8) return null
  let size = u32(bytes, at)
  let headerBytes = 8
  if (size === 1) {
    if (bytes.length < at + 16) return null
    size = u64(bytes, at + 8)
    headerBytes = 16
  } else if (size === 0) {
    size = to - offset // up to the end of the file
  }
  if (size < headerBytes) return null
  return { type: latin1(bytes, at + 4, at + 8), start: offset + headerBytes, end: offset + size }
}

export async function firstBox(source: ByteSource, from: number, to: number, type: string): Promise<Box | null> {
  for await (const box of boxesOf(source, from, to)) if (box.type === type) return box
  return null
}

/**
 * Where the children of a `meta` box begin. ISO/IEC 14496-12 §8.11.1 makes it a full box (4 bytes of version and flags);
 * QuickTime's metadata atom has none. Both begin with `hdlr`.
 */
export async function metaChildrenStart(source: ByteSource, meta: Box): Promise<number> {
  const opening = await source.read(meta.start, 8)
  return latin1(opening, 4, 8) === 'hdlr' ? meta.start : meta.start + 4
}
