import type { Frame } from './frames.ts'
import type { PreviewPlan } from './plan.ts'
import type { NotDecoded, VideoFacts } from './video-facts.ts'

/** One step of the ladder: FFmpeg's libraries inside this process, or its program beside it. */
export type VideoDecoder = {
  readonly name: 'node-av' | 'ffmpeg'
  readFacts(path: string): Promise<VideoFacts | NotDecoded>
  /** The first key frame through `filters`; null where it cannot be decoded by itself. */
  firstFrame(request: FrameRequest): Promise<Frame | null>
  /** Frames of the first seconds (frames.ts), from the first on. Throws what FFmpeg says when it breaks off. */
  frames(request: FrameRequest): AsyncIterable<Frame>
  /** Writes the preview to `request.file`. Whatever it leaves there unless `made` is for the caller to remove. */
  writePreview(request: PreviewRequest): Promise<Written>
}

export type FrameRequest = { readonly path: string; readonly facts: VideoFacts; readonly filters: string; readonly width: number; readonly height: number }

export type PreviewRequest = {
  readonly path: string
  readonly file: string
  readonly facts: VideoFacts
  readonly plan: PreviewPlan
  /** One of the plan's. */
  readonly filters: string
  readonly signal: AbortSignal
  readonly onProgress: (fraction: number) => void
}

export type Written = 'made' | 'cancelled' | NotDecoded

/** No fault of the original: has the fields of Node's own system errors, by which the pool tells it from others. */
export class CannotWrite extends Error {
  override readonly name = 'CannotWrite'
  readonly code = 'EIO'
  readonly syscall = 'write'
}

/** Encoding, the same for both steps. Of the videos of Live Photos `veryfast` took a fifth to a third less CPU than `faster`, and no more bytes. */
export const x264Preset = 'veryfast'
export const x264Quality = 23
export const audioBitsPerSecond = 128_000
/** Rates that every player takes; FFmpeg's own AAC encoder, because fdk-aac is not free. */
export const audioFilters = 'aresample=48000,aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo|mono'
