import { freeAtOnce } from '../bytes/free-at-once.ts'
import { readFacts } from '../index.ts'
import type { RenderJob, RenditionFile } from './job.ts'
import { encodeThumb } from './stills/encode.ts'
import { decodeHeifThumbnail } from './stills/heif/decode-heif.ts'
import { thumbShortEdge } from './stills/shapes.ts'

export type QuickThumb =
  | { readonly outcome: 'made'; readonly rendition: RenditionFile; readonly thumbhash: string }
  /** There is no small picture of fitting size in the file; nothing is said about the file. */
  | { readonly outcome: 'none' }

/** iPhones put 320 x 240 into a HEIC: shown at 250, that is as good as exact. */
const shortEdge = 0.9 * thumbShortEdge

/**
 * A `thumb` from the small picture inside a HEIC, in a few milliseconds, until `render` has made the real one; of the
 * same shape, lying the same way. Runs inside a worker process, as `render` does, and rejects as it does.
 */
export async function quickThumb({ path, folder, limits }: RenderJob): Promise<QuickThumb> {
  const { mediaType } = await readFacts(path)
  if (!mediaType.startsWith('image/hei')) return { outcome: 'none' }
  const decoded = await decodeHeifThumbnail(path, shortEdge, limits)
  if (decoded.outcome === 'not_decoded' || decoded.problem !== null) return { outcome: 'none' }
  const { file, thumbhash } = await encodeThumb(decoded, folder)
  freeAtOnce(decoded.tiff)
  return { outcome: 'made', rendition: file, thumbhash }
}
