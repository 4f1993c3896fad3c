import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MediaDetails } from '@everroll/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { iptcSegment, xmpSegment } from '../samples/app-segments.ts'
import { makeBurst, makeHeic, makeJpeg, makeMotionPhoto, makeScreenshot, makeUltraHdr, makeXmp } from '../samples/index.ts'
import { makeFalseMotionPhoto } from '../samples/motion-photo.ts'
import { readDetails, readMedia } from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-details-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function detailsOf(content: Uint8Array, name = 'a'): Promise<MediaDetails> {
  const path = join(folder, name)
  await writeFile(path, content)
  return readDetails(path)
}

const berlin = { latitude: 52.52, longitude: 13.405, altitude: 34 }

describe('everything that a camera wrote', () => {
  test('a JPEG with camera, lens, exposure, place and words', async () => {
    const details = await detailsOf(makeJpeg({
      seed: 1, place: berlin, make: 'Apple', model: 'iPhone 15 Pro', lens: 'back camera 6.765mm f/1.78', software: '18.5', orientation: 6,
      exposure: { seconds: [1, 120], fNumber: [178, 100], iso: 64, focalLengthMm: [6765, 1000], focalLength35mm: 24, flash: 17 },
      description: 'Am Fluss, früh', rating: 4,
    }))
    expect(details).toEqual({
      width: 48, height: 64, codec: 'jpeg', zone: 'Europe/Berlin', caption: 'Am Fluss, früh', rating: 4,
      camera: { make: 'Apple', model: 'iPhone 15 Pro', lens: 'back camera 6.765mm f/1.78', software: '18.5' },
      exposure: { seconds: 1 / 120, fNumber: 1.78, iso: 64, focalLengthMm: 6.765, focalLength35mm: 24, flashFired: true },
    })
    expect(MediaDetails.parse(details)).toEqual(details)
  })

  test('a HEIC has the same in its Exif item, and XMP in another', async () => {
    const details = await detailsOf(makeHeic({
      seed: 1, make: 'Apple', model: 'iPhone 15 Pro', contentIdentifier: 'ID', xmp: makeXmp({ bags: { 'dc:subject': ['boat', 'see & water'] } }), place: berlin,
    }))
    expect(details).toMatchObject({
      width: 128, height: 128, codec: 'hevc', camera: { make: 'Apple' }, contentIdentifier: 'ID', keywords: ['boat', 'see & water'], zone: 'Europe/Berlin',
    })
  })

  test('the photos of a burst share its identifier', async () => {
    const { burstId, photos } = makeBurst(1, 3)
    for (const photo of photos) expect((await detailsOf(photo)).burstId).toBe(burstId)
    expect((await detailsOf(makeBurst(2, 1).photos[0] ?? new Uint8Array(0))).burstId).not.toBe(burstId)
  })

  test('a screenshot of an iPhone says that it is one', async () => {
    expect(await detailsOf(makeScreenshot(1))).toEqual({ width: 16, height: 16, codec: 'png', marks: ['screenshot'] })
  })

  test.each([
    ['a panorama', { customRendered: 6 }, ['panorama']],
    ['a portrait', { customRendered: 8 }, ['portrait']],
    ['an export of an editor', { software: 'Adobe Lightroom 7.2 (Macintosh)' }, ['edited']],
    ['a screenshot in Exif', { userComment: 'Screenshot' }, ['screenshot']],
  ] as const)('%s', async (_, exif, marks) => {
    const details = await detailsOf(makeJpeg({ seed: 1, ...exif }))
    expect(details.marks).toEqual(marks)
    expect(details.caption).toBeUndefined()
  })
})

describe('size as displayed', () => {
  test.each([1, 2, 3, 4])('JPEG of orientation %i lies', async (orientation) => {
    expect(await detailsOf(makeJpeg({ seed: 1, orientation }))).toMatchObject({ width: 64, height: 48 })
  })
  test.each([5, 6, 7, 8])('JPEG of orientation %i stands', async (orientation) => {
    expect(await detailsOf(makeJpeg({ seed: 1, orientation }))).toMatchObject({ width: 48, height: 64 })
  })
  test.each([0, 1, 2, 3] as const)('HEIC turned %i times by irot, whatever Exif says', async (turns) => {
    for (const orientation of [1, 6, 8]) {
      const turned = turns % 2 === 1 ? { width: 100, height: 120 } : { width: 120, height: 100 }
      expect(await detailsOf(makeHeic({ seed: 1, width: 120, height: 100, turns, mirror: 1, orientation }))).toMatchObject(turned)
    }
  })
  test('HEIC of one coded image', async () => {
    expect(await detailsOf(makeHeic({ seed: 1, single: true }))).toMatchObject({ width: 64, height: 64, codec: 'hevc' })
  })
})

