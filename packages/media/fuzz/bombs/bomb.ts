import type { Dice } from '../dice.ts'

/** A file made to cost its reader far more than it costs its sender. */
export type Bomb = {
  readonly name: string
  /** Of its file's name, with the point. */
  readonly extension: string
  /** How often it comes, beside the others; the costly ones seldom. */
  readonly weight: number
  readonly make: (dice: Dice) => Buffer
}
