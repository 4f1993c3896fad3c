import { createHash } from 'node:crypto'
import { startsWith, textOf, u16, u32, u8 } from '../bytes/numbers.ts'
import { Malformed } from '../bytes/source.ts'
import type { IptcWords } from '../reading.ts'
import { parseCaptureTime } from './capture-time.ts'

/** IPTC IIM 4.2 inside Photoshop's image resources (Adobe Photoshop File Formats, "Image Resource Blocks"). */

const iptcResource = 0x0404
const digestResource = 0x0425

// IIM 4.2 §6, record 2; coded character set: record 1, data set 90.
const keywordSet = 25
const dateSet = 55
const timeSet = 60
const captionSet = 120

/** The blocks of Photoshop's application segments, joined: `8BIM`, number, name, length, data. */
export function readPhotoshopResources(resources: Uint8Array): IptcWords | null {
  let block: Uint8Array | null = null
  let digest: string | null = null
  try {
    let at = 0
    while (at + 12 <= resources.length && startsWith(resources, '8BIM', at)) {
      const number = u16(resources, at + 4)
      const nameLength = u8(resources, at + 6) + 1 // Pascal string, padded to an even length with its length byte
      const lengthAt = at + 6 + nameLength + (nameLength % 2)
      const length = u32(resources, lengthAt)
      const body = resources.subarray(lengthAt + 4, lengthAt + 4 + length)
      if (number === iptcResource) block = body
      if (number === digestResource) digest = Array.from(body, (byte) => byte.toString(16).padStart(2, '0')).join('')
      at = lengthAt + 4 + length + (length % 2)
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
  }
  return block === null ? null : readIptc(block, digest)
}

/**
 * The data sets that are wanted. Photoshop stores a digest of the block as it was when XMP was written beside it: another
 * digest means that a program without XMP changed the block since (Metadata Working Group guidelines 2.0, §3.3.1).
 */
export function readIptc(block: Uint8Array, digest: string | null): IptcWords {
  const keywords: string[] = []
  const texts = new Map<number, string>()
  let at = 0
  while (at + 5 <= block.length && u8(block, at) === 0x1c) {
    const record = u8(block, at + 1)
    const set = u8(block, at + 2)
    const length = u16(block, at + 3)
    if (length > 0x7fff) break // an extended length: none of the wanted sets is that long
    const value = block.subarray(at + 5, at + 5 + length)
    if (record === 2 && set === keywordSet) keywords.push(textOf(value))
    else if (record === 2 && !texts.has(set)) texts.set(set, textOf(value))
    at += 5 + length
  }
  return {
    caption: texts.get(captionSet) ?? null,
    keywords,
    time: timeOf(texts.get(dateSet) ?? '', texts.get(timeSet) ?? ''),
    newerThanXmp: digest !== null && digest !== createHash('md5').update(block).digest('hex'),
  }
}

/** `20240501` and `130509+0200`. */
function timeOf(date: string, time: string): ReturnType<typeof parseCaptureTime> {
  const [, year = '', month = '', day = ''] = /^(\d{4})(\d\d)(\d\d)$/.exec(date) ?? []
  const [, hour = '', minute = '', second = '', offset = ''] = /^(\d\d)(\d\d)(\d\d)([+-]\d{4})?$/.exec(time) ?? []
  return parseCaptureTime(`${year}-${month}-${day} ${hour}:${minute}:${second}${offset}`)
}
