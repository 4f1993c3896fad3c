import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MediaDetails } from '@everroll/protocol'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { iptcSegment, xmpSegment } from '../samples/app-segments.ts'
import {
  makeAae, makeHeic, makeJpeg, makeMotionPhoto, makeMov, makePng, makeScreenshot, makeUltraHdr, makeXmp,
} from '../samples/index.ts'
import { cleanApertureBox, makeVideoTrack } from '../samples/video-track.ts'
import { readFacts, readMedia, soundnessOf } from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-hostile-'))
})
afterAll(() => rm(folder, { recursive: true }))

const place = { latitude: 1, longitude: 2, altitude: 3 }
/** A HEIC whose Exif item lies behind 100 KB. */
const padding = 100_000
const heic = Buffer.from(makeHeic({ seed: 1, place, contentIdentifier: 'LIVE', offsetMinutes: 60, width: 120, turns: 1, thumbnail: true, xmp: makeXmp({ attributes: { 'xmp:Rating': '3' } }), padding }))

const samples = {
  'a.jpg': makeJpeg({ seed: 1, place, contentIdentifier: 'LIVE', offsetMinutes: 60, bytes: 1_500 }),
  'a.mov': makeMov({ seed: 1, place, contentIdentifier: 'LIVE', offsetMinutes: 60 }),
  'a.heic': heic,
  'b.heic': makeHeic({ seed: 2, single: true }),
  'motion.jpg': makeMotionPhoto(1, 'directory').file,
  'samsung.jpg': makeMotionPhoto(1, 'samsung').file,
  'gain map.jpg': makeUltraHdr(1, 'apple'),
  'words.jpg': makeJpeg({ seed: 3, segments: [iptcSegment({ caption: 'c', keywords: ['k'] }), xmpSegment(makeXmp({ bags: { 'dc:subject': ['a'] } }))] }),
  'screenshot.png': makeScreenshot(1),
  'track.mov': makeVideoTrack({ width: 64, height: 48, extensions: [cleanApertureBox(32, 32)], keys: [['com.apple.quicktime.make', 'Apple']] }),
  'sidecar.xmp': Buffer.from(makeXmp({ attributes: { 'crs:RawFileName': 'a' } })),
  'a.png': makePng(1),
  'a.aae': makeAae(1),
}
type Name = keyof typeof samples
const names = Object.keys(samples) as Name[]
/** Of the large HEIC only its structure is worth mutating: most of it is padding. */
const mutable = (name: Name): number => (name === 'a.heic' ? heic.length - padding : samples[name].length)

const mutation = fc.constantFrom(...names).chain((name) =>
  fc.record({
    name: fc.constant(name),
    changes: fc.array(fc.record({ at: fc.nat(mutable(name) - 1), value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff) }), { maxLength: 6 }),
    length: fc.oneof(fc.constant(samples[name].length), fc.nat(samples[name].length)),
  }))

