import { expect, test } from 'vitest'
import { constantRate, pictureOf, previewPlan } from './plan.ts'
import { audible } from './video-facts.ts'
import type { VideoFacts, VideoTrack } from './video-facts.ts'

const video: VideoTrack = {
  index: 0, codec: 'h264', pixelFormat: 'yuv420p', width: 1280, height: 720, sampleAspect: 1, matrix: null, interlaced: false, framesPerSecond: 30,
  fullRange: false, primaries: 'bt709', transfer: 'bt709', coefficients: 'bt709',
}
const facts: VideoFacts = { isoContainer: true, durationMs: 10_000, bitsPerSecond: 3_000_000, video, audio: { index: 1, codec: 'aac', channels: 2 } }

test.each([
  [null, '30'], [29.97003, '30000/1001'], [23.976, '24000/1001'], [28.77, '30'], [30.2, '30'], [24.9, '25'], [13, '24'], [59.94, '60000/1001'], [120, '60'], [240, '60'],
] as const)('a mean of %s frames a second is played at %s', (mean, rate) => {
  expect(constantRate(mean)).toBe(rate)
})

test.each([
  ['4K, upright', { width: 3840, height: 2160, matrix: [0, 1, -1, 0] }, [720, 1280]],
  ['small ones are not enlarged', { width: 320, height: 240 }, [320, 240]],
  ['pixels that are not square (PAL, 16:9)', { width: 720, height: 576, sampleAspect: 64 / 45 }, [1024, 576]],
  ['odd sides', { width: 853, height: 481 }, [852, 480]],
] as const)('size as displayed: %s', (_, own, [width, height]) => {
  expect(pictureOf({ ...video, ...own }, 1280, 'yuv420p')).toMatchObject({ width, height })
})

test('what every browser plays is copied', () => {
  expect(previewPlan(facts)).toMatchObject({ how: 'copied', width: 1280, height: 720 })
  expect(previewPlan({ ...facts, audio: null })).toMatchObject({ how: 'copied' })
})

test.each<[string, Partial<VideoFacts>, Partial<VideoTrack>]>([
  ['HEVC', {}, { codec: 'hevc' }],
  ['ten bits', {}, { pixelFormat: 'yuv420p10le' }],
  ['full range', {}, { fullRange: true }],
  ['HLG', {}, { transfer: 'arib-std-b67' }],
  ['1080 lines', {}, { width: 1920, height: 1080 }],
  ['slow motion', {}, { framesPerSecond: 240 }],
  ['two fields a frame', {}, { interlaced: true }],
  ['a mirror', {}, { matrix: [-1, 0, 0, 1] }],
  ['pixels that are not square', {}, { sampleAspect: 4 / 3 }],
  ['a high bit rate', { bitsPerSecond: 20_000_000 }, {}],
  ['sound without compression', { audio: { index: 1, codec: 'pcm_s16le', channels: 1 } }, {}],
  ['Matroska', { isoContainer: false }, {}],
])('encoded: %s', (_, ownFacts, ownVideo) => {
  expect(previewPlan({ ...facts, ...ownFacts, video: { ...video, ...ownVideo } })).toMatchObject({ how: 'encoded' })
})

test('two fields become a frame before frames are left out or scaled', () => {
  const interlaced = previewPlan({ ...facts, video: { ...video, interlaced: true, framesPerSecond: 25 } })
  for (const chain of interlaced.filters) expect(chain).toMatch(/^bwdif=mode=send_frame:deint=interlaced,fps=25,/)
  expect(previewPlan(facts).filters.join()).not.toMatch(/bwdif/)
})

test('the stereo track beside an iPhone’s spatial sound is the one to be heard', () => {
  const spatial = { index: 1, codec: 'apac', channels: 4 }
  const stereo = { index: 2, codec: 'aac', channels: 2 }
  expect(audible([spatial, stereo])).toBe(stereo)
  expect(audible([spatial])).toBeNull()
  expect(audible([{ ...stereo, channels: 6 }])).toMatchObject({ channels: 6 })
})
