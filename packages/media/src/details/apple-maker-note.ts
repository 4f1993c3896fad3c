import { i32, latin1, startsWith, u16, u32 } from '../bytes/numbers.ts'
import { Malformed } from '../bytes/source.ts'

const header = 'Apple iOS\0'
const asciiType = 2
const longTypes = new Set([4, 9])

// Not published by Apple; numbers from ExifTool, Image::ExifTool::Apple.
const burstTag = 0x000b
const contentIdentifierTag = 0x0011
const captureTypeTag = 0x0014

export type AppleNote = {
  readonly contentIdentifier: string | null
  readonly burstId: string | null
  /** 2 is a portrait, see ExifTool's ImageCaptureType. */
  readonly captureType: number | null
}

/**
 * Apple's MakerNote: `Apple iOS\0`, a version (2 bytes), a byte order mark (2), then a directory as in TIFF whose offsets
 * count from the header (ExifTool lib/Image/ExifTool/Apple.pm, MakerNotes.pm). A cut note gives what is left of it.
 */
export function readAppleNote(makerNote: Uint8Array): AppleNote | null {
  if (!startsWith(makerNote, header)) return null
  const little = startsWith(makerNote, 'II', 12)
  const texts = new Map<number, string>()
  let captureType: number | null = null
  try {
    const count = u16(makerNote, 14, little)
    for (let index = 0; index < count; index += 1) {
      const entry = 16 + index * 12
      const tag = u16(makerNote, entry, little)
      const type = u16(makerNote, entry + 2, little)
      if (tag === captureTypeTag && longTypes.has(type)) captureType = i32(makerNote, entry + 8, little)
      if ((tag !== burstTag && tag !== contentIdentifierTag) || type !== asciiType) continue
      const length = u32(makerNote, entry + 4, little)
      const start = length <= 4 ? entry + 8 : u32(makerNote, entry + 8, little)
      texts.set(tag, latin1(makerNote, start, start + Math.min(length, 256)))
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
  }
  return {
    contentIdentifier: validIdentifier(texts.get(contentIdentifierTag) ?? ''),
    burstId: validIdentifier(texts.get(burstTag) ?? ''),
    captureType,
  }
}

/** Apple writes upper-case UUIDs; old third-party files have other text. Equality is all that pairing needs. */
export function validIdentifier(text: string): string | null {
  const identifier = (text.split('\0')[0] ?? '').trim()
  return /^[\x21-\x7e]{1,128}$/.test(identifier) ? identifier : null
}