/** What does not end with its budget ends with the test's time. */
describe('hostile content', () => {
  test('the untouched HEIC is read, so that what follows means something', async () => {
    const path = join(folder, 'whole.heic')
    await writeFile(path, samples['a.heic'])
    expect(await readFacts(path)).toMatchObject({ mediaType: 'image/heic', contentIdentifier: 'LIVE', place: { altitude: 3 } })
  })

  test('changed and cut files never throw and never hang', async () => {
    const path = join(folder, 'mutated')
    await fc.assert(
      fc.asyncProperty(mutation, async ({ name, changes, length }) => {
        const content = Buffer.from(samples[name])
        for (const { at, value } of changes) content[at] = value
        const file = `${path}-${name}`
        await writeFile(file, content.subarray(0, length))
        const { facts, details } = await readMedia(file)
        await soundnessOf(file)
        expect(facts.capturedAt === null || Number.isSafeInteger(facts.capturedAt)).toBe(true)
        expect(MediaDetails.safeParse(details).error).toBeUndefined()
      }),
      { numRuns: 1_500, seed: 20_240_501 },
    )
  }, 120_000)

  test('random bytes behind each magic', async () => {
    const magics = ['\xff\xd8\xff\xe1', '\0\0\0\x18ftypheic', '\0\0\0\x14ftypqt  ', '\x89PNG\r\n\x1a\n', 'RIFF\xff\xff\xff\xffWEBP', 'II*\0\x08\0\0\0', 'MM\0*\0\0\0\x08',
      '\0\0\0\x0cJXL \r\n\x87\n', 'FUJIFILMCCD-RAW ', '\0\0\0\x18ftypcrx ', 'IIRO\x08\0\0\0', 'PK\x03\x04', '\x1a\x45\xdf\xa3', '<?xml ', 'bplist00']
    const path = join(folder, 'random')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...magics), fc.uint8Array({ maxLength: 400 }), async (magic, rest) => {
        await writeFile(path, Buffer.concat([Buffer.from(magic, 'latin1'), rest]))
        expect(Object.keys(await readFacts(path))).toHaveLength(11)
        await soundnessOf(path)
      }),
      { numRuns: 1_000, seed: 7 },
    )
  }, 120_000)

  test.each([
    ['a million tiny boxes', 'boxes.mov', '\0\0\0\x14ftypqt  \0\0\0\0qt  ', '\0\0\0\x08free'],
    ['a million chunks', 'chunks.png', '\x89PNG\r\n\x1a\n', '\0\0\0\0tEXt\0\0\0\0'],
    ['a million segments', 'segments.jpg', '\xff\xd8', '\xff\xe5\0\x02'],
    ['two million fill bytes', 'fill.jpg', '\xff\xd8', '\xff\xff'],
    ['a million frames', 'frames.webp', 'RIFF\xff\xff\xff\xffWEBP', 'ANMF\0\0\0\0'],
    ['a million images', 'images.gif', 'GIF89a\x01\0\x01\0\0\0\0', '\x2c\0\0\0\0\x01\0\x01\0\0\0\0'],
    ['a million tracks', 'tracks.mov', '\0\0\0\x14ftypqt  \0\0\0\0qt  \x7f\xff\xff\xffmoov', '\0\0\0\x08trak'],
    ['a million tables in each other', 'nested.mov', '\0\0\0\x14ftypqt  \0\0\0\0qt  \x7f\xff\xff\xffmoov\x7f\xff\xff\xfetrak', '\x7f\xff\xff\xf0mdia'],
    ['a million scans', 'scans.jpg', '\xff\xd8\xff\xc0\0\x0b\x08\0\x01\0\x01\x01\x01\x11\0\xff\xda\0\x08\x01\x01\0\0\x3f\0', '\xff\xda\0\x02'],
  ])('%s end with the budget', async (_, name, magic, piece) => {
    const path = join(folder, name)
    await writeFile(path, Buffer.from(magic + piece.repeat(1_000_000), 'latin1'))
    expect((await readFacts(path)).recognised).toBe(true)
    expect((await soundnessOf(path)).code).toMatch(/^(?:cut|damaged)$/)
  })

  test('tables that say they have billions of entries', async () => {
    const lies = ['iloc', 'iinf', 'iref', 'ipma', 'ipco'].map((type) => Buffer.from(heic.toString('latin1').replace(type, `${type.slice(0, 3)}\0`), 'latin1'))
    const path = join(folder, 'lies.heic')
    for (const content of lies) {
      await writeFile(path, content)
      expect((await readMedia(path)).facts.mediaType).toBe('image/heic')
    }
    const counts = Buffer.from(heic)
    for (const type of ['iloc', 'iinf', 'ipma']) counts.fill(0xff, counts.indexOf(type) + 8, counts.indexOf(type) + 14)
    await writeFile(path, counts)
    expect((await readMedia(path)).facts.mediaType).toBe('image/heic')
  })

  test('a file of 20 GB whose boxes claim all of it costs what a small one costs', async () => {
    const path = join(folder, 'huge.mov')
    await writeFile(path, Buffer.concat([samples['a.mov'].subarray(0, 20), Buffer.from('\0\0\0\0moov\0\0\0\0mvhd', 'latin1')]))
    await truncate(path, 20_000_000_000) // sparse: it takes no room
    const before = process.memoryUsage().arrayBuffers
    expect(await readFacts(path)).toMatchObject({ kind: 'video', capturedAt: null })
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024)
  })

  test('a file is closed, whatever was in it', async () => {
    const path = join(folder, 'closed.jpg')
    await writeFile(path, samples['a.jpg'].subarray(0, 30))
    for (let count = 0; count < 2_000; count += 1) await readFacts(path)
    const handle = await open(path)
    expect(handle.fd).toBeLessThan(1_000)
    await handle.close()
  })
})
