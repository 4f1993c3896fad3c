import { open, rename, rm, stat } from 'node:fs/promises'
import { CannotWrite } from './decoder.ts'
import type { VideoDecoder, Written } from './decoder.ts'
import { decoders, ladder } from './ladder.ts'
import type { DecoderName } from './ladder.ts'
import { previewPlan } from './plan.ts'
import type { PreviewPlan } from './plan.ts'
import type { VideoPreviewJob, VideoPreviewOutcome } from './preview-outcome.ts'
import { absentDecoders } from '../tools.ts'
import { corrupt, unsupported } from './video-facts.ts'
import type { NotDecoded, VideoFacts } from './video-facts.ts'
import { videoWithin } from './video-within.ts'

export type PreviewOptions = VideoPreviewJob & {
  readonly signal?: AbortSignal
  /** 0 to 1. */
  readonly onProgress?: (fraction: number) => void
  /** The steps of the ladder that may be taken, in order. */
  readonly decoders?: readonly DecoderName[]
}

const never = new AbortController().signal

/**
 * An MP4 that every browser plays, of a video or of a motion photo: H.264, AAC, SDR, upright, at most 1280 pixels and 60 frames a second, nothing of the
 * original's metadata. `file` stands there whole or not at all; a kill may leave `.part` and `.video` behind. Rejects only where the original cannot be read or the
 * preview cannot be written.
 */
export async function makeVideoPreview({ path, file, signal = never, onProgress = () => undefined, decoders: names = ladder }: PreviewOptions): Promise<VideoPreviewOutcome> {
  await (await open(path)).close()
  const part = `${file}.part`
  // A folder that is missing or full says so here, in Node's words.
  await (await open(part, 'w')).close()
  let failure: NotDecoded | null = null
  try {
    await using video = await videoWithin(path, `${file}.video`)
    if (video === null) return { ...unsupported('a still without a video'), lacking: [] }
    for await (const decoder of decoders(names)) {
      const facts = await decoder.readFacts(video.path)
      const made = 'outcome' in facts ? facts : await written(decoder, facts, { path: video.path, file: part, signal, onProgress })
      if (made === 'cancelled') return { outcome: 'cancelled' }
      if ('outcome' in made) {
        failure ??= made
        continue
      }
      const { size } = await stat(part)
      await rename(part, file)
      return { outcome: 'made', mediaType: 'video/mp4', width: made.width, height: made.height, durationMs: made.durationMs, bytes: size, how: made.how, by: decoder.name }
    }
    return { ...(failure ?? { outcome: 'failed', code: 'no_encoder', message: 'neither node-av nor ffmpeg is installed' }), lacking: await absentDecoders(names) }
  } finally {
    await rm(part, { force: true })
  }
}

type Job = { readonly path: string; readonly file: string; readonly signal: AbortSignal; readonly onProgress: (fraction: number) => void }

/**
 * As planned; then, where FFmpeg lacks a filter or a track does not go into the new container as it is, by what asks less
 * of it; at last without sound.
 */
async function written(decoder: VideoDecoder, facts: VideoFacts, job: Job): Promise<(PreviewPlan & { readonly durationMs: number }) | 'cancelled' | NotDecoded> {
  const plan = previewPlan(facts)
  const encoded: PreviewPlan = { ...plan, how: 'encoded' }
  const [best = '', plain = ''] = plan.filters
  const silent: VideoFacts = { ...facts, audio: null }
  const attempts = [
    ...(plan.how === 'copied' ? [{ facts, plan, filters: best }] : []),
    { facts, plan: encoded, filters: best },
    { facts, plan: encoded, filters: plain },
    ...(facts.audio === null ? [] : [{ facts: silent, plan: encoded, filters: best }, { facts: silent, plan: encoded, filters: plain }]),
  ]
  let failure: NotDecoded = corrupt('no frame of the video can be decoded')
  for (const attempt of attempts) {
    let outcome: Written
    try {
      outcome = await decoder.writePreview({ ...job, ...attempt })
    } catch (error) {
      if (error instanceof CannotWrite) throw error
      outcome = corrupt(error instanceof Error ? error.message : String(error))
    }
    if (outcome === 'cancelled') return outcome
    if (outcome === 'made') return { ...attempt.plan, durationMs: facts.durationMs ?? 0 }
    failure = outcome
  }
  return failure
}
