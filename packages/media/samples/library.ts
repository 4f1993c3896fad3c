import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeJpeg } from './jpeg.ts'
import { makeLivePhoto } from './live-photo.ts'
import { makeMov } from './mov.ts'
import { momentOf } from './random.ts'
import type { Seed } from './random.ts'

export type SampleLibrary = {
  readonly photos: number
  readonly livePhotos: number
  readonly videos: number
  /** Another seed makes another library, with no file in common. */
  readonly seed?: Seed
  /** Sizes of each file. Absent: as small as they get, under 2 KB. */
  readonly photoBytes?: number
  readonly videoBytes?: number
}

export type SampleFile = {
  readonly path: string
  readonly bytes: number
  /** Which of the wanted assets: the two files of a Live Photo have the same. */
  readonly asset: string
}

/** Writes a folder as a phone's camera roll looks: IMG_0001.JPG …, a Live Photo as JPG and MOV of one name. */
export async function writeSampleLibrary(folder: string, library: SampleLibrary): Promise<SampleFile[]> {
  await mkdir(folder, { recursive: true })
  const files: SampleFile[] = []
  const base = library.seed ?? 1
  let number = 0

  async function write(asset: string, extension: string, content: Uint8Array, capturedAt: number): Promise<void> {
    const path = join(folder, `${asset}.${extension}`)
    await writeFile(path, content)
    await utimes(path, capturedAt / 1000, capturedAt / 1000)
    files.push({ path, bytes: content.length, asset })
  }

  function next(): { readonly asset: string; readonly seed: Seed; readonly capturedAt: number } {
    number += 1
    const seed = `${base}/${number}`
    return { asset: `IMG_${String(number).padStart(4, '0')}`, seed, capturedAt: momentOf(seed) }
  }

  const photoSize = library.photoBytes === undefined ? {} : { bytes: library.photoBytes }
  const videoSize = library.videoBytes === undefined ? {} : { bytes: library.videoBytes }
  for (let index = 0; index < library.photos; index += 1) {
    const { asset, seed, capturedAt } = next()
    await write(asset, 'JPG', makeJpeg({ seed, capturedAt, offsetMinutes: 120, ...photoSize }), capturedAt)
  }
  for (let index = 0; index < library.livePhotos; index += 1) {
    const { asset, seed, capturedAt } = next()
    const { still, video } = makeLivePhoto({
      seed,
      capturedAt,
      offsetMinutes: 120,
      ...(library.photoBytes === undefined ? {} : { stillBytes: library.photoBytes }),
      ...(library.videoBytes === undefined ? {} : { videoBytes: library.videoBytes }),
    })
    await write(asset, 'JPG', still, capturedAt)
    await write(asset, 'MOV', video, capturedAt)
  }
  for (let index = 0; index < library.videos; index += 1) {
    const { asset, seed, capturedAt } = next()
    await write(asset, 'MOV', makeMov({ seed, capturedAt, offsetMinutes: 120, ...videoSize }), capturedAt)
  }
  return files
}
