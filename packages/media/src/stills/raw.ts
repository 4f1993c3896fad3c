import { boxesOf, firstBox } from '../bytes/boxes.ts'
import { latin1, u32 } from '../bytes/numbers.ts'
import { partOf } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'
import { detailsOf } from '../details/exif.ts'
import { readRootDirectory } from '../details/tiff-directory.ts'
import type { CaptureDetails } from '../facts.ts'
import { noDetails } from '../facts.ts'
import { readJpeg } from './jpeg.ts'

/** Camera RAW that is not TIFF: the others (DNG, CR2, NEF, ARW, ORF, RW2, PEF ...) are read as TIFF. */

/** Canon's box in a CR3, 85c0b687-820f-11e0-8111-f4ce462b6a48 (not published; github.com/lclevy/canon_cr3 "CR3 file structure"). */
const canonBox = '\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48'

/** CR3: the directories of Exif as blocks of their own, `CMT2` for Exif and `CMT4` for GPS. */
export async function readCr3(source: ByteSource): Promise<CaptureDetails> {
  const movie = await firstBox(source, 0, source.size, 'moov')
  if (movie === null) return noDetails
  for await (const box of boxesOf(source, movie.start, movie.end)) {
    if (box.type !== 'uuid' || latin1(await source.read(box.start, 16)) !== canonBox) continue
    const directory = async (type: string) => {
      const block = await firstBox(source, box.start + 16, box.end, type)
      return block === null ? null : readRootDirectory(partOf(source, block.start, block.end))
    }
    return detailsOf({ exif: await directory('CMT2'), gps: await directory('CMT4') })
  }
  return noDetails
}

/** Fujifilm's RAF: the position and length of a full JPEG with Exif at byte 84 (not published; libopenraw, "RAF file format"). */
export async function readRaf(source: ByteSource): Promise<CaptureDetails> {
  const position = await source.read(84, 8)
  const start = u32(position, 0)
  return readJpeg(partOf(source, start, start + u32(position, 4)))
}
