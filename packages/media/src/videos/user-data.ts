import { boxesOf, metaChildrenStart } from '../bytes/boxes.ts'
import type { Box } from '../bytes/boxes.ts'
import { i32, textOf, u16 } from '../bytes/numbers.ts'
import { Malformed } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'
import { parseCaptureTime } from '../details/capture-time.ts'
import { parseIso6709, placeFrom } from '../details/place.ts'
import type { Place } from '../facts.ts'
import type { Words } from '../reading.ts'
import { mergeWords } from '../words.ts'
import { readMovieKeys, wordsOfKeys } from './metadata-keys.ts'

/** User data items are short strings. */
const textBytes = 2 * 1024

/** QuickTime File Format, "User data atoms": items named by their box. */
export async function readUserData(source: ByteSource, userData: Box): Promise<Words> {
  let words: Words = {}
  for await (const box of boxesOf(source, userData.start, userData.end)) {
    const text = (): Promise<string> => internationalText(source, box)
    if (box.type === 'meta') words = mergeWords(words, wordsOfKeys(await readMovieKeys(source, await metaChildrenStart(source, box), box.end)))
    if (box.type === '\xa9xyz') words = mergeWords(words, { place: parseIso6709(await text()) })
    if (box.type === '\xa9day') words = mergeWords(words, { time: parseCaptureTime(await text()) })
    if (box.type === '\xa9mak') words = mergeWords(words, { camera: { make: await text() } })
    if (box.type === '\xa9mod') words = mergeWords(words, { camera: { model: await text() } })
    if (box.type === '\xa9swr') words = mergeWords(words, { camera: { software: await text() } })
    if (box.type === '\xa9des') words = mergeWords(words, { caption: await text() })
    if (box.type === 'loci') words = mergeWords(words, { place: await readLoci(source, box) })
  }
  return words
}

/** QuickTime File Format, "User data text strings": length and language (2 bytes each), then text. */
async function internationalText(source: ByteSource, box: Box): Promise<string> {
  const body = await source.read(box.start, Math.min(box.end - box.start, textBytes))
  return body.length < 4 ? '' : textOf(body.subarray(4, 4 + u16(body, 0)))
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
