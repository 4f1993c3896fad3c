import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileSource, Malformed } from './bytes/source.ts'
import type { ByteSource } from './bytes/source.ts'
import { readExif } from './details/exif.ts'
import type { CaptureDetails, MediaFacts } from './facts.ts'
import { noDetails } from './facts.ts'
import { mediaTypeOfName } from './recognise/media-names.ts'
import { recognise } from './recognise/recognise.ts'
import { readHeif } from './stills/heif.ts'
import { readJpegXl } from './stills/jpeg-xl.ts'
import { readJpeg } from './stills/jpeg.ts'
import { readPng } from './stills/png.ts'
import { readCr3, readRaf } from './stills/raw.ts'
import { readWebp } from './stills/webp.ts'
import { readQuickTime } from './videos/quicktime.ts'

type Reader = (source: ByteSource) => Promise<CaptureDetails>

/** Who reads what; RAW that is not here is a TIFF. GIF, BMP, AVI, Matroska and MPEG-TS have no details that are read. */
const readers = new Map<string, Reader>([
  ['image/jpeg', readJpeg],
  ['image/heic', readHeif],
  ['image/heic-sequence', readHeif],
  ['image/heif', readHeif],
  ['image/heif-sequence', readHeif],
  ['image/avif', readHeif],
  ['image/png', readPng],
  ['image/apng', readPng],
  ['image/webp', readWebp],
  ['image/jxl', readJpegXl],
  ['image/tiff', readExif],
  ['image/x-canon-cr3', readCr3],
  ['image/x-fujifilm-raf', readRaf],
  ['video/quicktime', readQuickTime],
  ['video/mp4', readQuickTime],
  ['video/x-m4v', readQuickTime],
  ['video/3gpp', readQuickTime],
  ['video/3gpp2', readQuickTime],
])

const readerOf = (mediaType: string): Reader | undefined =>
  readers.get(mediaType) ?? (mediaType.startsWith('image/x-') ? readExif : undefined)

/** The path names a folder, a pipe or a device. Its receiver skips it: there is no original in it. */
export class NotAFileError extends Error {
  override readonly name = 'NotAFileError'
  readonly code = 'not_a_file'
}

/** Opening a pipe would otherwise wait for its writer, for ever. Windows has no such flag and no such pipes. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/**
 * What the file at a path is and what its camera wrote into it. Reads the few parts that it needs: at most 8 MiB in at
 * most 400 reads, whatever the content says. Throws for the file alone (cannot be opened or read, or NotAFileError),
 * never for its content.
 */
export async function readFacts(path: string): Promise<MediaFacts> {
  const handle = await open(path, openFlags)
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw new NotAFileError(`not a file: ${path}`)
    const { source, head } = await fileSource(handle, stat.size)
    const recognised = await recognise(head, basename(path))
    const reader = recognised.recognised ? readerOf(recognised.mediaType) : undefined
    return { ...recognised, ...(reader === undefined ? noDetails : await readOrNothing(reader, source)) }
  } finally {
    await handle.close()
  }
}

async function readOrNothing(reader: Reader, source: ByteSource): Promise<CaptureDetails> {
  try {
    return await reader(source)
  } catch (error) {
    if (error instanceof Malformed) return noDetails
    throw error
  }
}

/**
 * The one rule of what a source takes: a file is left out only if its content is not recognised and its name is not one
 * of media. So a cut JPEG is kept (as it is), and so is a photo whose name says nothing.
 */
export function isMedia(facts: Pick<MediaFacts, 'recognised'>, name: string): boolean {
  return facts.recognised || mediaTypeOfName(name) !== null
}
