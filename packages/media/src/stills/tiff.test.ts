import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readMedia } from '../index.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-tiff-'))
})
afterAll(() => rm(folder, { recursive: true }))

type Value = number | string | readonly number[]

/** A little-endian TIFF of one directory, or of several below the first (TIFF technical note 1). */
function tiff(...directories: readonly Readonly<Record<number, Value>>[]): Buffer {
  const [root = {}, ...below] = directories
  const header = Buffer.from('II*\0\x08\0\0\0', 'latin1')
  const rootWith = (offsets: readonly number[]): Readonly<Record<number, Value>> => (below.length === 0 ? root : { ...root, 0x14a: offsets })
  const rootBytes = directory(rootWith(below.map(() => 0)), 8)
  let at = 8 + rootBytes.length
  const parts = below.map((each) => {
    const start = at
    const bytes = directory(each, start)
    at += bytes.length
    return { start, bytes }
  })
  return Buffer.concat([header, directory(rootWith(parts.map(({ start }) => start)), 8), ...parts.map(({ bytes }) => bytes)])
}

function directory(values: Readonly<Record<number, Value>>, base: number): Buffer {
  const entries = Object.entries(values).toSorted(([a], [b]) => Number(a) - Number(b))
  const table = Buffer.alloc(2 + entries.length * 12 + 4)
  table.writeUInt16LE(entries.length)
  const behind: Buffer[] = []
  let next = base + table.length
  entries.forEach(([tag, value], index) => {
    const numbers = typeof value === 'number' ? [value] : typeof value === 'string' ? [] : value
    const bytes = typeof value === 'string' ? Buffer.from(`${value}\0`, 'latin1') : Buffer.from(Uint32Array.from(numbers).buffer)
    const at = 2 + index * 12
    table.writeUInt16LE(Number(tag), at)
    table.writeUInt16LE(typeof value === 'string' ? 2 : 4, at + 2)
    table.writeUInt32LE(typeof value === 'string' ? bytes.length : numbers.length, at + 4)
    if (bytes.length <= 4) bytes.copy(table, at + 8)
    else {
      table.writeUInt32LE(next, at + 8)
      behind.push(bytes)
      next += bytes.length
    }
  })
  return Buffer.concat([table, ...behind])
}

const [subfile, width, height, photometric, make, orientation, dngVersion, cropSize] = [0xfe, 0x100, 0x101, 0x106, 0x10f, 0x112, 0xc612, 0xc620]
const preview = { [subfile]: 1, [width]: 160, [height]: 120, [photometric]: 2 }
const sensor = { [subfile]: 0, [width]: 6_048, [height]: 4_024, [photometric]: 32_803 }

describe('TIFF and the camera RAW kinds that are TIFF, by what is in them', () => {
  test.each([
    ['a TIFF', 'a.tif', tiff({ [width]: 30, [height]: 20, [photometric]: 2 }), 'photo', 'image/tiff', 30, 20],
    ['a TIFF that stands', 'a.tif', tiff({ [width]: 30, [height]: 20, [orientation]: 6 }), 'photo', 'image/tiff', 20, 30],
    ['a NEF named as a JPEG', 'a.jpg', tiff({ ...preview, [make]: 'NIKON CORPORATION' }, sensor), 'raw', 'image/x-nikon-nef', 6_048, 4_024],
    ['an ARW named as a TIFF', 'a.tif', tiff({ ...preview, [make]: 'SONY' }, sensor), 'raw', 'image/x-sony-arw', 6_048, 4_024],
    ['a DNG: what it says is to be shown of its sensor', 'a', tiff({ ...preview, [dngVersion]: 0x0401, [make]: 'Apple' }, { ...sensor, [cropSize]: [6_000, 4_000] }), 'raw', 'image/x-adobe-dng', 6_000, 4_000],
    ['a linear DNG that stands', 'a.dng', tiff({ ...preview, [dngVersion]: 0x0601, [orientation]: 8 }, { ...sensor, [photometric]: 34_892 }), 'raw', 'image/x-adobe-dng', 4_024, 6_048],
    ['RAW of a maker who is not listed', 'a', tiff({ ...preview, [make]: 'New' }, sensor), 'raw', 'image/x-adobe-dng', 6_048, 4_024],
  ] as const)('%s', async (_, name, content, kind, mediaType, shownWidth, shownHeight) => {
    const path = join(folder, name)
    await writeFile(path, content)
    const { facts, details } = await readMedia(path)
    expect(facts).toMatchObject({ kind, mediaType, recognised: true })
    expect(details).toMatchObject({ width: shownWidth, height: shownHeight, codec: kind === 'raw' ? 'raw' : 'tiff' })
  })
})
