import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeJpeg } from '../../../samples/index.ts'
import { defaultLimits } from '../job.ts'
import { loadNodeAv } from '../videos/node-av/library.ts'
import { makeVideo } from '../videos/testing/make-video.ts'
import { RenditionPool } from './rendition-pool.ts'

const library = await loadNodeAv()

describe('renditions of real files in worker processes', () => {
  let folder = ''
  const pool = new RenditionPool({ workers: 2 })
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everroll-real-work-'))
  })
  afterAll(async () => {
    await pool.close()
    await rm(folder, { recursive: true })
  })

  async function render(name: string): ReturnType<RenditionPool['render']> {
    const own = await mkdtemp(join(folder, 'renditions-'))
    const outcome = await pool.render({ path: join(folder, name), folder: own, limits: defaultLimits }, { priority: 'waiting' })
    if (outcome.outcome === 'made') for (const { file, bytes } of outcome.renditions) expect((await stat(join(own, file))).size).toBe(bytes)
    return outcome
  }

  test('a photo and a file that is none, side by side', async () => {
    await writeFile(join(folder, 'photo.jpg'), makeJpeg({ seed: 1 }))
    await writeFile(join(folder, 'none.jpg'), 'no photo')
    const [photo, none] = await Promise.all([render('photo.jpg'), render('none.jpg')])
    expect(photo).toMatchObject({ outcome: 'made', renditions: [{ name: 'thumb' }, { name: 'preview' }] })
    expect(none).toMatchObject({ outcome: 'failed' })
  })

  test.skipIf(library === null)('a video: poster and preview', async () => {
    const path = await makeVideo(library!, join(folder, 'video.mov'), { sound: 'pcm_s16le' })
    expect(await render('video.mov')).toMatchObject({ outcome: 'made', decoder: 'node-av' })
    const told: number[] = []
    const preview = await pool.videoPreview({ path, file: join(folder, 'video.mp4') }, { onProgress: (fraction) => told.push(fraction) })
    expect(preview).toMatchObject({ outcome: 'made', width: 160, height: 96 })
    expect(told.length).toBeGreaterThan(0)
  })

  test.skipIf(library === null)('a preview that nobody waits for any longer ends, and leaves nothing', async () => {
    const path = await makeVideo(library!, join(folder, 'long.mov'), { width: 1920, height: 1080, frames: 60 })
    const own = join(folder, 'cancelled')
    await mkdir(own)
    const cancel = new AbortController()
    const preview = await pool.videoPreview({ path, file: join(own, 'long.mp4') }, { signal: cancel.signal, onProgress: () => cancel.abort() })
    expect(preview).toMatchObject({ outcome: 'interrupted', code: 'cancelled' })
    expect(await readdir(own)).toEqual([])
  })
})
