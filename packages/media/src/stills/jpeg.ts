import { latin1, startsWith, u16, u32 } from '../bytes/numbers.ts'
import { memorySource, partOf } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'
import { readExif } from '../details/exif.ts'
import { readPhotoshopResources } from '../details/iptc.ts'
import { readRaw, readRootDirectory } from '../details/tiff-directory.ts'
import { readXmp } from '../details/xmp.ts'
import type { Draft } from '../reading.ts'
import { isFrameHeader, segmentsOf } from './jpeg-segments.ts'
import type { Segment } from './jpeg-segments.ts'
import { readMotionPhoto } from './motion-photo.ts'

const headers = {
  exif: 'Exif\0\0', // Exif 3.0 §4.7.2
  xmp: 'http://ns.adobe.com/xap/1.0/\0', // XMP part 3 §1.1.3
  photoshop: 'Photoshop 3.0\0', // XMP part 3 §1.1.3.1
  multiPicture: 'MPF\0', // CIPA DC-007 §5.1
  gainMap: 'urn:iso:std:iso:ts:21496:-1\0', // ISO 21496-1 annex C
} as const
/** IPTC is at most some KB; thumbnails and paths of Photoshop stand beside it. */
const photoshopBytes = 512 * 1024

/** The segments before the image data: Exif, XMP, IPTC, size; then what lies behind the image. */
export async function readJpeg(source: ByteSource, draft: Draft): Promise<void> {
  const photoshop: Uint8Array[] = []
  let photoshopLength = 0
  let multiPicture: Segment | null = null
  let hasGainMap = false

  const bodyOf = (segment: Segment, header: string): Promise<Uint8Array> =>
    source.read(segment.start + header.length, Math.max(0, segment.end - segment.start - header.length))

  for await (const segment of segmentsOf(source)) {
    const { marker, opening } = segment
    if (isFrameHeader(marker) && draft.picture === undefined && opening.length >= 6) {
      draft.picture = { width: u16(opening, 3), height: u16(opening, 1), codec: 'jpeg' }
    } else if (marker === 0xe1 && startsWith(opening, headers.exif)) {
      const exif = draft.exif === undefined ? await readExif(memorySource(await bodyOf(segment, headers.exif))) : null
      if (exif !== null) draft.exif = exif
    } else if (marker === 0xe1 && startsWith(opening, headers.xmp)) {
      draft.xmp ??= readXmp(await bodyOf(segment, headers.xmp))
    } else if (marker === 0xed && startsWith(opening, headers.photoshop) && photoshopLength < photoshopBytes) {
      const part = await bodyOf(segment, headers.photoshop) // one list of resources may go on in the next segment
      photoshop.push(part)
      photoshopLength += part.length
    } else if (marker === 0xe2 && startsWith(opening, headers.multiPicture)) {
      multiPicture ??= segment
    } else if (marker === 0xe2 && startsWith(opening, headers.gainMap)) {
      hasGainMap = true
    }
  }

  const iptc = photoshop.length === 0 ? null : readPhotoshopResources(joined(photoshop, photoshopLength))
  if (iptc !== null) draft.iptc = iptc
  hasGainMap ||= draft.xmp?.hasGainMap === true || (multiPicture !== null && (await hasGainMapPicture(source, multiPicture)))
  if (hasGainMap && draft.picture !== undefined) draft.picture = { ...draft.picture, hdr: 'gain_map' }
  await readMotionPhoto(source, draft)
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const entryTag = 0xb002
const entryBytes = 16
/** A camera stores two or three pictures; only their beginnings are looked at. */
const maximumPictures = 4
const pictureOpeningBytes = 8 * 1024

/**
 * Whether one of the other pictures of a multi-picture file (CIPA DC-007 §5.2.3.3) is a gain map: Apple marks it in that
 * picture's XMP alone.
 */
async function hasGainMapPicture(source: ByteSource, segment: Segment): Promise<boolean> {
  const base = segment.start + headers.multiPicture.length
  const directory = await readRootDirectory(partOf(source, base, segment.end))
  const entries = directory === null ? null : await readRaw(directory, entryTag, entryBytes * maximumPictures)
  if (directory === null || entries === null) return false
  for (let at = entryBytes; at + entryBytes <= entries.length; at += entryBytes) {
    const offset = u32(entries, at + 8, directory.little)
    if (offset === 0) continue
    const opening = latin1(await source.read(base + offset, pictureOpeningBytes))
    if (/hdrgainmap|hdr-gain-map|ts:21496/i.test(opening)) return true
  }
  return false
}
