import type { Dice } from '../dice.ts'

export type Mutation = {
  readonly name: string
  /** A changed copy; null where the file has nothing of what it changes. `other` is a file to take pieces from. */
  readonly mutate: (bytes: Buffer, dice: Dice, other: Buffer) => Buffer | null
}

/** `bytes` with what lies between two places replaced. */
export const replaced = (bytes: Buffer, start: number, end: number, piece: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, start), piece, bytes.subarray(end)])

/** What pieces are repeated into stays a file that is written in a moment. */
export const largestFile = 8 * 1024 * 1024
