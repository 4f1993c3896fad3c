import { open } from 'node:fs/promises'
import { u32 } from '../../../bytes/numbers.ts'
import { fileSource } from '../../../bytes/file-source.ts'
import { Malformed, partOf } from '../../../bytes/source.ts'
import type { ByteSource } from '../../../bytes/source.ts'
import { segmentsOf } from '../../../stills/jpeg-segments.ts'
import { corrupt, unsupported } from '../decoded.ts'
import type { DecodeLimits, NotDecoded, Reduced } from '../decoded.ts'
import { previewsInCr3 } from './canon-cr3.ts'
import { reduceJpeg } from './reduce-jpeg.ts'
import { previewsInTiff } from './tiff-previews.ts'
import type { EmbeddedJpeg, TiffPreviews } from './tiff-previews.ts'

/** The preview of a 100 megapixel RAW has 30 MB. */
const maximumBytes = 128 * 1024 * 1024
/** Candidates that are tried; the first is nearly always it. */
const maximumTries = 4

/** The largest JPEG inside a RAW, or the thumbnail inside a JPEG's Exif: what there is when the picture itself cannot be decoded. */
export async function decodeEmbeddedJpeg(path: string, mediaType: string, limits: DecodeLimits): Promise<Reduced | NotDecoded> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const { jpegs, orientation } = await previewsIn((await fileSource(file, size)).source, mediaType)
    let last: NotDecoded = unsupported(`there is no picture inside this ${mediaType}`)
    for (const { offset, length } of jpegs.filter(isPlace).slice(0, maximumTries)) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, Math.min(length, size - offset, maximumBytes))), { position: offset })
      const reduced = await reduceJpeg(buffer.subarray(0, bytesRead), orientation, limits)
      if (reduced.outcome === 'reduced') return bytesRead < length ? { ...reduced, problem: corrupt('the picture inside the file is cut off') } : reduced
      last = reduced
    }
    return last
  } finally {
    await file.close()
  }
}

/** A tag may be written as a fraction, or below zero, and is read as what it is. */
const isPlace = ({ offset, length }: EmbeddedJpeg): boolean => Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0

async function previewsIn(source: ByteSource, mediaType: string): Promise<TiffPreviews> {
  try {
    if (mediaType === 'image/jpeg') return await previewsInJpeg(source)
    if (mediaType === 'image/x-fujifilm-raf') return { jpegs: [await fujifilmPreview(source)], orientation: 1 }
    if (mediaType === 'image/x-canon-cr3') return await previewsInCr3(source)
    return await previewsInTiff(source)
  } catch (error) {
    if (error instanceof Malformed) return { jpegs: [], orientation: 1 }
    throw error
  }
}

const exifHeaderBytes = 6 // "Exif", two zeros (Exif 3.0 §4.7.2)
const app1 = 0xe1

async function previewsInJpeg(source: ByteSource): Promise<TiffPreviews> {
  for await (const { marker, start, end, opening } of segmentsOf(source)) {
    if (marker !== app1 || Buffer.from(opening.subarray(0, 4)).toString('latin1') !== 'Exif') continue
    const tiffStart = start + exifHeaderBytes
    const { jpegs, orientation } = await previewsInTiff(partOf(source, tiffStart, end))
    return { jpegs: jpegs.map(({ offset, length }) => ({ offset: offset + tiffStart, length })), orientation }
  }
  return { jpegs: [], orientation: 1 }
}

/** The position and length of a full JPEG with Exif at byte 84 (not published; libopenraw, "RAF file format"). */
async function fujifilmPreview(source: ByteSource): Promise<EmbeddedJpeg> {
  const position = await source.read(84, 8)
  return { offset: u32(position, 0), length: u32(position, 4) }
}
