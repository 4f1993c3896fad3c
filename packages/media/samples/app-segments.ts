import { createHash } from 'node:crypto'
import { segment } from './mosaic-jpeg.ts'

/** Application segments of a JPEG that stand beside Exif. */

/** XMP part 3 §1.1.3. */
export const xmpSegment = (packet: string): Buffer => segment(0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${packet}`, 'utf8'))

export type IptcSample = {
  readonly caption?: string
  readonly keywords?: readonly string[]
  /** `20240501` and `130509+0200`. */
  readonly date?: string
  readonly time?: string
  /** The digest that Photoshop stored is of another block: a program that knows nothing of XMP has changed it since. */
  readonly isNewerThanXmp?: boolean
}

/** IPTC IIM 4.2 in Photoshop's image resources (Adobe Photoshop File Formats). */
export function iptcSegment({ caption, keywords = [], date, time, isNewerThanXmp }: IptcSample): Buffer {
  const block = Buffer.concat([
    ...keywords.map((keyword) => dataSet(25, keyword)),
    ...(date === undefined ? [] : [dataSet(55, date)]),
    ...(time === undefined ? [] : [dataSet(60, time)]),
    ...(caption === undefined ? [] : [dataSet(120, caption)]),
  ])
  const digest = createHash('md5').update(block).update(isNewerThanXmp === true ? 'changed' : '').digest()
  return segment(0xed, Buffer.concat([Buffer.from('Photoshop 3.0\0', 'latin1'), resource(0x0404, block), resource(0x0425, digest)]))
}

function dataSet(number: number, text: string): Buffer {
  const value = Buffer.from(text, 'utf8')
  return Buffer.concat([Buffer.from([0x1c, 2, number, value.length >> 8, value.length & 255]), value])
}

function resource(number: number, data: Buffer): Buffer {
  const header = Buffer.from('8BIM\0\0\0\0\0\0\0\0', 'latin1')
  header.writeUInt16BE(number, 4)
  header.writeUInt32BE(data.length, 8)
  return Buffer.concat([header, data, Buffer.alloc(data.length % 2)])
}
