import { Malformed } from './bytes/source.ts'
import type { ByteSource } from './bytes/source.ts'
import type { MediaFacts } from './facts.ts'
import { readerOf } from './readers.ts'
import type { Draft, MediaReading } from './reading.ts'
import { kindOfType, mediaTypeOfName } from './recognise/media-names.ts'
import { recognise } from './recognise/recognise.ts'
import type { Recognised } from './recognise/recognise.ts'
import { captureDetailsOf } from './views.ts'

export type Read = { readonly recognised: Recognised; readonly reading: MediaReading }

/** What bytes under a name are and say, wherever they lie. @param head their first `headBytes`. */
export async function readSource(source: ByteSource, head: Uint8Array, name: string): Promise<Read> {
  const recognised = await recognise(head, name)
  const reading = recognised.recognised ? await readWith(recognised.mediaType, source) : {}
  const mediaType = reading.mediaType ?? recognised.mediaType
  const kind = recognised.recognised ? kindOfType(mediaType) : recognised.kind
  return { recognised: { ...recognised, mediaType, kind }, reading }
}

export const factsOf = ({ recognised, reading }: Read): MediaFacts => ({ ...recognised, ...captureDetailsOf(reading) })

async function readWith(mediaType: string, source: ByteSource): Promise<MediaReading> {
  const draft: Draft = {}
  try {
    await readerOf(mediaType)?.(source, draft)
  } catch (error) {
    if (!(error instanceof Malformed)) throw error // else what was read before the broken place counts
  }
  return draft
}

/**
 * The one rule of what a source takes: a file is left out only if its content is not recognised and its name is not one
 * of media. So a cut JPEG is kept (as it is), and so is a photo whose name says nothing.
 */
export function isMedia(facts: Pick<MediaFacts, 'recognised'>, name: string): boolean {
  return facts.recognised || mediaTypeOfName(name) !== null
}
