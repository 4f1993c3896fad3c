import { latin1, startsWith, u16, u32 } from '../bytes/numbers.ts'

const header = 'Apple iOS\0'
/** ExifTool, Image::ExifTool::Apple: 0x0011 ContentIdentifier, "used for Live Photos". */
const contentIdentifierTag = 0x0011
const asciiType = 2

/**
 * The Live Photo id in Apple's MakerNote: `Apple iOS\0`, a version (2 bytes), a byte order mark (2), then a directory as
 * in TIFF whose offsets count from the header (not published by Apple; ExifTool lib/Image/ExifTool/Apple.pm, MakerNotes.pm).
 * Throws Malformed where it is cut.
 */
export function contentIdentifierOf(makerNote: Uint8Array): string | null {
  if (!startsWith(makerNote, header)) return null
  const little = startsWith(makerNote, 'II', 12)
  const count = u16(makerNote, 14, little)
  for (let index = 0; index < count; index += 1) {
    const entry = 16 + index * 12
    if (u16(makerNote, entry, little) !== contentIdentifierTag) continue
    if (u16(makerNote, entry + 2, little) !== asciiType) return null
    const length = u32(makerNote, entry + 4, little)
    const start = length <= 4 ? entry + 8 : u32(makerNote, entry + 8, little)
    return validIdentifier(latin1(makerNote, start, start + Math.min(length, 256)))
  }
  return null
}

/** Apple writes upper-case UUIDs; old third-party files have other text. Equality is all that pairing needs. */
export function validIdentifier(text: string): string | null {
  const identifier = (text.split('\0')[0] ?? '').trim()
  return /^[\x21-\x7e]{1,128}$/.test(identifier) ? identifier : null
}
