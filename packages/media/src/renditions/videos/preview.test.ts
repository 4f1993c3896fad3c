import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeJpeg } from '../../../samples/index.ts'
import { makeMotionPhoto } from '../../../samples/motion-photo.ts'
import type { VideoDecoder } from './decoder.ts'
import { decoders } from './ladder.ts'
import { loadNodeAv } from './node-av/library.ts'
import { posterOf } from './poster.ts'
import type { Poster } from './poster.ts'
import { makeVideoPreview } from './preview.ts'
import type { VideoPreviewOutcome } from './preview-outcome.ts'
import { difference, quarters, rounding } from './testing/colours.ts'
import { blue, green, makeVideo, red, white } from './testing/make-video.ts'
import type { Colour, Fields, VideoSample } from './testing/make-video.ts'
import { presentDecoders } from './testing/present.ts'
import type { VideoFacts } from './video-facts.ts'

const library = await loadNodeAv()
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-previews-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The largest step between a line and the next, in the middle of the picture. */
function combOf({ frame: { data, width, height } }: Pick<Poster, 'frame'>): number {
  const line = (y: number): number => data[(y * width + (width >> 1)) * 3] ?? 0
  return Math.max(...Array.from({ length: height - 1 }, (_, y) => Math.abs(line(y) - line(y + 1))))
}

type Made = Extract<VideoPreviewOutcome, { outcome: 'made' }>

test('without an encoder nothing is said about the file', async () => {
  expect(await makeVideoPreview({ path: import.meta.filename, file: join(folder, 'none.mp4'), decoders: [] })).toMatchObject({ outcome: 'failed', code: 'no_encoder' })
})

