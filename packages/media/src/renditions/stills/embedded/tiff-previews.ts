import { Malformed } from '../../../bytes/source.ts'
import type { ByteSource } from '../../../bytes/source.ts'
import { readNextDirectory, readNumber, readRootDirectory, readSubdirectory } from '../../../details/tiff-directory.ts'
import type { TiffDirectory } from '../../../details/tiff-directory.ts'

/** A JPEG inside another file: where its bytes are. */
export type EmbeddedJpeg = { readonly offset: number; readonly length: number }

export type TiffPreviews = {
  /** The largest first, by bytes: more pixels take more of them. */
  readonly jpegs: readonly EmbeddedJpeg[]
  /** What the first directory says, 1 to 8: the previews rarely say it themselves. */
  readonly orientation: number
}

/** TIFF 6.0 §8 and §22, TIFF technical note 1 (SubIFDs), DNG 1.7 §4; the first is Panasonic's (ExifTool, Image::ExifTool::PanasonicRaw). */
const tags = { jpgFromRaw: 0x2e, compression: 0x103, stripOffsets: 0x111, orientation: 0x112, stripBytes: 0x117, subdirectories: 0x14a, jpegOffset: 0x201, jpegBytes: 0x202 } as const
/** JPEG as TIFF 6.0 had it, and as technical note 2 has it. A sensor's lossless JPEG has a number of these too; it does not open as a picture. */
const jpegCompressions = new Set([6, 7])
/** DNG has one for each of its previews and the raw image. */
const maximumSubdirectories = 8
/** The first directory is the picture or a preview, the second its thumbnail; Canon's CR2 has four. */
const maximumDirectories = 6

/** The JPEGs in a TIFF, a DNG, another camera's RAW that is TIFF inside, or an Exif block. */
export async function previewsInTiff(source: ByteSource): Promise<TiffPreviews> {
  const jpegs: EmbeddedJpeg[] = []
  let orientation = 1
  try {
    let directory = await readRootDirectory(source)
    if (directory !== null) orientation = (await readNumber(directory, tags.orientation)) ?? 1
    for (let count = 0; directory !== null && count < maximumDirectories; count += 1) {
      jpegs.push(...(await jpegsIn(directory)))
      for (let index = 0; index < maximumSubdirectories; index += 1) {
        const below = await readSubdirectory(directory, tags.subdirectories, index)
        if (below === null) break
        jpegs.push(...(await jpegsIn(below)))
      }
      directory = await readNextDirectory(directory)
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error // what was found before the broken place counts
  }
  return { jpegs: jpegs.toSorted((a, b) => b.length - a.length), orientation }
}

async function jpegsIn(directory: TiffDirectory): Promise<EmbeddedJpeg[]> {
  const jpegs: EmbeddedJpeg[] = []
  const fromRaw = directory.entries.get(tags.jpgFromRaw)
  if (fromRaw !== undefined) jpegs.push({ offset: fromRaw.offset, length: fromRaw.count })
  const offset = await readNumber(directory, tags.jpegOffset)
  const bytes = await readNumber(directory, tags.jpegBytes)
  if (offset !== null && bytes !== null) jpegs.push({ offset, length: bytes })
  const strip = await readNumber(directory, tags.stripOffsets)
  const stripBytes = await readNumber(directory, tags.stripBytes)
  if (strip !== null && stripBytes !== null && jpegCompressions.has((await readNumber(directory, tags.compression)) ?? 0)) jpegs.push({ offset: strip, length: stripBytes })
  return jpegs
}
