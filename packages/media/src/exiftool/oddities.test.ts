import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeHeic, makeJpeg, makeMov } from '../../samples/index.ts'
import { readMedia } from '../index.ts'
import { hasPerl } from '../oracle/exiftool-batch.ts'
import { completed, isOddity, OddityReader } from './oddities.ts'

let folder: string
const reader = new OddityReader({ idleMs: 50 })
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-oddities-'))
})
afterEach(() => reader.close())
afterAll(() => rm(folder, { recursive: true }))

async function write(name: string, content: Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

describe('who is an oddity', () => {
  test.each([
    ['a JPEG', () => makeJpeg({ seed: 1 }), false],
    ['a HEIC', () => makeHeic({ seed: 1 }), false],
    ['a MOV without a track', () => makeMov({ seed: 1 }), false],
    ['a broken JPEG', () => makeJpeg({ seed: 1 }).subarray(0, 200), false],
    ['text', () => Buffer.from('hello'), false],
    ['a Matroska video', () => Buffer.from('\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska'.padEnd(64, '\0'), 'latin1'), true],
    ['a Photoshop file', () => Buffer.from('8BPS\0\x01'.padEnd(64, '\0'), 'latin1'), true],
  ] as const)('%s', async (_, make, expected) => {
    const { facts, details } = await readMedia(await write('a', make()))
    expect(isOddity(facts, details)).toBe(expected)
  })
})

describe.skipIf(!hasPerl())('ExifTool reads an oddity (skipped without perl)', () => {
  test('and its process ends when it is idle', async () => {
    const path = await write('a.jpg', makeJpeg({ seed: 1, model: 'Odd', lens: 'Odd lens', description: 'words' }))
    expect(reader.isAwake).toBe(false)
    expect(await reader.read(path)).toMatchObject({ width: 64, height: 48, camera: { model: 'Odd', lens: 'Odd lens' }, caption: 'words' })
    expect(reader.isAwake).toBe(true)
    await expect.poll(() => reader.isAwake).toBe(false)
    expect(await reader.read(path)).toMatchObject({ width: 64 })
  }, 30_000)

  test('what it cannot read is empty', async () => {
    expect(await reader.read(join(folder, 'missing'))).toEqual({})
    expect(await reader.read(await write('noise', await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } }).raw().toBuffer()))).toEqual({})
  }, 30_000)
})

test('where ExifTool cannot run, a file has what our own reader found', async () => {
  const without = new OddityReader({ program: join(folder, 'no such program') })
  expect(await without.read(await write('b.jpg', makeJpeg({ seed: 1 })))).toEqual({})
  await without.close()
}, 30_000)

test('our own reading goes first', () => {
  expect(completed({ width: 1, camera: { make: 'own' } }, { width: 2, height: 3, camera: { make: 'odd', lens: 'odd' } })).toEqual({
    width: 1, height: 3, camera: { make: 'own', lens: 'odd' },
  })
})
