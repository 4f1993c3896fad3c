import { describe, expect, test } from 'vitest'
import { makeAae, makeXmp } from '../../samples/index.ts'
import { Malformed, memorySource } from '../bytes/source.ts'
import type { Draft } from '../reading.ts'
import { captureDetailsOf } from '../views.ts'
import { readAae } from './aae.ts'
import { readXmpSidecar } from './xmp-sidecar.ts'

async function factsOf(read: typeof readAae, content: Uint8Array) {
  const draft: Draft = {}
  await read(memorySource(content), draft)
  return captureDetailsOf(draft)
}

/** `{adjustmentFormatIdentifier: com.apple.photo, adjustmentBaseVersion: 1, adjustmentTimestamp: 2001-01-01T00:00:10Z}` as Apple's plutil writes it. */
function binaryAae(): Buffer {
  const objects = [
    Buffer.from([0xd3, 1, 2, 3, 4, 5, 6]),
    text('adjustmentBaseVersion'), text('adjustmentFormatIdentifier'), text('adjustmentTimestamp'),
    Buffer.from([0x10, 1]), text('com.apple.photo'), date(10),
  ]
  let at = 8
  const offsets = objects.map((object) => {
    const here = at
    at += object.length
    return here
  })
  const trailer = Buffer.alloc(32)
  trailer.set([1, 1], 6)
  trailer.writeBigUInt64BE(BigInt(objects.length), 8)
  trailer.writeBigUInt64BE(BigInt(at), 24)
  return Buffer.concat([Buffer.from('bplist00', 'latin1'), ...objects, Buffer.from(offsets), trailer])
}
function text(value: string): Buffer {
  const header = value.length < 15 ? [0x50 | value.length] : [0x5f, 0x10, value.length]
  return Buffer.concat([Buffer.from(header), Buffer.from(value, 'latin1')])
}
function date(seconds: number): Buffer {
  const bytes = Buffer.alloc(9, 0x33)
  bytes.writeDoubleBE(seconds, 1)
  return bytes
}

describe('an AAE says what its edit is', () => {
  test('as XML', async () => {
    expect((await factsOf(readAae, makeAae(1))).adjustment).toEqual({
      formatIdentifier: 'com.apple.photo', formatVersion: '1.5', editor: 'com.apple.mobileslideshow', baseVersion: 0, editedAt: Date.UTC(2024, 4, 1, 12),
    })
  })
  test('as a binary property list', async () => {
    expect((await factsOf(readAae, binaryAae())).adjustment).toEqual({
      formatIdentifier: 'com.apple.photo', formatVersion: null, editor: null, baseVersion: 1, editedAt: Date.UTC(2001, 0, 1, 0, 0, 10),
    })
  })
  test('a binary one that is cut or lies is refused, whatever the place', async () => {
    const plist = binaryAae()
    for (let length = 8; length < plist.length; length += 1) {
      await factsOf(readAae, plist.subarray(0, length)).catch((error: unknown) => expect(error).toBeInstanceOf(Malformed))
      const changed = Buffer.from(plist)
      changed[length] = 0xff
      await factsOf(readAae, changed).catch((error: unknown) => expect(error).toBeInstanceOf(Malformed))
    }
  })
})

describe('an XMP sidecar says whose it is', () => {
  test.each([
    ['by its file', { 'crs:RawFileName': 'IMG_0001.CR3' }, { fileName: 'IMG_0001.CR3', extension: null }],
    ['by its extension', { 'photoshop:SidecarForExtension': 'CR3' }, { fileName: null, extension: 'CR3' }],
    ['or it does not', {}, null],
  ])('%s', async (_, attributes, sidecarOwner) => {
    const packet = makeXmp({ attributes: { ...attributes, 'exif:DateTimeOriginal': '2024-05-01T13:05:09+02:00', 'exif:GPSLatitude': '52,31.2N', 'exif:GPSLongitude': '13,24,18W' } })
    expect(await factsOf(readXmpSidecar, Buffer.from(packet))).toMatchObject({
      capturedAt: Date.UTC(2024, 4, 1, 11, 5, 9),
      place: { latitude: expect.closeTo(52.52, 9), longitude: expect.closeTo(-13.405, 9) },
      sidecarOwner,
    })
  })
})
