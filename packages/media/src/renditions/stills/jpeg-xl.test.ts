import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeStill } from './decode-still.ts'

let folder = ''
let coded: Buffer
const pixels = 400_000_000

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-jxl-'))
  const { default: encode, init } = await import('@jsquash/jxl/encode.js')
  await init({ wasmBinary: readFileSync(createRequire(import.meta.url).resolve('@jsquash/jxl/codec/enc/jxl_enc.wasm')) })
  // Red above, transparent blue below.
  const data = new Uint8ClampedArray(64 * 32 * 4)
  for (let at = 0; at < data.length; at += 4) data.set(at < data.length / 2 ? [220, 20, 20, 255] : [20, 20, 220, 0], at)
  coded = Buffer.from(await encode({ data, width: 64, height: 32, colorSpace: 'srgb' } as Parameters<typeof encode>[0], { quality: 100, lossless: true }))
})
afterAll(async () => rm(folder, { recursive: true }))

async function decoded(content: Buffer, limit = pixels): ReturnType<typeof decodeStill> {
  const path = join(folder, 'photo.jxl')
  await writeFile(path, content)
  return decodeStill(path, 'image/jxl', { pixels: limit })
}

test('a JPEG XL is decoded in sRGB, with its transparency', async () => {
  const outcome = await decoded(coded)
  expect(outcome).toMatchObject({ outcome: 'reduced', width: 64, height: 32, hasAlpha: true, decoder: 'libjxl', problem: null })
  if (outcome.outcome !== 'reduced') return
  const { data } = await sharp(outcome.tiff).raw().toBuffer({ resolveWithObject: true })
  expect([...data.subarray(0, 4)]).toEqual([220, 20, 20, 255])
  expect(data.at(-1)).toBe(0)
})

test('one that is cut is corrupt, and the next one is decoded all the same', async () => {
  expect(await decoded(coded.subarray(0, coded.length >> 1))).toMatchObject({ outcome: 'not_decoded', code: 'corrupt_media' })
  expect(await decoded(coded)).toMatchObject({ outcome: 'reduced' })
})

test('one that claims more pixels than are decoded is not decoded', async () => {
  expect(await decoded(coded, 64 * 32 - 1)).toMatchObject({ outcome: 'not_decoded', code: 'unsupported_media' })
})
