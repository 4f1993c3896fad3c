import { boxesOf } from '../bytes/boxes.ts'
import type { Box } from '../bytes/boxes.ts'
import { u32, u64 } from '../bytes/numbers.ts'
import type { ByteSource } from '../bytes/source.ts'
import { tableInside } from '../videos/track.ts'

/** An hour in chunks of half a second has 7,200 chunks a track. */
const tableBytes = 1024 * 1024

/** Where the last chunk of a movie's tracks begins (ISO/IEC 14496-12 §8.7.5), -1 if it has none. */
export async function lastChunkOf(source: ByteSource, { type: parent, start, end }: Box): Promise<number> {
  let last = -1
  for await (const box of boxesOf(source, start, end)) {
    if (box.type === tableInside[parent]) last = Math.max(last, await lastChunkOf(source, box))
    if (box.type !== 'stco' && box.type !== 'co64') continue
    const width = box.type === 'co64' ? 8 : 4
    const table = await source.read(box.start, Math.min(box.end - box.start, tableBytes))
    for (let at = 8; at + width <= table.length; at += width) last = Math.max(last, width === 8 ? u64(table, at) : u32(table, at))
  }
  return last
}
