import { boxesOf, firstBox, metaChildrenStart } from '../bytes/boxes.ts'
import type { Box } from '../bytes/boxes.ts'
import { i32, latin1, u16, u32, u64, u8 } from '../bytes/numbers.ts'
import { Malformed } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'
import { validIdentifier } from '../details/apple-maker-note.ts'
import { parseCaptureTime } from '../details/capture-time.ts'
import { parseIso6709, placeFrom } from '../details/place.ts'
import type { CaptureDetails, Place } from '../facts.ts'
import { mergeDetails, noDetails } from '../facts.ts'
import { readQuickTimeMetadata } from './quicktime-metadata.ts'

/** User data items are short strings. */
const textBytes = 256

/**
 * MOV, MP4, M4V, 3GP: Apple's metadata keys first (they have the zone of the camera), then user data, then the movie
 * header, which has UTC alone.
 */
export async function readQuickTime(source: ByteSource): Promise<CaptureDetails> {
  const movie = await firstBox(source, 0, source.size, 'moov')
  if (movie === null) return noDetails
  let keys = noDetails
  let userData = noDetails
  let header = noDetails
  for await (const box of boxesOf(source, movie.start, movie.end)) {
    if (box.type === 'meta') keys = mergeDetails(keys, await readMeta(source, box))
    if (box.type === 'udta') userData = await readUserData(source, box)
    if (box.type === 'mvhd') header = await readMovieHeader(source, box)
  }
  return mergeDetails(mergeDetails(keys, userData), header)
}

async function readMeta(source: ByteSource, meta: Box): Promise<CaptureDetails> {
  const values = await readQuickTimeMetadata(source, await metaChildrenStart(source, meta), meta.end)
  const time = parseCaptureTime(values.get('com.apple.quicktime.creationdate') ?? '')
  return {
    capturedAt: time?.capturedAt ?? null,
    captureOffsetMinutes: time?.captureOffsetMinutes ?? null,
    place: parseIso6709(values.get('com.apple.quicktime.location.ISO6709') ?? ''),
    contentIdentifier: validIdentifier(values.get('com.apple.quicktime.content.identifier') ?? ''),
  }
}

/** Seconds between 1904-01-01, QuickTime's epoch, and 1970-01-01. */
const epochDifferenceSeconds = 2_082_844_800

/**
 * ISO/IEC 14496-12 §8.2.2: creation time in seconds of 1904, UTC; 0 where it was not set. A number too small to be after
 * 1970 was counted from 1970 by its writer (several Android devices; ExifTool's QuickTime.pm makes the same correction).
 */
async function readMovieHeader(source: ByteSource, box: Box): Promise<CaptureDetails> {
  const body = await source.read(box.start, 12)
  const seconds = u8(body, 0) === 1 ? u64(body, 4) : u32(body, 4)
  const unixSeconds = seconds >= epochDifferenceSeconds ? seconds - epochDifferenceSeconds : seconds
  // Past year 9999 the field holds something else.
  if (seconds === 0 || unixSeconds > 253_402_300_799) return noDetails
  return { ...noDetails, capturedAt: unixSeconds * 1000 }
}

async function readUserData(source: ByteSource, userData: Box): Promise<CaptureDetails> {
  let details = noDetails
  for await (const box of boxesOf(source, userData.start, userData.end)) {
    if (box.type === 'meta') details = mergeDetails(details, await readMeta(source, box))
    if (box.type === '\xa9xyz') {
      details = mergeDetails(details, { ...noDetails, place: parseIso6709(await internationalText(source, box)) })
    }
    if (box.type === '\xa9day') {
      const time = parseCaptureTime(await internationalText(source, box))
      if (time !== null) details = mergeDetails(details, { ...noDetails, ...time })
    }
    if (box.type === 'loci') details = mergeDetails(details, { ...noDetails, place: await readLoci(source, box) })
  }
  return details
}

/** QuickTime File Format, "User data text strings": length and language (2 bytes each), then text. */
async function internationalText(source: ByteSource, box: Box): Promise<string> {
  const body = await source.read(box.start, Math.min(box.end - box.start, textBytes))
  return body.length < 4 ? '' : latin1(body, 4, 4 + u16(body, 0))
}

/** 3GPP TS 26.244 §8.10: language, name ended by zero, role, then longitude, latitude and altitude as 16.16 numbers. */
async function readLoci(source: ByteSource, box: Box): Promise<Place | null> {
  const body = await source.read(box.start, Math.min(box.end - box.start, textBytes))
  const nameEnd = body.indexOf(0, 6)
  if (nameEnd < 0) return null
  const fixed = (index: number): number => i32(body, nameEnd + 2 + index * 4) / 65_536
  try {
    return placeFrom(fixed(1), fixed(0), fixed(2))
  } catch (error) {
    if (error instanceof Malformed) return null
    throw error
  }
}
