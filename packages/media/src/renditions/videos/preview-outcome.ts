import type { Tool } from '../tools.ts'

export type VideoPreviewJob = {
  /** The original, which is only read: a video, or a motion photo, whose video it is then. */
  readonly path: string
  /** Where the preview is to stand. It is written beside it, under a name with `.part`, and renamed when whole. */
  readonly file: string
}

export type VideoPreviewOutcome =
  | {
      readonly outcome: 'made'
      readonly mediaType: 'video/mp4'
      /** Pixels as displayed. */
      readonly width: number
      readonly height: number
      readonly durationMs: number
      readonly bytes: number
      /** `copied`: the original's H.264 and AAC in a new container, nothing decoded. */
      readonly how: 'copied' | 'encoded'
      readonly by: 'node-av' | 'ffmpeg'
    }
  | {
      readonly outcome: 'failed'
      /** `no_encoder`: neither node-av nor ffmpeg is installed here, so nothing is known about the file. */
      readonly code: 'corrupt_media' | 'unsupported_media' | 'no_encoder'
      /** For the log; English. */
      readonly message: string
      /** What this machine lacks and would have been asked. */
      readonly lacking: readonly Tool[]
    }
  | { readonly outcome: 'cancelled' }
