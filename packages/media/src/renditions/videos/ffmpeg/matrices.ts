import { open } from 'node:fs/promises'
import { boxesOf, firstBox } from '../../../bytes/boxes.ts'
import { fileSource } from '../../../bytes/file-source.ts'

/** ISO/IEC 14496-12 §8.3.2: nine fixed point numbers, 16.16 and in the last column 2.30. */
const identity = Buffer.alloc(36)
identity.writeInt32BE(0x1_0000, 0)
identity.writeInt32BE(0x1_0000, 16)
identity.writeInt32BE(0x4000_0000, 32)

/**
 * Writes the identity into the track headers of an MP4 that ffmpeg made. It hands the original's matrix on, so that a
 * player would turn what the filters have turned; the option against that has another name in every few versions.
 */
export async function clearMatrices(file: string): Promise<void> {
  await using handle = await open(file, 'r+')
  const { size } = await handle.stat()
  const { source } = await fileSource(handle, size)
  const movie = await firstBox(source, 0, size, 'moov')
  if (movie === null) return
  for await (const track of boxesOf(source, movie.start, movie.end)) {
    const header = track.type === 'trak' ? await firstBox(source, track.start, track.end, 'tkhd') : null
    if (header === null) continue
    const [version] = await source.read(header.start, 1)
    await handle.write(identity, 0, identity.length, header.start + (version === 1 ? 52 : 40))
  }
}
