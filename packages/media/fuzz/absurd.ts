import type { Dice } from './dice.ts'

/** Numbers that no honest field holds, or that lie at the edge of what a reader expects. */
const edges = [
  0, 1, 2, 7, 8, 9, 15, 16, 17, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0xff_ffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_fffe, 0xffff_ffff,
] as const

/** A number of 32 bits: an edge, one near the size of the file, or any. */
export function absurdNumber(dice: Dice, fileBytes: number): number {
  if (dice.chance(0.6)) return dice.pick(edges)
  return dice.chance(0.5) ? Math.max(0, fileBytes + dice.from(-16, 16)) : dice.below(2 ** 32)
}

const widths = [1, 2, 4, 8] as const

/** Puts such a number at a place, 1 to 8 bytes wide, in either byte order. */
export function putAbsurd(bytes: Buffer, at: number, dice: Dice, width: 1 | 2 | 4 | 8 = dice.pick(widths), little = dice.chance(0.3)): void {
  if (at < 0 || at + width > bytes.length) return
  const number = absurdNumber(dice, bytes.length)
  if (width === 8) {
    bytes.writeUInt32BE(dice.chance(0.5) ? 0 : absurdNumber(dice, bytes.length), at)
    bytes.writeUInt32BE(number, at + 4)
  } else {
    const cut = number % 256 ** width
    if (little) bytes.writeUIntLE(cut, at, width)
    else bytes.writeUIntBE(cut, at, width)
  }
}
