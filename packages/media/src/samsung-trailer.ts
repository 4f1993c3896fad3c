import { latin1, startsWith, u16, u32 } from './bytes/numbers.ts'
import type { ByteSource } from './bytes/source.ts'

export type TrailerEntry = { readonly name: string; readonly start: number; readonly end: number }

/** Real trailers have fewer than 20 entries. */
const maximumEntries = 100
const maximumNameBytes = 64

/**
 * Samsung's trailer (not published; ExifTool, Image::ExifTool::Samsung, ProcessSamsung): `SEFH`, version, count, entries of
 * type, distance back from `SEFH`, size; then the directory's length and `SEFT` at the file's end. Each entry's data
 * begins with its type, the length of its name, and its name.
 */
export async function samsungTrailer(source: ByteSource): Promise<TrailerEntry[]> {
  const tail = await source.read(source.size - 8, 8)
  if (tail.length < 8 || !startsWith(tail, 'SEFT', 4)) return []
  const length = u32(tail, 0, true)
  const directoryStart = source.size - 8 - length
  const directory = await source.read(directoryStart, Math.min(length, 12 + maximumEntries * 12))
  if (directory.length < 12 || !startsWith(directory, 'SEFH')) return []
  const entries: TrailerEntry[] = []
  for (let at = 12; at + 12 <= directory.length && entries.length < u32(directory, 8, true); at += 12) {
    const start = directoryStart - u32(directory, at + 4, true)
    const size = u32(directory, at + 8, true)
    const head = await source.read(start, 8 + maximumNameBytes)
    if (head.length < 8 || u16(head, 2, true) !== u16(directory, at + 2, true)) continue
    const nameLength = Math.min(u32(head, 4, true), maximumNameBytes)
    entries.push({ name: latin1(head, 8, 8 + nameLength), start: start + 8 + nameLength, end: start + size })
  }
  return entries
}
