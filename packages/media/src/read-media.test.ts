import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeAae, makeJpeg, makeLivePhoto, makeMov, makePng } from '../samples/index.ts'
import { isMedia, NotAFileError, readFacts } from './index.ts'
import type { MediaFacts } from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-media-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function factsOf(name: string, content: Uint8Array): Promise<MediaFacts> {
  const path = join(folder, name)
  await writeFile(path, content)
  return readFacts(path)
}

const capturedAt = Date.UTC(2024, 4, 1, 11, 5, 9)
const sydney = { latitude: -33.8568, longitude: 151.2153, altitude: -4.5 }
const identifier = '602FEBB7-6B59-4799-96E6-9C8484D873C7'

describe('what a camera wrote is read back', () => {
  test.each([
    ['JPEG', 'a.jpg', makeJpeg, 300_000],
    ['MOV, whose moov stands behind its media data', 'a.mov', makeMov, 300_000],
  ] as const)('%s', async (_, name, make, bytes) => {
    const content = make({ seed: 1, bytes, capturedAt, offsetMinutes: -210, place: sydney, contentIdentifier: identifier })
    expect(await factsOf(name, content)).toMatchObject({
      recognised: true,
      capturedAt,
      captureOffsetMinutes: -210,
      place: { latitude: expect.closeTo(-33.8568, 5), longitude: expect.closeTo(151.2153, 5), altitude: -4.5 },
      contentIdentifier: identifier,
    })
  })

  test('JPEG without offset: its wall clock, taken as UTC', async () => {
    expect(await factsOf('b.jpg', makeJpeg({ seed: 1, capturedAt: capturedAt + 250 }))).toMatchObject({
      capturedAt: capturedAt + 250,
      captureOffsetMinutes: null,
      place: null,
      contentIdentifier: null,
    })
  })

  test('TIFF, which is what Exif is, with the directory at its end', async () => {
    const jpeg = Buffer.from(makeJpeg({ seed: 1, capturedAt, offsetMinutes: 60, place: sydney }))
    const exif = jpeg.subarray(12, 2 + 2 + jpeg.readUInt16BE(4))
    const gap = 5_000_000
    const far = Buffer.concat([exif.subarray(0, 8), Buffer.alloc(gap), exif.subarray(8)])
    moveOffsets(far, gap)
    expect(await factsOf('far.tif', far)).toMatchObject({ mediaType: 'image/tiff', capturedAt, captureOffsetMinutes: 60, place: { altitude: -4.5 } })
  })

  test('the two halves of a Live Photo share an identifier that no other has', async () => {
    const [one, two] = [makeLivePhoto({ seed: 1 }), makeLivePhoto({ seed: 2 })]
    expect((await factsOf('l.jpg', one.still)).contentIdentifier).toBe(one.contentIdentifier)
    expect((await factsOf('l.mov', one.video)).contentIdentifier).toBe(one.contentIdentifier)
    expect(two.contentIdentifier).not.toBe(one.contentIdentifier)
  })

  test('PNG has nothing to say, AAE what its edit is', async () => {
    const nothing = {
      capturedAt: null, captureOffsetMinutes: null, place: null, contentIdentifier: null, burstId: null, motionPhoto: null, adjustment: null, sidecarOwner: null,
    }
    const adjustment = {
      formatIdentifier: 'com.apple.photo', formatVersion: '1.5', editor: 'com.apple.mobileslideshow', baseVersion: 0, editedAt: Date.UTC(2024, 4, 1, 12),
    }
    expect(await factsOf('a.png', makePng(1))).toEqual({ kind: 'photo', mediaType: 'image/png', recognised: true, ...nothing })
    expect(await factsOf('a.aae', makeAae(1))).toEqual({ kind: 'sidecar', mediaType: 'application/x-plist', recognised: true, ...nothing, adjustment })
  })
})

/** Adds a gap to each offset of a big-endian TIFF whose directories were moved behind it. */
function moveOffsets(tiff: Buffer, gap: number): void {
  const valueBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8]
  const move = (at: number): number => {
    const moved = tiff.readUInt32BE(at) + gap
    tiff.writeUInt32BE(moved, at)
    return moved
  }
  const directory = (start: number): void => {
    for (let at = start + 2; at < start + 2 + tiff.readUInt16BE(start) * 12; at += 12) {
      const tag = tiff.readUInt16BE(at)
      if (tag === 0x8769 || tag === 0x8825) directory(move(at + 8))
      else if ((valueBytes[tiff.readUInt16BE(at + 2)] ?? 0) * tiff.readUInt32BE(at + 4) > 4) move(at + 8)
    }
  }
  directory(move(4))
}

describe('what a source takes', () => {
  test.each([
    ['a photo without an extension', 'IMG_0001', makeJpeg({ seed: 1 }), true],
    ['a photo named as text', 'a.txt', makeJpeg({ seed: 1 }), true],
    ['an empty photo', 'IMG_0001.HEIC', new Uint8Array(0), true],
    ['rubbish named as a photo', 'IMG_0001.JPG', Buffer.from('rubbish'), true],
    ['a document', 'a.pdf', Buffer.from('%PDF-1.7\n'), false],
    ['text', 'a.txt', Buffer.from('hello'), false],
    ['attributes that macOS keeps beside a photo', '._IMG_0001.JPG', Buffer.from('\0\x05\x16\x07\0\x02\0\0Mac OS X', 'latin1'), false],
  ])('%s', async (_, name, content, expected) => {
    expect(isMedia(await factsOf(name, content), name)).toBe(expected)
  })
})

describe('only the file itself makes it throw', () => {
  test('a file that is not there', () => expect(readFacts(join(folder, 'missing.jpg'))).rejects.toMatchObject({ code: 'ENOENT' }))
  test('a folder', () => expect(readFacts(folder)).rejects.toBeInstanceOf(NotAFileError))
})
