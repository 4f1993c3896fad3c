import { u16, u8 } from '../bytes/numbers.ts'
import type { ByteSource } from '../bytes/source.ts'
import { isFrameHeader, segmentsOf, startOfScan } from '../stills/jpeg-segments.ts'
import { cut, damaged, whole } from './verdict.ts'
import type { Soundness } from './verdict.ts'

const endOfImage = 0xd9
const tailBytes = 64
const pieceBytes = 1024 * 1024
/** A gigapixel. A larger one is not read to its end only to find it. */
const maximumScanBytes = 512 * 1024 * 1024

/** Whole if an end of image follows the last scan (ITU-T T.81 §B.2.1); decoders paint what is missing before it grey. */
export async function checkJpeg(source: ByteSource): Promise<Soundness> {
  let hasFrame = false
  let scanAt: number | null = null
  for await (const { marker, end, opening } of segmentsOf(source)) {
    if (end > source.size) return cut('it ends inside a marker segment')
    if (isFrameHeader(marker)) hasFrame = opening.length >= 6 && u16(opening, 3) > 0
    if (marker === startOfScan) scanAt = end
  }
  if (scanAt === null) return damaged('no image data is found behind its headers')
  if (!hasFrame) return damaged('its image data have no frame header before them')
  return (await endsWithMark(source)) || (await hasEndOfImage(source, scanAt)) ? whole : cut('no end of image follows its image data')
}

/** The common case, told by one read: the file ends with the mark, or with zeros behind it. */
async function endsWithMark(source: ByteSource): Promise<boolean> {
  const tail = Buffer.from(await source.read(Math.max(0, source.size - tailBytes), tailBytes))
  let end = tail.length
  while (end > 0 && tail[end - 1] === 0) end -= 1
  return end >= 2 && tail[end - 2] === 0xff && tail[end - 1] === endOfImage
}

/** Through the coded data and what stands between scans: each byte is looked at once. */
async function hasEndOfImage(source: ByteSource, from: number): Promise<boolean> {
  const limit = Math.min(source.size, maximumScanBytes)
  for (let at = from; at < limit; ) {
    const read = await source.read(at, pieceBytes)
    const piece = Buffer.from(read.buffer, read.byteOffset, read.length)
    let position = piece.indexOf(0xff)
    while (position >= 0 && position + 4 <= piece.length) {
      const marker = u8(piece, position + 1)
      if (marker === endOfImage) return true
      const isData = marker === 0 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8) // stuffing, restart
      const next = position + (marker === 0xff ? 1 : isData ? 2 : 2 + u16(piece, position + 2))
      position = next < piece.length ? piece.indexOf(0xff, next) : next
    }
    if (at + piece.length >= source.size) return position >= 0 && piece[position] === 0xff && piece[position + 1] === endOfImage
    at += position < 0 ? piece.length : position // a segment may lead beyond the piece
  }
  return limit < source.size
}
