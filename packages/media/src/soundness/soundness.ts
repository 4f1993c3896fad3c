import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { throughSource } from '../bytes/file-source.ts'
import { Malformed } from '../bytes/source.ts'
import { recognise } from '../recognise/recognise.ts'
import { checkBoxes, checkJpegXl } from './box-files.ts'
import { checkGif, checkPng, checkRiff } from './chunk-files.ts'
import { checkJpeg } from './jpeg.ts'
import { checkTiff } from './tiff.ts'
import { cut, damaged } from './verdict.ts'
import type { Check, Soundness } from './verdict.ts'

const checks = new Map<string, Check>([
  ['image/jpeg', checkJpeg],
  ['image/png', checkPng],
  ['image/apng', checkPng],
  ['image/gif', checkGif],
  ['image/webp', checkRiff],
  ['image/jxl', checkJpegXl],
  ['image/tiff', checkTiff],
  ['image/x-adobe-dng', checkTiff],
  ['image/x-canon-cr3', checkBoxes],
  ...['heic', 'heic-sequence', 'heif', 'heif-sequence', 'avif'].map((name) => [`image/${name}`, checkBoxes] as const),
  ...['quicktime', 'mp4', 'x-m4v', '3gpp', '3gpp2'].map((name) => [`video/${name}`, checkBoxes] as const),
])

/**
 * Reads headers; of a JPEG without an end where one should be, all of it once, in pieces. Throws for the file alone
 * (cannot be opened or read).
 */
export async function soundnessOf(path: string): Promise<Soundness> {
  const handle = await open(path)
  try {
    const { size } = await handle.stat()
    if (size === 0) return cut('the file is empty')
    const source = throughSource(handle, size)
    const { mediaType, recognised } = await recognise(await source.read(0, 64 * 1024), basename(path))
    const check = recognised ? checks.get(mediaType) : undefined
    return check === undefined ? { code: 'unknown' } : await check(source)
  } catch (error) {
    if (error instanceof Malformed) return damaged(error.message)
    throw error
  } finally {
    await handle.close()
  }
}
