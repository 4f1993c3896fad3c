import { gzipSync } from 'node:zlib'
import { makeHeic, makeXmp } from '../../samples/index.ts'
import { xmpSegment } from '../../samples/app-segments.ts'
import { mosaicImage } from '../../samples/mosaic-jpeg.ts'
import type { Dice } from '../dice.ts'
import type { Bomb } from './bomb.ts'

const opening = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/">'

/** Entities of entities, two to the 30th of them. */
const entities = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 30 }, (_, level) => `<!ENTITY b${level} "&${level === 0 ? 'a' : `b${level - 1}`};&${level === 0 ? 'a' : `b${level - 1}`};">`).join('')}]>`

const packets: readonly ((size: number) => string)[] = [
  (size) => opening + '<dc:subject>'.repeat(size / 12),
  (size) => opening + '<a '.repeat(size / 3),
  (size) => `${opening}<dc:description ${'a="'.repeat(size / 3)}`,
  (size) => `${opening}<dc:title>${'&amp;'.repeat(size / 5)}</dc:title>`,
  (size) => `${opening}<dc:subject><rdf:Bag>${'<rdf:li>k</rdf:li>'.repeat(size / 18)}`,
  (size) => `${opening}${Array.from({ length: Math.floor(size / 20) }, (_, index) => `<a xmlns:n${index}="b">`).join('')}`,
  (size) => `${opening}<exif:GPSLatitude>${'1,'.repeat(size / 2)}N</exif:GPSLatitude>`,
  (size) => `${opening}<!-- ${'-- '.repeat(size / 3)}`,
  (size) => `${opening}<![CDATA[${']]'.repeat(size / 2)}`,
  (size) => `${entities}${opening}<dc:title>&b29;</dc:title>${' '.repeat(Math.min(size, 1000))}</rdf:Description></rdf:RDF></x:xmpmeta>`,
  (size) => makeXmp({ directory: Array.from({ length: Math.floor(size / 100) }, () => ({ semantic: 'MotionPhoto', mime: 'video/mp4', length: 1e15 })) }),
]

const packet = (dice: Dice, size: number): string => dice.pick(packets)?.(size) ?? ''

/** A binary property list (CoreFoundation, `CFBinaryPList.c`) whose dictionary holds itself, or says that it is endless. */
function propertyList(dice: Dice): Buffer {
  const object = dice.pick([Buffer.from([0xd1, 0, 0]), Buffer.from([0xdf, 0x13, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), Buffer.from([0x5f, 0x12, 0x7f, 0xff, 0xff, 0xff]), Buffer.from([0xd1, 0, 0, 0x6f, 0x1f])])
  const trailer = Buffer.alloc(32)
  trailer.set([dice.pick([0, 1, 2, 8, 255]), dice.pick([0, 1, 2, 8, 255])], 6)
  trailer.writeUInt32BE(dice.pick([0, 1, 0xffff_ffff]), 12)
  trailer.writeUInt32BE(dice.pick([0, 1, 0xffff_ffff]), 20)
  trailer.writeUInt32BE(dice.pick([8, 8 + object.length, 0xffff_ffff]), 28)
  return Buffer.concat([Buffer.from('bplist00', 'latin1'), object, Buffer.from([8]), trailer])
}

const noMedia = [
  () => gzipSync(Buffer.alloc(20_000_000)),
  () => Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="60000" height="60000"><rect width="100%" height="100%" filter="url(#a)"/>${'<g>'.repeat(10_000)}`, 'latin1'),
  () => Buffer.from(`${entities}<svg xmlns="http://www.w3.org/2000/svg"><text>&b29;</text></svg>`, 'latin1'),
  () => Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj', 'latin1'),
  () => Buffer.from('P6 60000 60000 255\n', 'latin1'),
  () => Buffer.from('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 60000 +X 60000\n', 'latin1'),
  () => Buffer.from('BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\xff\xff\xff\x7f\xff\xff\xff\x7f\x01\0\x18\0', 'latin1'),
] as const

export const textBombs: readonly Bomb[] = [
  { name: 'XMP sidecar that grows', extension: '.xmp', weight: 5, make: (dice) => Buffer.from(packet(dice, dice.pick([1000, 60_000, 2_000_000])), 'utf8') },
  { name: 'XMP in a JPEG that grows', extension: '.jpg', weight: 5, make: (dice) => Buffer.concat([Buffer.from([0xff, 0xd8]), xmpSegment(packet(dice, 60_000).slice(0, 65_000)), mosaicImage(1), Buffer.from([0xff, 0xd9])]) },
  { name: 'XMP in a HEIC that grows', extension: '.heic', weight: 3, make: (dice) => Buffer.from(makeHeic({ seed: 1, single: true, xmp: packet(dice, dice.pick([60_000, 1_000_000])) })) },
  { name: 'property list that grows', extension: '.aae', weight: 3, make: (dice) => dice.chance(0.5) ? propertyList(dice) : Buffer.from(`<?xml version="1.0"?><plist><dict>${dice.pick(['<key>', '<key>adjustmentData</key><string>', '<key>a</key> '])}`.repeat(dice.few(20_000)), 'latin1') },
  // No media: a source leaves them out, and no decoder sees them.
  { name: 'no media that inflates', extension: '.jpg', weight: 3, make: (dice) => dice.pick(noMedia)() },
]
