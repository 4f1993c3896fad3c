import { boxesOf, firstBox } from '../bytes/boxes.ts'
import { latin1, u32 } from '../bytes/numbers.ts'
import { partOf } from '../bytes/source.ts'
import type { ByteSource } from '../bytes/source.ts'
import { wordsOf } from '../details/exif.ts'
import { readNumber, readRootDirectory } from '../details/tiff-directory.ts'
import type { Draft } from '../reading.ts'
import { readJpeg } from './jpeg.ts'

/** Camera RAW that is not TIFF: the others (DNG, CR2, NEF, ARW, ORF, RW2, PEF ...) are read as TIFF. */

/** Canon's box in a CR3, 85c0b687-820f-11e0-8111-f4ce462b6a48 (not published; github.com/lclevy/canon_cr3 "CR3 file structure"). */
const canonBox = '\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48'
const tiffTags = { width: 0x100, height: 0x101 } as const

/** CR3: the directories of Exif as blocks of their own: `CMT1` is the first one, `CMT2` Exif, `CMT4` GPS. */
export async function readCr3(source: ByteSource, draft: Draft): Promise<void> {
  const movie = await firstBox(source, 0, source.size, 'moov')
  if (movie === null) return
  for await (const box of boxesOf(source, movie.start, movie.end)) {
    if (box.type !== 'uuid' || latin1(await source.read(box.start, 16)) !== canonBox) continue
    const directory = async (type: string) => {
      const block = await firstBox(source, box.start + 16, box.end, type)
      return block === null ? null : readRootDirectory(partOf(source, block.start, block.end))
    }
    const root = await directory('CMT1')
    draft.exif = await wordsOf({ root, exif: await directory('CMT2'), gps: await directory('CMT4') })
    draft.picture = {
      width: root === null ? null : await readNumber(root, tiffTags.width),
      height: root === null ? null : await readNumber(root, tiffTags.height),
      codec: 'raw',
    }
    return
  }
}

/** Fujifilm's RAF: the position and length of a full JPEG with Exif at byte 84 (not published; libopenraw, "RAF file format"). */
export async function readRaf(source: ByteSource, draft: Draft): Promise<void> {
  const position = await source.read(84, 8)
  const start = u32(position, 0)
  await readJpeg(partOf(source, start, start + u32(position, 4)), draft)
  if (draft.picture !== undefined) draft.picture = { ...draft.picture, codec: 'raw' }
}
