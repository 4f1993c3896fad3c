import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { posterOf } from './poster.ts'
import type { Poster } from './poster.ts'
import { loadNodeAv } from './node-av/library.ts'
import { difference, quarters, rounding } from './testing/colours.ts'
import { blackFields, blue, fields, green, makeVideo, red, white } from './testing/make-video.ts'
import type { Fields, VideoSample } from './testing/make-video.ts'
import { presentDecoders } from './testing/present.ts'

const library = await loadNodeAv()
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-posters-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('without a decoder the poster is a drawing that says that it is a video', async () => {
  const path = join(folder, 'anything.mov')
  await writeFile(path, 'anything')
  const poster = (await posterOf(path, { maxEdge: 1440, decoders: [] })) as Poster
  expect(poster).toMatchObject({ outcome: 'made', decoder: 'plain', frame: { width: 640, height: 360 } })
  expect(poster.frame.data.length).toBe(640 * 360 * 3)
  expect(difference(quarters(poster.frame), [[38, 40, 44], [38, 40, 44], [38, 40, 44], [38, 40, 44]])).toBeLessThanOrEqual(2)
})

describe.skipIf(library === null).each(presentDecoders)('posters by %s (their videos are made with node-av)', (decoder) => {
  let made = 0
  async function poster(sample: VideoSample, maxEdge = 1440): Promise<Poster> {
    const path = await makeVideo(library!, join(folder, `${decoder}-${(made += 1)}.mov`), sample)
    const outcome = await posterOf(path, { maxEdge, decoders: [decoder] })
    expect(outcome).toMatchObject({ outcome: 'made', decoder })
    return outcome as Poster
  }

  test.each<[string, VideoSample['matrix'] & {}, Fields]>([
    ['as it is', [1, 0, 0, 1], [red, green, blue, white]],
    ['a quarter turn to the right', [0, 1, -1, 0], [blue, red, white, green]],
    ['half a turn', [-1, 0, 0, -1], [white, blue, green, red]],
    ['a quarter turn to the left', [0, -1, 1, 0], [green, white, red, blue]],
    ['left and right exchanged', [-1, 0, 0, 1], [green, red, white, blue]],
    ['upside down, mirrored', [1, 0, 0, -1], [blue, white, red, green]],
    ['along the falling diagonal', [0, 1, 1, 0], [red, blue, green, white]],
    ['along the rising diagonal', [0, -1, -1, 0], [white, green, blue, red]],
  ])('upright: %s', async (_, matrix, expected) => {
    const { frame } = await poster({ matrix })
    expect([frame.width, frame.height]).toEqual(matrix[0] === 0 ? [96, 160] : [160, 96])
    expect(difference(quarters(frame), expected)).toBeLessThanOrEqual(rounding)
  })

  test('pixels that are not square are made so; nothing is enlarged, large ones are reduced', async () => {
    expect((await poster({ filters: 'zscale=m=bt709:r=tv,format=yuv420p,setsar=4/3' })).frame).toMatchObject({ width: 212, height: 96 })
    expect((await poster({}, 80)).frame).toMatchObject({ width: 80, height: 48 })
  })

  test('sides that 4:2:0 cannot halve, full range, BT.601', async () => {
    const { frame } = await poster({ width: 161, height: 97, encoder: 'mjpeg', filters: 'scale=out_range=pc:out_color_matrix=bt601,format=yuvj420p' })
    expect([frame.width, frame.height]).toEqual([160, 96])
    expect(difference(quarters(frame), fields)).toBeLessThanOrEqual(12)
  })

  test.each([4, 250])('a black beginning is passed over (a key frame every %d frames)', async (keyFrameInterval) => {
    const { frame } = await poster({ frames: 30, keyFrameInterval, picture: (index) => (index < 15 ? blackFields : fields) })
    expect(difference(quarters(frame), fields)).toBeLessThanOrEqual(rounding)
  })

  test('a video that is black all over has a black poster', async () => {
    expect(difference(quarters((await poster({ picture: () => blackFields })).frame), blackFields)).toBeLessThanOrEqual(rounding)
  })

  // ITU-R BT.2408: the white of SDR is 203 cd/m2 in HDR. Room for what is brighter costs the tone-mapped white a fifth.
  test.each([
    ['HLG', 60, 'zscale=t=arib-std-b67:npl=203:p=bt2020:m=bt2020nc:r=tv,format=yuv420p10le'],
    ['PQ', 60, 'zscale=t=smpte2084:npl=203:p=bt2020:m=bt2020nc:r=tv,format=yuv420p10le'],
    ['SDR of BT.2020', 8, 'zscale=t=bt709:p=bt2020:m=bt2020nc:r=tv,format=yuv420p'],
  ])('%s is shown with the colours and about the brightness that it was made from (within %d of 255)', async (_, tolerance, filters) => {
    const { frame } = await poster({ filters })
    expect(difference(quarters(frame), fields)).toBeLessThanOrEqual(tolerance)
  })

  test.each([
    ['an empty file', () => ''],
    ['noise', () => String.fromCharCode(...Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251))],
    ['a playlist of other files', (whole: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://${whole}\n#EXT-X-ENDLIST\n`],
    ['a list of other files', (whole: string) => `ffconcat version 1.0\nfile '${whole}'\n`],
  ])('%s is corrupt: nothing else is opened in its name', async (name, content) => {
    const whole = await makeVideo(library!, join(folder, `${decoder}-whole.mov`))
    const path = join(folder, `${decoder}-${name}.mov`)
    await writeFile(path, content(whole), 'latin1')
    expect(await posterOf(path, { maxEdge: 100, decoders: [decoder] })).toMatchObject({ outcome: 'failed', code: 'corrupt_media' })
  })

  test('of a video that is cut off, what is there is shown', async () => {
    const whole = await makeVideo(library!, join(folder, `${decoder}-to-cut.mp4`), { frames: 30, keyFrameInterval: 1, container: 'mp4', faststart: true })
    const bytes = await readFile(whole)
    await writeFile(whole, bytes.subarray(0, bytes.length - 2000))
    const outcome = (await posterOf(whole, { maxEdge: 1440, decoders: [decoder] })) as Poster
    expect(difference(quarters(outcome.frame), fields)).toBeLessThanOrEqual(rounding)
  })

  test('a file that is not there is no corrupt file', async () => {
    await expect(posterOf(join(folder, 'missing.mov'), { maxEdge: 100, decoders: [decoder] })).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open' })
  })
})
