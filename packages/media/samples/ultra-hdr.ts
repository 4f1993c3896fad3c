import { xmpSegment } from './app-segments.ts'
import { makeJpeg } from './jpeg.ts'
import { segment } from './mosaic-jpeg.ts'
import type { Seed } from './random.ts'
import { makeXmp } from './xmp.ts'

/**
 * A JPEG with a gain map behind it. Android (Ultra HDR 1.1) says so in the first picture's XMP; Apple only in the second
 * picture's, which a multi-picture index (CIPA DC-007) leads to.
 */
export function makeUltraHdr(seed: Seed, manner: 'android' | 'apple'): Uint8Array {
  const gainMap = Buffer.from(makeJpeg({ seed: `${seed}/gain map`, segments: [gainMapXmp(manner)] }))
  if (manner === 'apple') {
    const length = makeJpeg({ seed, segments: [multiPictureIndex(0, 0, gainMap.length)] }).length
    // Offsets count from the index's own header; the first segments before it are Exif's.
    const index = multiPictureIndex(length, length - indexPosition(seed), gainMap.length)
    return makeJpeg({ seed, segments: [index], trailer: gainMap })
  }
  const packet = makeXmp({
    attributes: { 'hdrgm:Version': '1.0' },
    directory: [{ semantic: 'Primary', mime: 'image/jpeg' }, { semantic: 'GainMap', mime: 'image/jpeg', length: gainMap.length }],
  })
  return makeJpeg({ seed, segments: [xmpSegment(packet)], trailer: gainMap })
}

function gainMapXmp(manner: 'android' | 'apple'): Buffer {
  if (manner === 'android') return xmpSegment(makeXmp({ attributes: { 'hdrgm:Version': '1.0', 'hdrgm:GainMapMax': '2.3' } }))
  return xmpSegment(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
xmlns:HDRGainMap="http://ns.apple.com/HDRGainMap/1.0/" HDRGainMap:HDRGainMapVersion="65536"/></rdf:RDF></x:xmpmeta>`)
}

/** Where the header of the index stands in `makeJpeg`: behind its segment's marker, length and name. */
function indexPosition(seed: Seed): number {
  return Buffer.from(makeJpeg({ seed, segments: [multiPictureIndex(0, 0, 0)] })).indexOf('MPF\0', 0, 'latin1') + 4
}

/** CIPA DC-007 §5.2: a directory with the number of pictures and, for each, attributes, size and offset. */
function multiPictureIndex(firstBytes: number, secondOffset: number, secondBytes: number): Buffer {
  const body = Buffer.alloc(4 + 8 + 2 + 2 * 12 + 4 + 2 * 16)
  body.write('MPF\0MM\0*', 0, 'latin1')
  body.writeUInt32BE(8, 8)
  const table = 12
  body.writeUInt16BE(2, table)
  const entry = (at: number, tag: number, type: number, count: number, value: number): void => {
    body.writeUInt16BE(tag, at)
    body.writeUInt16BE(type, at + 2)
    body.writeUInt32BE(count, at + 4)
    body.writeUInt32BE(value, at + 8)
  }
  const pictures = table + 2 + 24 + 4
  entry(table + 2, 0xb001, 4, 1, 2)
  entry(table + 14, 0xb002, 7, 32, pictures - 4)
  body.writeUInt32BE(0x0003_0000, pictures)
  body.writeUInt32BE(firstBytes, pictures + 4)
  body.writeUInt32BE(secondBytes, pictures + 20)
  body.writeUInt32BE(secondOffset, pictures + 24)
  return segment(0xe2, body)
}
