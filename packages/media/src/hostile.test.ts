import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { box } from '../samples/box.ts'
import { makeAae, makeJpeg, makeMov, makePng } from '../samples/index.ts'
import { readFacts } from './index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-hostile-'))
})
afterAll(() => rm(folder, { recursive: true }))

const place = { latitude: 1, longitude: 2, altitude: 3 }
/** A HEIC whose Exif item lies behind 100 KB: meta (hdlr, iinf, iloc), mdat. */
function makeHeic(): Buffer {
  const jpeg = Buffer.from(makeJpeg({ seed: 'heic', place, contentIdentifier: 'LIVE' }))
  const block = Buffer.concat([Buffer.from('\0\0\0\x06Exif\0\0', 'latin1'), jpeg.subarray(12, 4 + jpeg.readUInt16BE(4))])
  const entry = box('infe', Buffer.from('\x02\0\0\0\0\x01\0\0Exif\0', 'latin1'))
  const location = (offset: number): Buffer => {
    const body = Buffer.from('\x01\0\0\0\x44\0\0\x01\0\x01\0\0\0\0\0\x01\0\0\0\0\0\0\0\0', 'latin1')
    body.writeUInt32BE(offset, 16)
    body.writeUInt32BE(block.length, 20)
    return box('iloc', body)
  }
  const front = (offset: number): Buffer => Buffer.concat([
    box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1')),
    box('meta', Buffer.concat([
      Buffer.alloc(4),
      box('hdlr', Buffer.from('\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0', 'latin1')),
      box('iinf', Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 1]), entry])),
      location(offset),
    ])),
  ])
  const gap = Buffer.alloc(100_000)
  return Buffer.concat([front(front(0).length + 8 + gap.length), box('mdat', Buffer.concat([gap, block]))])
}

const samples = {
  'a.jpg': makeJpeg({ seed: 1, place, contentIdentifier: 'LIVE', offsetMinutes: 60, bytes: 1_500 }),
  'a.mov': makeMov({ seed: 1, place, contentIdentifier: 'LIVE', offsetMinutes: 60 }),
  'a.heic': makeHeic(),
  'a.png': makePng(1),
  'a.aae': makeAae(1),
}
type Name = keyof typeof samples
const names = Object.keys(samples) as Name[]
/** Of the HEIC only its structure is worth mutating: 100 KB of it are zeros. */
const mutable = (name: Name): number => (name === 'a.heic' ? 260 : samples[name].length)

const mutation = fc.constantFrom(...names).chain((name) =>
  fc.record({
    name: fc.constant(name),
    changes: fc.array(fc.record({ at: fc.nat(mutable(name) - 1), value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff) }), { maxLength: 6 }),
    length: fc.oneof(fc.constant(samples[name].length), fc.nat(samples[name].length)),
  }))

/** Far above what any of them needs (some 1 ms), far below what a loop over a hostile count would take. */
const patienceMs = 2_000

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
        const start = performance.now()
        const facts = await readFacts(file)
        expect(performance.now() - start).toBeLessThan(patienceMs)
        expect(facts.capturedAt === null || Number.isSafeInteger(facts.capturedAt)).toBe(true)
      }),
      { numRuns: 1_500, seed: 20_240_501 },
    )
  }, 60_000)

  test('random bytes behind each magic', async () => {
    const magics = ['\xff\xd8\xff\xe1', '\0\0\0\x18ftypheic', '\0\0\0\x14ftypqt  ', '\x89PNG\r\n\x1a\n', 'RIFF\xff\xff\xff\xffWEBP', 'II*\0\x08\0\0\0', 'MM\0*\0\0\0\x08',
      '\0\0\0\x0cJXL \r\n\x87\n', 'FUJIFILMCCD-RAW ', '\0\0\0\x18ftypcrx ', 'IIRO\x08\0\0\0', 'PK\x03\x04', '\x1a\x45\xdf\xa3', '<?xml ', 'bplist00']
    const path = join(folder, 'random')
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...magics), fc.uint8Array({ maxLength: 400 }), async (magic, rest) => {
        await writeFile(path, Buffer.concat([Buffer.from(magic, 'latin1'), rest]))
        expect(Object.keys(await readFacts(path))).toHaveLength(7)
      }),
      { numRuns: 1_000, seed: 7 },
    )
  }, 60_000)

  test.each([
    ['a million tiny boxes', 'boxes.mov', '\0\0\0\x14ftypqt  \0\0\0\0qt  ', '\0\0\0\x08free'],
    ['a million chunks', 'chunks.png', '\x89PNG\r\n\x1a\n', '\0\0\0\0tEXt\0\0\0\0'],
    ['a million segments', 'segments.jpg', '\xff\xd8', '\xff\xe5\0\x02'],
    ['two million fill bytes', 'fill.jpg', '\xff\xd8', '\xff\xff'],
  ])('%s end with the budget', async (_, name, magic, piece) => {
    const path = join(folder, name)
    await writeFile(path, Buffer.from(magic + piece.repeat(1_000_000), 'latin1'))
    const start = performance.now()
    expect((await readFacts(path)).recognised).toBe(true)
    expect(performance.now() - start).toBeLessThan(patienceMs)
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