describe.skipIf(library === null).each(presentDecoders)('previews by %s (their videos are made with node-av)', (name) => {
  let decoder: VideoDecoder
  let count = 0
  beforeAll(async () => {
    for await (const each of decoders([name])) decoder = each
  })
  async function preview(sample: VideoSample): Promise<{ made: Made; facts: VideoFacts; file: string }> {
    const path = await makeVideo(library!, join(folder, `${name}-${(count += 1)}.mov`), sample)
    const file = `${path}.mp4`
    const made = await makeVideoPreview({ path, file, decoders: [name] })
    expect(made).toMatchObject({ outcome: 'made', mediaType: 'video/mp4', by: name })
    return { made: made as Made, facts: (await decoder.readFacts(file)) as VideoFacts, file }
  }
  const place = { location: '+48.8584+002.2945/', title: 'Tour Eiffel' }

  test('upright H.264 and AAC, SDR, the index first, nothing of the metadata, nothing beside it', async () => {
    const { made, facts, file } = await preview({
      matrix: [0, 1, -1, 0],
      sound: 'pcm_s16le',
      metadata: place,
      filters: 'zscale=t=arib-std-b67:npl=203:p=bt2020:m=bt2020nc:r=tv,format=yuv420p10le',
    })
    expect(made).toMatchObject({ how: 'encoded', width: 96, height: 160, durationMs: 1000 })
    expect(facts).toMatchObject({ isoContainer: true, durationMs: expect.closeTo(1000, -2) as unknown, audio: { codec: 'aac' } })
    expect(facts.video).toMatchObject({ codec: 'h264', pixelFormat: 'yuv420p', width: 96, height: 160, matrix: null, fullRange: false, primaries: 'bt709', transfer: 'bt709', coefficients: 'bt709' })
    const bytes = await readFile(file)
    expect(bytes.length).toBe(made.bytes)
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'))
    expect(bytes.includes('+48.8584')).toBe(false)
    expect(bytes.includes('Eiffel')).toBe(false)
    const poster = (await posterOf(file, { maxEdge: 1440, decoders: [name] })) as Poster
    expect(difference(quarters(poster.frame), [blue, red, white, green])).toBeLessThanOrEqual(60)
  })

  test('what plays everywhere is copied: the same frames, turned by the same matrix, without the metadata', async () => {
    const { made, facts, file } = await preview({ matrix: [0, 1, -1, 0], sound: 'aac', metadata: place })
    expect(made).toMatchObject({ how: 'copied', width: 96, height: 160 })
    expect(facts.video).toMatchObject({ width: 160, height: 96, matrix: [0, 65_536, -65_536, 0] })
    expect((await readFile(file)).includes('+48.8584')).toBe(false)
    const poster = (await posterOf(file, { maxEdge: 1440, decoders: [name] })) as Poster
    expect(difference(quarters(poster.frame), [blue, red, white, green])).toBeLessThanOrEqual(rounding)
  })

  test('slow motion of 240 frames a second plays at 60, no longer than it is', async () => {
    const { made, facts } = await preview({ framesPerSecond: 240, frames: 240 })
    expect(made.how).toBe('encoded')
    expect(facts.video.framesPerSecond).toBeCloseTo(60)
    expect(facts.durationMs).toBeCloseTo(1000, -2)
  })

  test('a large video is reduced to 1280 pixels', async () => {
    const { made, facts } = await preview({ width: 1920, height: 1080, frames: 3 })
    expect(made).toMatchObject({ width: 1280, height: 720 })
    expect(facts.video).toMatchObject({ width: 1280, height: 720 })
  })

  test('two fields a frame, as camcorders record: what moves has no comb, in the preview and in the poster', async () => {
    const picture = (frame: number): Fields => {
      const grey: Colour = [(frame * 83) % 200, (frame * 83) % 200, (frame * 83) % 200]
      return [grey, grey, grey, grey]
    }
    const path = await makeVideo(library!, join(folder, `${name}-fields.mov`), { framesPerSecond: 50, frames: 28, interlaced: true, picture })
    expect(((await decoder.readFacts(path)) as VideoFacts).video.interlaced).toBe(true)
    expect(combOf((await posterOf(path, { maxEdge: 1440, decoders: [name] })) as Poster)).toBeLessThan(20)
    const file = `${path}.mp4`
    expect(await makeVideoPreview({ path, file, decoders: [name] })).toMatchObject({ outcome: 'made', how: 'encoded' })
    const facts = (await decoder.readFacts(file)) as VideoFacts
    expect(facts.video.interlaced).toBe(false)
    let frames = 0
    for await (const frame of decoder.frames({ path: file, facts, filters: 'format=rgb24', width: 160, height: 96 })) {
      expect(combOf({ frame })).toBeLessThan(20)
      frames += 1
    }
    expect(frames).toBeGreaterThan(0)
  })

  test('the video behind the still of a motion photo', async () => {
    const video = await readFile(await makeVideo(library!, join(folder, `${name}-moving.mp4`), { container: 'mp4', frames: 5 }))
    const path = join(folder, `${name}-motion.jpg`)
    await writeFile(path, makeMotionPhoto(1, 'directory', video).file)
    const file = `${path}.mp4`
    expect(await makeVideoPreview({ path, file, decoders: [name] })).toMatchObject({ outcome: 'made', by: name, width: 160, height: 96, durationMs: 500 })
    expect((await decoder.readFacts(file)) as VideoFacts).toMatchObject({ isoContainer: true, video: { codec: 'h264' } })
    const still = join(folder, `${name}-still.jpg`)
    await writeFile(still, makeJpeg({ seed: 1 }))
    expect(await makeVideoPreview({ path: still, file: `${still}.mp4`, decoders: [name] })).toMatchObject({ outcome: 'failed', code: 'unsupported_media' })
    expect((await readdir(folder)).filter((each) => /\.(part|video)$/.test(each))).toEqual([])
  })

  test('a cancelled preview leaves nothing', async () => {
    const path = await makeVideo(library!, join(folder, `${name}-long.mov`), { width: 1920, height: 1080, frames: 60 })
    const file = join(folder, `${name}-cancelled.mp4`)
    const cancel = new AbortController()
    const told: number[] = []
    const outcome = await makeVideoPreview({ path, file, decoders: [name], signal: cancel.signal, onProgress: (fraction) => told.push(fraction) && cancel.abort() })
    expect(outcome).toEqual({ outcome: 'cancelled' })
    expect(told.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true)
    expect((await readdir(folder)).filter((each) => each.startsWith(`${name}-cancelled`))).toEqual([])
  })

  test('a file that is no video is corrupt; a folder that is not there is not its fault', async () => {
    const file = join(folder, `${name}-none.mp4`)
    expect(await makeVideoPreview({ path: import.meta.filename, file, decoders: [name] })).toMatchObject({ outcome: 'failed', code: 'corrupt_media' })
    const path = await makeVideo(library!, join(folder, `${name}-good.mov`), {})
    await expect(makeVideoPreview({ path, file: join(folder, 'missing', 'file.mp4'), decoders: [name] })).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open' })
  })
})
