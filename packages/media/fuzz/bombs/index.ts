import type { Dice } from '../dice.ts'
import type { Bomb } from './bomb.ts'
import { boxBombs } from './boxes.ts'
import { jpegBombs } from './jpeg.ts'
import { pngBombs } from './png.ts'
import { smallPictureBombs } from './small-pictures.ts'
import { textBombs } from './texts.ts'
import { tiffBombs } from './tiff.ts'

export const bombs: readonly Bomb[] = [...pngBombs, ...jpegBombs, ...tiffBombs, ...boxBombs, ...smallPictureBombs, ...textBombs]

/** One of them by its weight; `costly` ones, which keep a decoder busy for seconds, only where they are wanted. */
export function chosenBomb(dice: Dice, costly: boolean): Bomb {
  const chosen = costly ? bombs : bombs.filter(({ weight }) => weight >= 1)
  let left = (dice.below(2 ** 32) / 2 ** 32) * chosen.reduce((sum, { weight }) => sum + weight, 0)
  for (const bomb of chosen) {
    left -= bomb.weight
    if (left < 0) return bomb
  }
  throw new RangeError('the weights of the bombs are less than their sum')
}
