import { open } from 'node:fs/promises'
import type { VideoDecoder } from './decoder.ts'
import { firstLit, isBlack } from './frames.ts'
import type { Frame } from './frames.ts'
import { decoders, ladder } from './ladder.ts'
import type { DecoderName } from './ladder.ts'
import { plainPoster } from './plain-poster.ts'
import { pictureOf } from './plan.ts'
import { corrupt } from './video-facts.ts'
import type { NotDecoded, VideoFacts } from './video-facts.ts'

export type Poster = {
  readonly outcome: 'made'
  /** Upright SDR: three bytes a pixel (red, green, blue), sRGB, row by row without gaps. */
  readonly frame: Frame
  /** `plain`: a neutral picture that says that it is a video, because no decoder is installed. */
  readonly decoder: DecoderName | 'plain'
  /** What the decoder says of the video; null of a plain poster. */
  readonly facts: VideoFacts | null
}

export type PosterOptions = {
  /** The longer side of the poster, in pixels. Never enlarged. */
  readonly maxEdge: number
  /** The steps of the ladder that may be taken, in order. */
  readonly decoders?: readonly DecoderName[]
}

/** A picture from near the beginning of a video. Rejects only where the file cannot be read. */
export async function posterOf(path: string, { maxEdge, decoders: names = ladder }: PosterOptions): Promise<Poster | NotDecoded> {
  await (await open(path)).close()
  let failure: NotDecoded | null = null
  for await (const decoder of decoders(names)) {
    const poster = await posterBy(decoder, path, maxEdge)
    if (poster.outcome === 'made') return poster
    failure ??= poster
  }
  return failure ?? { outcome: 'made', frame: await plainPoster(maxEdge), decoder: 'plain', facts: null }
}

async function posterBy(decoder: VideoDecoder, path: string, maxEdge: number): Promise<Poster | NotDecoded> {
  const facts = await decoder.readFacts(path)
  if ('outcome' in facts) return facts
  const { width, height, filters } = pictureOf(facts.video, maxEdge, 'rgb24')
  let failure = corrupt('no frame of the video can be decoded')
  for (const chain of filters) {
    const request = { path, facts, filters: chain, width, height }
    try {
      const first = await decoder.firstFrame(request)
      const frame = first === null || isBlack(first) ? ((await firstLit(decoder.frames(request))) ?? first) : first
      if (frame !== null) return { outcome: 'made', frame, decoder: decoder.name, facts }
    } catch (error) {
      failure = corrupt(error instanceof Error ? error.message : String(error))
    }
  }
  return failure
}
