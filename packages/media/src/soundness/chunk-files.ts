import { latin1, u32 } from '../bytes/numbers.ts'
import type { ByteSource } from '../bytes/source.ts'
import { countFrames } from '../stills/gif.ts'
import { cut, damaged, whole } from './verdict.ts'
import type { Soundness } from './verdict.ts'

/** PNG 3rd edition §5.6: the last chunk is `IEND`; behind it nothing counts. */
export async function checkPng(source: ByteSource): Promise<Soundness> {
  let hasData = false
  let offset = 8
  for (;;) {
    const header = await source.read(offset, 8)
    if (header.length < 8) return cut('no last chunk is found')
    const type = latin1(header, 4, 8)
    if (!/^[A-Za-z]{4}$/.test(type)) return damaged('what follows a chunk is none')
    const end = offset + 12 + u32(header, 0)
    if (end > source.size) return cut(`it ends inside a chunk ${type}`)
    hasData ||= type === 'IDAT'
    if (type === 'IEND') return hasData ? whole : damaged('it has no image data')
    offset = end
  }
}

/** RFC 9649 §2.4: the length of all that follows stands in the header. */
export async function checkRiff(source: ByteSource): Promise<Soundness> {
  const header = await source.read(0, 8)
  if (header.length < 8) return cut('it ends inside its header')
  return u32(header, 4, true) + 8 > source.size ? cut('it is shorter than its header says') : whole
}

/** Larger animations are judged by their last byte. */
const walkedBytes = 32 * 1024 * 1024

/** GIF89a §27: the trailer ends the blocks. */
export async function checkGif(source: ByteSource): Promise<Soundness> {
  const bytes = await source.read(0, Math.min(source.size, walkedBytes))
  if (bytes.length < 13) return cut('it ends inside its header')
  const { frames, isWhole } = countFrames(bytes)
  if (isWhole) return frames > 0 ? whole : damaged('it has no image')
  if (bytes.length < source.size) return (await source.read(source.size - 1, 1))[0] === 0x3b ? whole : cut('its trailer is missing')
  return cut('its trailer is missing')
}
