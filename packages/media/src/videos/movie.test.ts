import { describe, expect, test } from 'vitest'
import { box } from '../../samples/box.ts'
import { cleanApertureBox, colourBox, makeVideoTrack, pixelAspectBox } from '../../samples/video-track.ts'
import type { VideoTrackSample } from '../../samples/video-track.ts'
import { memorySource } from '../bytes/source.ts'
import type { Draft } from '../reading.ts'
import { captureDetailsOf, mediaDetailsOf } from '../views.ts'
import { readMovie } from './movie.ts'

async function readingOf(content: Uint8Array): Promise<Draft> {
  const draft: Draft = {}
  await readMovie(memorySource(content), draft)
  return draft
}
const detailsOf = async (sample: Partial<VideoTrackSample>) =>
  mediaDetailsOf(await readingOf(makeVideoTrack({ width: 1920, height: 1080, ...sample })))

describe('size as displayed', () => {
  test.each([
    ['as coded', {}, 1920, 1080],
    ['turned by 90 degrees', { matrix: [0, 1, -1, 0] }, 1080, 1920],
    ['turned by 180 degrees', { matrix: [-1, 0, 0, -1] }, 1920, 1080],
    ['turned by 270 degrees', { matrix: [0, -1, 1, 0] }, 1080, 1920],
    ['turned and mirrored', { matrix: [0, 1, 1, 0] }, 1080, 1920],
    ['the clean aperture of a Live Photo', { width: 1920, height: 1440, matrix: [0, 1, -1, 0], extensions: [cleanApertureBox(1744, 1308)] }, 1308, 1744],
    ['a clean aperture larger than the picture is none', { extensions: [cleanApertureBox(4000, 3000)] }, 1920, 1080],
    ['points that are not square, in the track header too', { width: 1440, shown: [1920, 1080], extensions: [pixelAspectBox(4, 3)] }, 1920, 1080],
    ['points that are not square, cropped', { width: 1440, extensions: [pixelAspectBox(4, 3), cleanApertureBox(1440, 1000)] }, 1920, 1000],
    ['a track header without a size', { shown: [0, 0] }, 1920, 1080],
    ['a point that is a line is square', { shown: [0, 0], extensions: [pixelAspectBox(1_000_000, 1)] }, 1920, 1080],
  ] as const)('%s', async (_, sample, width, height) => {
    expect(await detailsOf(sample)).toMatchObject({ width, height })
  })
})

describe('what the pictures are', () => {
  test.each([
    ['HEVC', {}, 'hevc', undefined],
    ['H.264', { entry: 'avc1' }, 'h264', undefined],
    ['AV1', { entry: 'av01' }, 'av1', undefined],
    ['ProRes', { entry: 'apch' }, 'prores', undefined],
    ['a codec without a name here', { entry: 'XyZ1' }, 'xyz1', undefined],
    ['HLG', { extensions: [colourBox(9, 18, 9)] }, 'hevc', 'hlg'],
    ['HDR10', { extensions: [colourBox(9, 16, 9)] }, 'hevc', 'pq'],
    ['BT.709', { extensions: [colourBox(1, 1, 1)] }, 'hevc', undefined],
    ['Dolby Vision 8.4 over HLG', { extensions: [colourBox(9, 18, 9), box('dvvC', Buffer.alloc(24))] }, 'hevc', 'dolby_vision'],
  ] as const)('%s', async (_, sample, codec, hdr) => {
    const details = await detailsOf(sample)
    expect([details.codec, details.hdr]).toEqual([codec, hdr])
  })

  test('duration and frame rate', async () => {
    expect(await detailsOf({ frames: 90, frameDuration: 20 })).toMatchObject({ durationMs: 1_800, frameRate: 50 })
  })

  test.each([
    ['slow motion of an iPhone', { keys: [['com.apple.quicktime.full-frame-rate-playback-intent', '0']] }, ['slow_motion']],
    ['a video to be played at full rate', { keys: [['com.apple.quicktime.full-frame-rate-playback-intent', '1']] }, undefined],
    ['slow motion of Android', { keys: [['com.android.capture.fps', '240']] }, ['slow_motion']],
    ['capture at the rate of playing', { keys: [['com.android.capture.fps', '25']] }, undefined],
    ['a time-lapse', { trackKeys: [['com.apple.photos.captureMode', 'Time-lapse']] }, ['time_lapse']],
    ['a spatial video', { extensions: [box('vexu', Buffer.alloc(0))] }, ['spatial']],
  ] as const)('%s', async (_, sample, marks) => {
    expect((await detailsOf(sample)).marks).toEqual(marks)
  })
})

describe('what is written beside them', () => {
  const text = (type: string, value: string): Buffer => {
    const bytes = Buffer.from(value, 'utf8')
    return box(type, Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255, 0x15, 0xc7]), bytes]))
  }
  const keys = [
    ['com.apple.quicktime.make', 'Apple'],
    ['com.apple.quicktime.model', 'iPhone 15 Pro'],
    ['com.apple.quicktime.creationdate', '2024-05-01T13:05:09+0200'],
    ['com.apple.quicktime.description', 'Früh am Fluss'],
    ['com.apple.quicktime.keywords', 'boat,water'],
    ['com.apple.quicktime.location.ISO6709', '+52.5200+013.4050+034.000/'],
  ] as const
  test('Apple\'s keys', async () => {
    expect(await detailsOf({ keys, trackKeys: [['com.apple.quicktime.camera.lens_model', 'back camera'], ['com.apple.quicktime.camera.focal_length.35mm_equivalent', '24']] })).toMatchObject({
      camera: { make: 'Apple', model: 'iPhone 15 Pro', lens: 'back camera' },
      exposure: { focalLength35mm: 24 },
      caption: 'Früh am Fluss',
      keywords: ['boat', 'water'],
      zone: 'Europe/Berlin',
    })
  })
  test('user data of other phones, which Apple\'s keys go before', async () => {
    const userData = [text('\xa9mak', 'Maker'), text('\xa9mod', 'Model'), text('\xa9xyz', '+01.5000-002.2500/'), text('\xa9day', '2020-01-02T03:04:05Z')]
    const alone = await readingOf(makeVideoTrack({ width: 16, height: 16, userData }))
    expect(mediaDetailsOf(alone).camera).toEqual({ make: 'Maker', model: 'Model' })
    expect(captureDetailsOf(alone)).toMatchObject({ capturedAt: Date.UTC(2020, 0, 2, 3, 4, 5), place: { latitude: 1.5, longitude: -2.25 } })
    const both = await readingOf(makeVideoTrack({ width: 16, height: 16, userData, keys }))
    expect(captureDetailsOf(both)).toMatchObject({ capturedAt: Date.UTC(2024, 4, 1, 11, 5, 9), captureOffsetMinutes: 120, place: { latitude: 52.52 } })
  })
})
