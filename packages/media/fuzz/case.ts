import { chosenBomb } from './bombs/index.ts'
import type { Corpus, CorpusFile } from './corpus.ts'
import { Dice } from './dice.ts'
import { boxMutations } from './mutations/boxes.ts'
import { byteMutations } from './mutations/bytes.ts'
import { chunkMutations } from './mutations/chunks.ts'
import { jpegMutations } from './mutations/jpeg.ts'
import { largestFile } from './mutations/mutation.ts'
import type { Mutation } from './mutations/mutation.ts'
import { tiffMutations } from './mutations/tiff.ts'

/** One hostile file. */
export type Case = {
  readonly seed: number
  readonly from: string
  /** What was done to it, in order. */
  readonly mutations: readonly [string, ...string[]]
  readonly extension: string
  readonly bytes: Buffer
}

export type CaseOptions = {
  readonly corpus: Corpus
  /** Also bombs that keep a decoder busy for seconds, and files of megabytes. */
  readonly costly: boolean
}

const ofStructure = [boxMutations, jpegMutations, chunkMutations, tiffMutations] as const
export const mutations: readonly Mutation[] = [byteMutations, ...ofStructure].flat()
/** Of four families one or two find their format in a file. */
const tries = 8

/** The file that a seed means: the same bytes wherever the corpus is the same. */
export function caseOf(seed: number, { corpus, costly }: CaseOptions): Case {
  const dice = new Dice(`case ${seed}`)
  if (dice.chance(0.06)) {
    const { name, extension, make } = chosenBomb(dice, costly)
    return { seed, from: 'bomb', mutations: [`bomb: ${name}`], extension, bytes: make(dice) }
  }
  const file = dice.pick(filesToChoose(dice, corpus, costly))
  const other = dice.pick(corpus.small)
  if (file === undefined || other === undefined) throw new RangeError('the corpus is empty')
  let changed = mutated(file.bytes(), dice, other.bytes())
  const done: [string, ...string[]] = [changed.name]
  for (let more = dice.few(4) - 1; more > 0; more -= 1) {
    changed = mutated(changed.bytes, dice, other.bytes())
    done.push(changed.name)
  }
  // A wrong name is hostile too: content decides.
  return { seed, from: file.name, mutations: done, extension: dice.chance(0.05) ? other.extension : file.extension, bytes: changed.bytes.subarray(0, largestFile) }
}

/** Tiny files most of the time: a decoder spends on a mutated photo of megabytes what it spends on a hundred of them. */
function filesToChoose(dice: Dice, { samples, small, large }: Corpus, costly: boolean): readonly CorpusFile[] {
  if (costly && large.length > 0 && dice.chance(1 / 300)) return large
  return dice.chance(0.5) ? samples : small
}

/** By a mutation that finds something to change: one that knows the format in two of three cases. */
function mutated(bytes: Buffer, dice: Dice, other: Buffer): { readonly bytes: Buffer; readonly name: string } {
  const families = dice.chance(1 / 3) ? [byteMutations] : [...Array.from({ length: tries }, () => dice.pick(ofStructure)), byteMutations]
  for (const family of families) {
    const mutation: Mutation | undefined = dice.pick(family)
    const changed = mutation?.mutate(bytes, dice, other) ?? null
    if (mutation !== undefined && changed !== null) return { bytes: changed, name: mutation.name }
  }
  return { bytes: Buffer.concat([bytes, dice.bytes(16)]), name: 'bytes appended' }
}
