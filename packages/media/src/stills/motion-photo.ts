import { boxesOf } from '../bytes/boxes.ts'
import { startsWith } from '../bytes/numbers.ts'
import type { ByteSource } from '../bytes/source.ts'
import { partOf } from '../bytes/source.ts'
import type { MotionPhoto } from '../facts.ts'
import type { Draft, MediaReading } from '../reading.ts'
import { samsungTrailer } from '../samsung-trailer.ts'
import { readMovie } from '../videos/movie.ts'

/** What of it is told: where it is and how long it plays. `known`: where the container itself says that it is. */
export async function readMotionPhoto(source: ByteSource, draft: Draft, known: MotionPhoto | null = null): Promise<void> {
  const found = known ?? (await findMotionPhoto(source, draft))
  draft.motionPhoto = found
  if (found === null || draft.picture === undefined) return
  const movie: Draft = {}
  await readMovie(partOf(source, found.offset, found.offset + found.bytes), movie)
  const durationMs = movie.picture?.durationMs ?? null
  if (durationMs !== null) draft.picture = { ...draft.picture, durationMs }
}

/**
 * The video behind the still in one file. Three ways of saying where it is, all of which lie in files that a program has
 * cut or rewritten; so the place counts only if a movie begins there.
 */
async function findMotionPhoto(source: ByteSource, { xmp, exif }: Pick<MediaReading, 'xmp' | 'exif'>): Promise<MotionPhoto | null> {
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
