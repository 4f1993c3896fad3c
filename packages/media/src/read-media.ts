import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { MediaDetails } from '@everroll/protocol'
import { fileSource, Malformed } from './bytes/source.ts'
import type { ByteSource } from './bytes/source.ts'
import type { MediaFacts } from './facts.ts'
import { readerOf } from './readers.ts'
import type { Draft, MediaReading } from './reading.ts'
import { kindOfType, mediaTypeOfName } from './recognise/media-names.ts'
import { recognise } from './recognise/recognise.ts'
import type { Recognised } from './recognise/recognise.ts'
import { captureDetailsOf, mediaDetailsOf } from './views.ts'

/** The path names a folder, a pipe or a device. Its receiver skips it: there is no original in it. */
export class NotAFileError extends Error {
  override readonly name = 'NotAFileError'
  readonly code = 'not_a_file'
}

/** Opening a pipe would otherwise wait for its writer, for ever. Windows has no such flag and no such pipes. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

type Read = { readonly recognised: Recognised; readonly reading: MediaReading }

/**
 * Reads the few parts of a file that it needs: at most 8 MiB in at most 400 reads, whatever the content says. Throws for
 * the file alone (cannot be opened or read, or NotAFileError), never for its content.
 */
async function readFile(path: string): Promise<Read> {
  const handle = await open(path, openFlags)
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw new NotAFileError(`not a file: ${path}`)
    const { source, head } = await fileSource(handle, stat.size)
    const recognised = await recognise(head, basename(path))
    const reading = recognised.recognised ? await readWith(recognised.mediaType, source) : {}
    const mediaType = reading.mediaType ?? recognised.mediaType
    const kind = recognised.recognised ? kindOfType(mediaType) : recognised.kind
    return { recognised: { ...recognised, mediaType, kind }, reading }
  } finally {
    await handle.close()
  }
}

async function readWith(mediaType: string, source: ByteSource): Promise<MediaReading> {
  const draft: Draft = {}
  try {
    await readerOf(mediaType)?.(source, draft)
  } catch (error) {
    if (!(error instanceof Malformed)) throw error // else what was read before the broken place counts
  }
  return draft
}

/** What the file at a path is and what its camera wrote into it, as far as a device needs it before it syncs. */
export async function readFacts(path: string): Promise<MediaFacts> {
  const { recognised, reading } = await readFile(path)
  return { ...recognised, ...captureDetailsOf(reading) }
}

/** Everything that the headers of a file say, but for what only decoding it gives (`thumbhash`, `problem`). */
export async function readDetails(path: string): Promise<MediaDetails> {
  return mediaDetailsOf((await readFile(path)).reading)
}

/** Both, of one pass over the file. */
export async function readMedia(path: string): Promise<{ readonly facts: MediaFacts; readonly details: MediaDetails }> {
  const { recognised, reading } = await readFile(path)
  return { facts: { ...recognised, ...captureDetailsOf(reading) }, details: mediaDetailsOf(reading) }
}

/**
 * The one rule of what a source takes: a file is left out only if its content is not recognised and its name is not one
 * of media. So a cut JPEG is kept (as it is), and so is a photo whose name says nothing.
 */
export function isMedia(facts: Pick<MediaFacts, 'recognised'>, name: string): boolean {
  return facts.recognised || mediaTypeOfName(name) !== null
}
