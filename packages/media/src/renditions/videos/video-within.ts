import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { readMedia } from '../../index.ts'
import { CannotWrite } from './decoder.ts'

/** A file that FFmpeg can open; disposing removes it if it was made for that. */
export type PlayableFile = AsyncDisposable & { readonly path: string }

/**
 * The video that an original is, or has behind its still: that of a motion photo is copied to `copy`, since FFmpeg opens
 * files from their beginning. Null of a still alone.
 */
export async function videoWithin(path: string, copy: string): Promise<PlayableFile | null> {
  const { facts } = await readMedia(path)
  if (facts.kind !== 'photo') return { path, [Symbol.asyncDispose]: () => Promise.resolve() }
  if (facts.motionPhoto === null) return null
  const { offset, bytes } = facts.motionPhoto
  await using file = await open(copy, 'w')
  try {
    await file.writeFile(createReadStream(path, { start: offset, end: offset + bytes - 1 }))
  } catch (error) {
    await rm(copy, { force: true })
    throw new CannotWrite(error instanceof Error ? error.message : String(error), { cause: error })
  }
  return { path: copy, [Symbol.asyncDispose]: () => rm(copy, { force: true }) }
}
