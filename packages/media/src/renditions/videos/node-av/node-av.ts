import type { VideoDecoder } from '../decoder.ts'
import { corrupt } from '../video-facts.ts'
import { factsOf } from './facts.ts'
import { firstFrame, framesOf, open } from './frames.ts'
import { loadNodeAv } from './library.ts'
import { writePreview } from './preview.ts'

/** FFmpeg's libraries inside this process. Null where the optional package is missing. */
export async function nodeAvDecoder(): Promise<VideoDecoder | null> {
  const library = await loadNodeAv()
  if (library === null) return null
  return {
    name: 'node-av',
    async readFacts(path) {
      try {
        await using input = await open(library, path)
        return factsOf(input, library)
      } catch (error) {
        return corrupt(error instanceof Error ? error.message : String(error))
      }
    },
    firstFrame: (request) => firstFrame(library, request),
    frames: (request) => framesOf(library, request),
    writePreview: (request) => writePreview(library, request),
  }
}
