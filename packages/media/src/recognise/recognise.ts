import { fileTypeFromBuffer } from 'file-type'
import { latin1, startsWith } from '../bytes/numbers.ts'
import type { MediaFacts } from '../facts.ts'
import { brandedImageType } from './brands.ts'
import { kindOfType, mediaTypeOfName } from './media-names.ts'
import { sidecarTypeOf } from './sidecars.ts'

export type Recognised = Pick<MediaFacts, 'kind' | 'mediaType' | 'recognised'>

/** What a file is, from its first bytes; from its name where these say nothing. */
export async function recognise(head: Uint8Array, name: string): Promise<Recognised> {
  const sidecar = sidecarTypeOf(head)
  if (sidecar !== null) return { kind: 'sidecar', mediaType: sidecar, recognised: true }
  const byContent = brandedImageType(head) ?? (await fileTypeFromBuffer(head))?.mime ?? missedImageType(head)
  const byName = mediaTypeOfName(name)
  // Any text may begin as XML does: it is no evidence against a name.
  if (byContent === null || byContent === 'application/xml') {
    return { kind: byName?.kind ?? 'other', mediaType: byName?.mediaType ?? byContent ?? 'application/octet-stream', recognised: false }
  }
    // RAW of many makers is TIFF, and says which only by its name.
  const mediaType = byContent === 'image/tiff' && byName?.mediaType.startsWith('image/x-') === true ? byName.mediaType : byContent
  const kind = kindOfType(mediaType)
  return { kind, mediaType, recognised: kind !== 'other' }
}

/**
 * Magic that file-type leaves out or does not stop at: it reads on in PNG and TIFF, and answers nothing where the next
 * part lies beyond the bytes that it was given; of Olympus' three marks it has one (ExifTool, Image::ExifTool::Olympus).
 */
function missedImageType(head: Uint8Array): string | null {
  if (startsWith(head, '\x89PNG\r\n\x1a\n')) return 'image/png'
  const mark = latin1(head, 0, 4)
  if (mark === 'IIRO' || mark === 'IIRS' || mark === 'MMOR') return 'image/x-olympus-orf'
  return mark === 'II*\0' || mark === 'MM\0*' ? 'image/tiff' : null
}