describe('who goes first where Exif, XMP and IPTC differ (Metadata Working Group 2.0)', () => {
  const xmp = xmpSegment(makeXmp({ texts: { 'dc:description': 'of XMP' }, bags: { 'dc:subject': ['x'] }, attributes: { 'xmp:Rating': '2' } }))
  const iptc = iptcSegment({ caption: 'of IPTC', keywords: ['i', 'p'] })
  const newerIptc = iptcSegment({ caption: 'of IPTC', keywords: ['i', 'p'], isNewerThanXmp: true })
  test.each([
    ['Exif before all', { description: 'of Exif', segments: [xmp, iptc] }, 'of Exif', ['x'], 2],
    ['a blank Exif is none', { description: '   ', segments: [xmp, iptc] }, 'of XMP', ['x'], 2],
    ['XMP before IPTC', { segments: [iptc, xmp] }, 'of XMP', ['x'], 2],
    ['IPTC that was changed since before XMP', { segments: [xmp, newerIptc] }, 'of IPTC', ['i', 'p'], 2],
    ['IPTC alone', { segments: [iptc] }, 'of IPTC', ['i', 'p'], undefined],
    ['a comment where nothing else is', { userComment: 'of the camera' }, 'of the camera', undefined, undefined],
  ] as const)('%s', async (_, sample, caption, keywords, rating) => {
    const details = await detailsOf(makeJpeg({ seed: 1, ...sample }))
    expect([details.caption, details.keywords, details.rating]).toEqual([caption, keywords, rating])
  })

  test('IPTC gives the time where nothing else does', async () => {
    const path = join(folder, 'iptc')
    const withoutExif = Buffer.from(makeJpeg({ seed: 1, segments: [iptcSegment({ date: '20240501', time: '130509+0200' })] }))
    const exifEnd = 4 + withoutExif.readUInt16BE(4)
    await writeFile(path, Buffer.concat([withoutExif.subarray(0, 2), withoutExif.subarray(exifEnd)]))
    expect((await readMedia(path)).facts).toMatchObject({ capturedAt: Date.UTC(2024, 4, 1, 11, 5, 9), captureOffsetMinutes: 120 })
  })
})

describe('what lies behind the image', () => {
  test.each(['directory', 'micro_video', 'samsung'] as const)('a motion photo, by %s', async (manner) => {
    const { file, videoBytes } = makeMotionPhoto(1, manner)
    const { motionPhoto, durationMs } = await detailsOf(file)
    expect(durationMs, 'of the video').toBeGreaterThan(0)
    expect(motionPhoto?.bytes).toBe(videoBytes)
    expect(Buffer.from(file).toString('latin1', (motionPhoto?.offset ?? 0) + 4, (motionPhoto?.offset ?? 0) + 8)).toBe('ftyp')
  })
  test('a place where no movie begins is no motion photo', async () => {
    expect((await detailsOf(makeFalseMotionPhoto(1))).motionPhoto).toBeUndefined()
  })
  test.each(['android', 'apple'] as const)('a gain map as %s writes it', async (manner) => {
    expect((await detailsOf(makeUltraHdr(1, manner))).hdr).toBe('gain_map')
  })
})

describe('values that cannot be true do not leave', () => {
  test('a rational over zero, an f-number of 0, an ISO of 0', async () => {
    const exposure = { seconds: [1, 0], fNumber: [0, 1], iso: 0, focalLengthMm: [0, 0], focalLength35mm: 0, flash: 16 } as const
    expect((await detailsOf(makeJpeg({ seed: 1, exposure }))).exposure).toEqual({ flashFired: false })
  })
  test('texts, lists and ratings beyond the schema are cut or left out', async () => {
    const xmp = xmpSegment(makeXmp({ bags: { 'dc:subject': Array.from({ length: 900 }, (_, index) => `word ${index}`) }, attributes: { 'xmp:Rating': '99' } }))
    const details = await detailsOf(makeJpeg({ seed: 1, model: 'x'.repeat(2_000), segments: [xmp] }))
    expect(MediaDetails.parse(details)).toEqual(details)
    expect(details.keywords).toHaveLength(200)
    expect(details.rating).toBeUndefined()
  })
})
