import { boxesOf, firstBox } from '../../../bytes/boxes.ts'
import type { Box } from '../../../bytes/boxes.ts'
import { latin1, u32 } from '../../../bytes/numbers.ts'
import { partOf } from '../../../bytes/source.ts'
import type { ByteSource } from '../../../bytes/source.ts'
import { readNumber, readRootDirectory } from '../../../details/tiff-directory.ts'
import type { TiffPreviews } from './tiff-previews.ts'

// Canon's CR3 is not published; github.com/lclevy/canon_cr3 describes it.
const metadataBox = '\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48'
const previewBox = '\xea\xf4\x2b\x5e\x1c\x98\x4b\x88\xb9\xfb\xb7\xdc\x40\x6e\x4d\x16'
const orientationTag = 0x112

export async function previewsInCr3(source: ByteSource): Promise<TiffPreviews> {
  const preview = await uuidBox(source, 0, source.size, previewBox)
  // Behind the identifier 8 bytes, then a box: 12 bytes of sizes, the length of the JPEG, the JPEG.
  const inner = preview === null ? null : await firstBox(source, preview.start + 24, preview.end, 'PRVW')
  if (inner === null) return { jpegs: [], orientation: 1 }
  const length = u32(await source.read(inner.start + 12, 4), 0)
  return { jpegs: [{ offset: inner.start + 16, length }], orientation: await orientationOf(source) }
}

async function orientationOf(source: ByteSource): Promise<number> {
  const movie = await firstBox(source, 0, source.size, 'moov')
  const metadata = movie === null ? null : await uuidBox(source, movie.start, movie.end, metadataBox)
  const block = metadata === null ? null : await firstBox(source, metadata.start + 16, metadata.end, 'CMT1')
  const directory = block === null ? null : await readRootDirectory(partOf(source, block.start, block.end))
  return (directory === null ? null : await readNumber(directory, orientationTag)) ?? 1
}

async function uuidBox(source: ByteSource, from: number, to: number, identifier: string): Promise<Box | null> {
  for await (const box of boxesOf(source, from, to)) {
    if (box.type === 'uuid' && latin1(await source.read(box.start, 16)) === identifier) return box
  }
  return null
}
