import { u16, u8 } from '../bytes/numbers.ts'
import type { ByteSource } from '../bytes/source.ts'
import type { Draft } from '../reading.ts'

/** What is looked at: the frames of a longer animation are not counted to the end, and it gets no duration. */
const scannedBytes = 2 * 1024 * 1024
/** GIF89a §20, §23, §26. */
const image = 0x2c
const extension = 0x21
const trailer = 0x3b
const graphicControl = 0xf9

/** GIF89a: the logical screen (§18) and how long its frames last (§23, in hundredths of a second). */
export async function readGif(source: ByteSource, draft: Draft): Promise<void> {
  const bytes = await source.read(0, scannedBytes)
  if (bytes.length < 13) return
  draft.picture = { width: u16(bytes, 6, true), height: u16(bytes, 8, true), codec: 'gif' }
  const { frames, hundredths, isWhole } = countFrames(bytes)
  if (frames < 2) return
  draft.picture = { ...draft.picture, marks: ['animated'], durationMs: isWhole ? hundredths * 10 : null }
}

export function countFrames(bytes: Uint8Array): { readonly frames: number; readonly hundredths: number; readonly isWhole: boolean } {
  let frames = 0
  let hundredths = 0
  let at = 13 + tableBytes(u8(bytes, 10))
  while (at < bytes.length) {
    const kind = u8(bytes, at)
    if (kind === trailer) return { frames, hundredths, isWhole: true }
    if (kind === extension) {
      if (at + 6 <= bytes.length && u8(bytes, at + 1) === graphicControl) hundredths += u16(bytes, at + 4, true)
      at = behindBlocks(bytes, at + 2)
    } else if (kind === image) {
      if (at + 10 > bytes.length) break
      frames += 1
      at = behindBlocks(bytes, at + 10 + tableBytes(u8(bytes, at + 9)) + 1)
    } else {
      break
    }
  }
  return { frames, hundredths, isWhole: false }
}

/** §19: three bytes for each of 2 to 256 colours, if the upper bit says that there is a table. */
const tableBytes = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1))

/** §15: data blocks with their length before them, up to an empty one. */
function behindBlocks(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length) {
    const length = u8(bytes, at)
    at += 1 + length
    if (length === 0) break
  }
  return at
}
