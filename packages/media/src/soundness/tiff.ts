import type { ByteSource } from '../bytes/source.ts'
import { orNull } from '../details/exif.ts'
import { readNumbers, readRootDirectory, readSubdirectory } from '../details/tiff-directory.ts'
import type { TiffDirectory } from '../details/tiff-directory.ts'
import { cut, damaged, whole } from './verdict.ts'
import type { Soundness } from './verdict.ts'

/** TIFF 6.0 §8 and §15: where the strips or tiles are, and how long. */
const places = [{ offsets: 0x111, lengths: 0x117 }, { offsets: 0x144, lengths: 0x145 }] as const
const subdirectories = 0x14a
const maximumSubdirectories = 8
/** A gigapixel in tiles of 256 points has 16,000. */
const maximumPieces = 100_000

export async function checkTiff(source: ByteSource): Promise<Soundness> {
  const root = await readRootDirectory(source)
  if (root === null || root.entries.size === 0) return source.size < 4096 ? cut('it ends before its directory') : damaged('it has no directory')
  const directories = [root]
  for (let index = 0; index < maximumSubdirectories; index += 1) {
    const below = await orNull(readSubdirectory(root, subdirectories, index))
    if (below === null) break
    directories.push(below)
  }
  for (const directory of directories) {
    if (!directory.isWhole) return cut('a directory lies beyond its end')
    if ((await lastByteOf(directory)) > source.size) return cut('image data lie beyond its end')
  }
  return whole
}

async function lastByteOf(directory: TiffDirectory): Promise<number> {
  let last = 0
  for (const { offsets, lengths } of places) {
    const count = Math.min(directory.entries.get(offsets)?.count ?? 0, maximumPieces)
    if (count === 0) continue
    const starts = (await readNumbers(directory, offsets, count)) ?? []
    const sizes = (await readNumbers(directory, lengths, count)) ?? []
    starts.forEach((start, index) => {
      last = Math.max(last, start + (sizes[index] ?? 0))
    })
  }
  return last
}
