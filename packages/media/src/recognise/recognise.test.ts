import { describe, expect, test } from 'vitest'
import { makeAae, makeJpeg, makeMov, makePng } from '../../samples/index.ts'
import { recognise } from './recognise.ts'

const bytes = (text: string, length = 64): Uint8Array => Buffer.concat([Buffer.from(text, 'latin1')], Math.max(length, text.length))
const ftyp = (major: string, ...compatible: string[]): Uint8Array =>
  bytes(`\0\0\0${String.fromCharCode(16 + compatible.length * 4)}ftyp${major}\0\0\0\0${compatible.join('')}`)
const transportStream = Buffer.alloc(188 * 4)
for (let at = 0; at < transportStream.length; at += 188) transportStream[at] = 0x47

describe('content decides, whatever the name', () => {
  test.each([
    ['JPEG', makeJpeg({ seed: 1 }), 'photo', 'image/jpeg'],
    ['PNG', makePng(1), 'photo', 'image/png'],
    ['PNG cut behind its signature', bytes('\x89PNG\r\n\x1a\n', 8), 'photo', 'image/png'],
    ['MOV', makeMov({ seed: 1 }), 'video', 'video/quicktime'],
    ['AAE', makeAae(1), 'sidecar', 'application/x-plist'],
    ['HEIC', ftyp('heic', 'mif1', 'heic'), 'photo', 'image/heic'],
    ['HEIC by its compatible brand', ftyp('mif1', 'mif1', 'heic'), 'photo', 'image/heic'],
    ['AVIF by its compatible brand', ftyp('mif1', 'mif1', 'avif', 'miaf'), 'photo', 'image/avif'],
    ['HEIF of an unknown codec', ftyp('mif1', 'mif1'), 'photo', 'image/heif'],
    ['AVIF', ftyp('avif', 'mif1'), 'photo', 'image/avif'],
    ['CR3', ftyp('crx ', 'isom'), 'raw', 'image/x-canon-cr3'],
    ['MP4', ftyp('isom', 'mp42'), 'video', 'video/mp4'],
    ['M4V', ftyp('M4V ', 'mp42'), 'video', 'video/x-m4v'],
    ['3GP', ftyp('3gp5', 'isom'), 'video', 'video/3gpp'],
    ['M4A', ftyp('M4A ', 'mp42'), 'other', 'audio/x-m4a'],
    ['QuickTime of before 2001, without ftyp', bytes('\0\0\0\x08wide\0\0\x10\0mdat'), 'video', 'video/quicktime'],
    ['GIF', bytes('GIF89a'), 'photo', 'image/gif'],
    ['WebP', bytes('RIFF\x38\0\0\0WEBPVP8 '), 'photo', 'image/webp'],
    ['AVI', bytes('RIFF\x38\0\0\0AVI LIST'), 'video', 'video/vnd.avi'],
    ['JPEG XL container', bytes('\0\0\0\x0cJXL \r\n\x87\n'), 'photo', 'image/jxl'],
    ['JPEG XL codestream', bytes('\xff\x0a'), 'photo', 'image/jxl'],
    ['TIFF', bytes('MM\0*\0\0\0\x08\0\0'), 'photo', 'image/tiff'],
    ['TIFF whose directory is far away', bytes('II*\0\xff\xff\xff\x0f'), 'photo', 'image/tiff'],
    ['CR2', bytes('II*\0\x10\0\0\0CR\x02\0'), 'raw', 'image/x-canon-cr2'],
    ['RAF', bytes('FUJIFILMCCD-RAW 0201'), 'raw', 'image/x-fujifilm-raf'],
    ['ORF', bytes('IIRO\x08\0\0\0'), 'raw', 'image/x-olympus-orf'],
    ['RW2', bytes('IIU\0\x18\0\0\0\x88\xe7\x74\xd8'), 'raw', 'image/x-panasonic-rw2'],
    ['WebM', bytes('\x1a\x45\xdf\xa3\x87\x42\x82\x84webm'), 'video', 'video/webm'],
    ['Matroska', bytes('\x1a\x45\xdf\xa3\x8b\x42\x82\x88matroska'), 'video', 'video/matroska'],
    ['MPEG-TS', transportStream, 'video', 'video/mp2t'],
    ['XMP', bytes('<x:xmpmeta xmlns:x="adobe:ns:meta/">'), 'sidecar', 'application/rdf+xml'],
    ['XMP with a byte order mark and a packet header', bytes('\xef\xbb\xbf<?xpacket begin="" id="W5M0"?>\n<x:xmpmeta>'), 'sidecar', 'application/rdf+xml'],
    ['AAE in binary', bytes('bplist00\xd6_\x10\x1aadjustmentFormatIdentifier'), 'sidecar', 'application/x-plist'],
  ] as const)('%s', async (_, content, kind, mediaType) => {
    for (const name of ['a', 'a.txt', 'a.jpg']) {
      expect(await recognise(content, name)).toEqual({ kind, mediaType, recognised: kind !== 'other' })
    }
  })

  test('a document named as a photo is not a photo', async () => {
    expect(await recognise(bytes('%PDF-1.7\n'), 'IMG_0001.JPG')).toEqual({ kind: 'other', mediaType: 'application/pdf', recognised: false })
  })

  test('TIFF of a RAW camera takes the type of its name: its content does not say', async () => {
    expect((await recognise(bytes('MM\0*\0\0\0\x08\0\0'), 'a.PEF')).mediaType).toBe('image/x-pentax-pef')
  })
})

describe('where the content says nothing, the name decides', () => {
  test.each([
    ['', 'IMG_0001.HEIC', 'photo', 'image/heic'],
    ['zzzzzzzz', 'IMG_0001.MOV', 'video', 'video/quicktime'],
    ['<?xml version="1.0"?><plist></plist>', 'a.AAE', 'sidecar', 'application/x-plist'],
    ['<?xml version="1.0"?><plist></plist>', 'a.plist', 'other', 'application/xml'],
    ['hello', 'notes.txt', 'other', 'application/octet-stream'],
  ])('%j named %s', async (content, name, kind, mediaType) => {
    expect(await recognise(bytes(content, 0), name)).toEqual({ kind, mediaType, recognised: false })
  })
})
