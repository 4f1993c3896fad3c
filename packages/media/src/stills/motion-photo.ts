import { boxesOf } from '../bytes/boxes.ts'
import { latin1, startsWith, u16, u32 } from '../bytes/numbers.ts'
import type { ByteSource } from '../bytes/source.ts'
import type { MotionPhoto } from '../facts.ts'
import type { MediaReading } from '../reading.ts'

/**
 * The video behind the still in one file. Three ways of saying where it is, all of which lie in files that a program has
 * cut or rewritten; so the place counts only if a movie begins there.
 */
export async function findMotionPhoto(source: ByteSource, { xmp, exif }: Pick<MediaReading, 'xmp' | 'exif'>): Promise<MotionPhoto | null> {
  const candidates: number[] = []
  const items = xmp?.container ?? []
  const index = items.findIndex(({ semantic }, at) => semantic === 'MotionPhoto' && at > 0)
  if (index > 0) {
    // Google, "Motion Photo format 1.0": the items follow each other up to the file's end. Samsung's padding is part of its length or not.
    const behind = items.slice(index + 1).reduce((sum, { length, padding }) => sum + length + padding, 0)
    const { length = 0, padding = 0 } = items[index] ?? {}
    candidates.push(source.size - behind - length, source.size - behind - length - padding)
  }
  const fromEnd = xmp?.microVideoOffset ?? null
  if (fromEnd !== null) candidates.push(source.size - fromEnd)
  for (const offset of candidates) {
    const video = await movieAt(source, offset, source.size)
    if (video !== null) return video
  }
  const isSamsung = exif?.camera?.make?.toLowerCase().startsWith('samsung') === true
  const trailer = isSamsung ? await samsungTrailer(source) : []
  const embedded = trailer.find(({ name }) => name === 'MotionPhoto_Data')
  return embedded === undefined ? null : movieAt(source, embedded.start, embedded.end)
}

/** A movie that begins at an offset and ends with its last box, at most at `limit`. */
export async function movieAt(source: ByteSource, offset: number, limit: number): Promise<MotionPhoto | null> {
  if (offset <= 0 || !startsWith(await source.read(offset, 12), 'ftyp', 4)) return null
  let end = offset
  for await (const box of boxesOf(source, offset, Math.min(limit, source.size))) {
    if (!/^[\w ]{4}$/.test(box.type)) break // a maker's trailer, not a box
    end = box.end
  }
  return end > offset ? { offset, bytes: end - offset } : null
}

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
