import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isHdr } from './colours.ts'
import type { VideoDecoder } from './decoder.ts'
import type { Frame } from './frames.ts'
import { decoders, ladder } from './ladder.ts'
import { posterOf } from './poster.ts'
import type { Poster } from './poster.ts'
import { makeVideoPreview } from './preview.ts'
import { presentDecoders } from './testing/present.ts'
import type { VideoFacts } from './video-facts.ts'

/** Videos of many cameras, which stand beside the repository: they are other people's. */
const mediaFolder = fileURLToPath(new URL('../../../../../../shared/media/', import.meta.url))
const videos = existsSync(mediaFolder) ? readdirSync(mediaFolder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(mov|mp4|m4v)$/i.test(name)).toSorted() : []
/** A container with two metadata tracks, cut out of a Live Photo. */
const withoutVideo = 'mov/testMP4_StillImageTimeZero.mov'

describe.skipIf(videos.length === 0)('real videos (skipped where ../shared/media is missing)', () => {
  let folder = ''
  const made: VideoDecoder[] = []
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everroll-real-videos-'))
    for await (const decoder of decoders(ladder)) made.push(decoder)
    console.log(`real videos: ${videos.length} files, by ${presentDecoders.join(' and ')}`)
  })
  afterAll(() => rm(folder, { recursive: true }))

  test.skipIf(presentDecoders.length < 2).each(videos)('both decoders read the same facts: %s', async (name) => {
    const [one, two] = await Promise.all(made.map((decoder) => decoder.readFacts(mediaFolder + name)))
    if (one === undefined || two === undefined || 'outcome' in one || 'outcome' in two) return expect([one, two]).toMatchObject([{ code: 'unsupported_media' }, { code: 'unsupported_media' }])
    // The mean rate, the length and the bit rate are estimates that differ between versions of FFmpeg, and the colours of an unspecified video between names.
    const stable = ({ video: { framesPerSecond: _rate, transfer: _transfer, ...video }, audio }: VideoFacts): object => ({ video, audio })
    const known = (facts: VideoFacts): object => ({ ...stable(facts), hdr: isHdr(facts.video) })
    expect(known(two)).toEqual(known(one))
  })

  test.skipIf(!presentDecoders.includes('ffmpeg')).each(videos.filter((name) => name !== withoutVideo))('posters are upright and of the right colour: %s', async (name) => {
    const posters = await Promise.all(presentDecoders.map(async (decoder) => (await posterOf(mediaFolder + name, { maxEdge: 480, decoders: [decoder] })) as Poster))
    for (const poster of posters) expect(poster.outcome).toBe('made')
    const facts = (await made.at(-1)?.readFacts(mediaFolder + name)) as VideoFacts
    // What ffmpeg shows when nobody tells it how: it turns by itself, but maps no tones and no wide gamut.
    const shown = join(folder, 'shown.png')
    await promisify(execFile)('ffmpeg', ['-v', 'error', '-y', '-i', mediaFolder + name, '-frames:v', '1', shown])
    for (const { frame } of posters) {
      const whole = await sharp(shown).metadata()
      expect(frame.width / frame.height).toBeCloseTo(whole.width / whole.height, 1)
      const expected = await sharp(shown).removeAlpha().resize(frame.width, frame.height, { fit: 'fill' }).raw().toBuffer()
      expect(psnr(frame, expected)).toBeGreaterThan(isHdr(facts.video) ? 10 : 22)
    }
  })

  // The program encodes as the library does; what differs is how it is told about turns, sound and what it cannot decode.
  const some = /rotate_and_reflect|dolby|IMG_3582\.mov|spatial|sef_slow|StillImage/
  const previews = presentDecoders.flatMap((decoder, index) => videos.filter((name) => index === 0 || some.test(name)).map((name) => [decoder, name] as const))

  test.each(previews.filter(([, name]) => name !== withoutVideo))('by %s: a preview in which no place is left, of %s', async (decoder, name) => {
    const file = join(folder, 'preview.mp4')
    expect(await makeVideoPreview({ path: mediaFolder + name, file, decoders: [decoder] })).toMatchObject({ outcome: 'made', by: decoder })
    expect((await readFile(file)).toString('latin1')).not.toMatch(/com\.apple\.quicktime|\xa9xyz|[+-]\d\d\.\d{4}[+-]\d{3}\.\d{4}/)
  })

  test.each(presentDecoders)('by %s: no preview of what has no video track', async (decoder) => {
    const outcome = await makeVideoPreview({ path: mediaFolder + withoutVideo, file: join(folder, 'none.mp4'), decoders: [decoder] })
    expect(outcome).toMatchObject({ outcome: 'failed', code: 'unsupported_media' })
  })
})

/** Decibels, of 8 bits. */
function psnr({ data }: Frame, expected: Buffer): number {
  let squares = 0
  for (let index = 0; index < data.length; index += 1) squares += (data[index]! - expected[index]!) ** 2
  return 10 * Math.log10(255 ** 2 / (squares / data.length))
}
