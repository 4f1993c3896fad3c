import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import type { MediaDetails } from '@everroll/protocol'
import { fileSource } from './bytes/file-source.ts'
import type { MediaFacts } from './facts.ts'
import { factsOf, readSource } from './read-source.ts'
import type { Read } from './read-source.ts'
import { mediaDetailsOf } from './views.ts'

/** The path names a folder, a pipe or a device. Its receiver skips it: there is no original in it. */
export class NotAFileError extends Error {
  override readonly name = 'NotAFileError'
  readonly code = 'not_a_file'
}

/** Opening a pipe would otherwise wait for its writer, for ever. Windows has no such flag and no such pipes. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

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
    return await readSource(source, head, basename(path))
  } finally {
    await handle.close()
  }
}

/** What the file at a path is and what its camera wrote into it, as far as a device needs it before it syncs. */
export async function readFacts(path: string): Promise<MediaFacts> {
  return factsOf(await readFile(path))
}

/** Everything that the headers of a file say, but for what only decoding it gives (`thumbhash`, `problem`). */
export async function readDetails(path: string): Promise<MediaDetails> {
  return mediaDetailsOf((await readFile(path)).reading)
}

/** Both, of one pass over the file. */
export async function readMedia(path: string): Promise<{ readonly facts: MediaFacts; readonly details: MediaDetails }> {
  const read = await readFile(path)
  return { facts: factsOf(read), details: mediaDetailsOf(read.reading) }
}
