import { describe, expect, test } from 'vitest'
import { brotliCompressSync } from 'node:zlib'
import { box } from '../../samples/box.ts'
import { makeExif } from '../../samples/exif.ts'
import { makeJpeg, makePng } from '../../samples/index.ts'
import { memorySource } from '../bytes/source.ts'
import type { CaptureDetails } from '../facts.ts'
import type { Draft } from '../reading.ts'
import type { Reader } from '../readers.ts'
import { captureDetailsOf } from '../views.ts'
import { readJpegXl } from './jpeg-xl.ts'
import { readJpeg } from './jpeg.ts'
import { readPng } from './png.ts'
import { readCr3, readRaf } from './raw.ts'
import { readWebp } from './webp.ts'

const capturedAt = Date.UTC(2024, 4, 1, 11, 5, 9)
const exif = makeExif({ capturedAt, offsetMinutes: 120, place: { latitude: 1.5, longitude: -2.5, altitude: null } })
const raw = (text: string): Buffer => Buffer.from(text, 'latin1')

function bigEndian(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4))
  return bytes
}
function riff(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(body.length)
  return Buffer.concat([raw(type), length, body, Buffer.alloc(body.length % 2)])
}
const chunk = (type: string, body: Buffer): Buffer => Buffer.concat([bigEndian(body.length), raw(type), body, Buffer.alloc(4)])

const png = Buffer.from(makePng(1))
const end = png.length - 12 // IEND
const jxl = raw('\0\0\0\x0cJXL \r\n\x87\n')
const exifItem = Buffer.concat([bigEndian(0), exif])
async function capture(read: Reader, content: Buffer): Promise<CaptureDetails> {
  const draft: Draft = {}
  await read(memorySource(content), draft)
  return captureDetailsOf(draft)
}
const jpeg = Buffer.from(makeJpeg({ seed: 1, capturedAt, offsetMinutes: 120, place: { latitude: 1.5, longitude: -2.5, altitude: null } }))
const rafFront = Buffer.concat([raw('FUJIFILMCCD-RAW '), Buffer.alloc(68), bigEndian(200, jpeg.length)], 200)
const canonBox = raw('\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48')

/** A directory of a CR3 begins its block, so that here the root directory is the one that Exif or GPS would be. */
function blockOf(pointer: number): Buffer {
  const block = Buffer.from(exif)
  for (let at = 10; at < 10 + block.readUInt16BE(8) * 12; at += 12) {
    if (block.readUInt16BE(at) === pointer) block.writeUInt32BE(block.readUInt32BE(at + 8), 4)
  }
  return block
}

describe('Exif is found in each container', () => {
  test.each([
    ['PNG, before the image', readPng, Buffer.concat([png.subarray(0, 33), chunk('eXIf', exif), png.subarray(33)])],
    ['PNG, behind the image', readPng, Buffer.concat([png.subarray(0, end), chunk('eXIf', exif), png.subarray(end)])],
    ['WebP', readWebp, Buffer.concat([raw('RIFF\0\0\0\0WEBP'), riff('VP8 ', Buffer.alloc(7)), riff('EXIF', exif)])],
    ['WebP with the header of JPEG', readWebp, Buffer.concat([raw('RIFF\0\0\0\0WEBP'), riff('EXIF', Buffer.concat([raw('Exif\0\0'), exif]))])],
    ['JPEG XL', readJpegXl, Buffer.concat([jxl, box('Exif', exifItem)])],
    ['JPEG XL, compressed', readJpegXl, Buffer.concat([jxl, box('brob', Buffer.concat([raw('Exif'), brotliCompressSync(exifItem)]))])],
    ['RAF', readRaf, Buffer.concat([rafFront, jpeg])],
    ['CR3', readCr3, Buffer.concat([
      box('ftyp', raw('crx \0\0\0\x01crx isom')),
      box('moov', box('uuid', Buffer.concat([canonBox, box('CMT1', exif), box('CMT2', blockOf(0x8769)), box('CMT4', blockOf(0x8825))]))),
    ])],
  ] as const)('%s', async (_, read, content) => {
    expect(await capture(read, content)).toMatchObject({
      capturedAt,
      captureOffsetMinutes: 120,
      place: { latitude: 1.5, longitude: -2.5, altitude: null },
      contentIdentifier: null,
    })
  })
})

describe('XMP gives the time where there is no Exif', () => {
  const packet = (property: string): Buffer => raw(`<x:xmpmeta><rdf:Description ${property}</rdf:Description></x:xmpmeta>`)
  const app1 = (body: Buffer): Buffer => {
    const header = raw('\xff\xe1\0\0http://ns.adobe.com/xap/1.0/\0')
    header.writeUInt16BE(header.length - 2 + body.length, 2)
    return Buffer.concat([raw('\xff\xd8'), header, body, raw('\xff\xda')])
  }
  test.each([
    ['JPEG, attribute', readJpeg, app1(packet('xmp:CreateDate="2024-05-01T13:05:09+02:00">')), 120],
    ['JPEG, element', readJpeg, app1(packet('><exif:DateTimeOriginal>2024-05-01T11:05:09</exif:DateTimeOriginal>')), null],
    ['PNG', readPng, Buffer.concat([png.subarray(0, 33), chunk('iTXt', Buffer.concat([raw('XML:com.adobe.xmp\0\0\0\0\0'), packet('photoshop:DateCreated="2024-05-01T11:05:09Z">')]))]), 0],
    ['WebP', readWebp, Buffer.concat([raw('RIFF\0\0\0\0WEBP'), riff('XMP ', packet("xmp:CreateDate='2024-05-01T11:05:09Z'>"))]), 0],
  ] as const)('%s', async (_, read, content, captureOffsetMinutes) => {
    expect(await capture(read, content)).toMatchObject({ capturedAt, captureOffsetMinutes })
  })
})
