import { box } from '../box.ts'
import { parameterSets } from './tiles.ts'

/** ISO/IEC 14496-15 §8.3.3.1, HEVCDecoderConfigurationRecord, out of the parameter sets of the tiles. */
export function hevcConfiguration(): Buffer {
  const sets = parameterSets.map((text) => Buffer.from(text, 'base64'))
  const sequence = sets[1] ?? Buffer.alloc(0)
  // Behind the unit's header (2) and a byte of identifiers stands profile_tier_level (H.265 §7.3.3), 12 bytes, with
  // emulation prevention (§7.4.2), which the record does not have.
  const profileAndLevel = withoutEmulation(sequence).subarray(3, 15)
  const arrays = sets.map((unit) => {
    const header = Buffer.from([0x80 | (((unit[0] ?? 0) >> 1) & 63), 0, 1, 0, 0]) // complete array of one unit of this type
    header.writeUInt16BE(unit.length, 3)
    return Buffer.concat([header, unit])
  })
  return box('hvcC', Buffer.concat([
    Buffer.from([1]),
    profileAndLevel,
    Buffer.from([
      0xf0, 0, // minimum spatial segmentation: none
      0xfc, // parallelism: unknown
      0xfc | 1, // 4:2:0
      0xf8, 0xf8, // 8 bits of luma and of chroma
      0, 0, // frame rate: not stated
      0x0f, // one temporal layer, nested, lengths of 4 bytes
      sets.length,
    ]),
    ...arrays,
  ]))
}

/** A slice as it is stored in a file: its length in 4 bytes before it (ISO/IEC 14496-15 §4.3.3). */
export function storedSlice(base64: string): Buffer {
  const unit = Buffer.from(base64, 'base64')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(unit.length)
  return Buffer.concat([length, unit])
}

function withoutEmulation(unit: Buffer): Buffer {
  return Buffer.from(unit.toString('latin1').replaceAll('\0\0\x03', '\0\0'), 'latin1')
}
