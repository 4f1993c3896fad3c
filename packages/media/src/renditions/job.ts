import type { MediaDetails, Recipe } from '@everroll/protocol'
import type { Tool } from './tools.ts'

/** What one rendering may cost. */
export type RenderLimits = {
  /** The largest width times height that is decoded, in pixels. */
  readonly pixels: number
  /** How long one job may work (JobLimits). Kept from outside, by ending the process (RenditionPool). */
  readonly milliseconds: number
}

/**
 * 400 megapixels: twice what the largest phone sensors give (200), and most stitched panoramas. A file that claims more
 * (a decompression bomb claims up to 4 gigapixels in a few hundred bytes) is kept and not decoded.
 * 60 seconds: the slowest honest file known, 200 megapixels of HEVC in WebAssembly, takes some 15 s on a slow machine.
 */
export const defaultLimits: RenderLimits = { pixels: 400_000_000, milliseconds: 60_000 }

export type RenderJob = {
  /** The original, which is only read. */
  readonly path: string
  /** An existing, empty folder for the renditions. Each is written whole or not at all. */
  readonly folder: string
  readonly limits: RenderLimits
}

/** The same of a picture as a person adjusted it. */
export type AdjustJob = RenderJob & {
  readonly recipe: Recipe
  /** `screen`: the thumbnail and the preview. `full`: one file of the original's size, to be saved elsewhere. */
  readonly size: 'screen' | 'full'
}

export type RenditionFile = {
  readonly name: 'thumb' | 'preview' | 'edited'
  /** The name of the file within the folder of the job. */
  readonly file: string
  readonly mediaType: string
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly bytes: number
}

export type RenderOutcome =
  | {
      readonly outcome: 'made'
      readonly details: MediaDetails
      readonly renditions: readonly RenditionFile[]
      /** What decoded it: `sharp`, `node-av`, `libheif`, `embedded` (a smaller picture inside the file), or a decoder of videos. */
      readonly decoder: string
      /** What this machine lacks and would have been asked: with it more might come out. */
      readonly lacking: readonly Tool[]
    }
  | {
      readonly outcome: 'failed'
      readonly code: 'corrupt_media' | 'unsupported_media'
      /** For the log; English. */
      readonly message: string
      readonly details: MediaDetails
      /** What could be shown all the same: the upper part of a cut photo, or the small picture inside it. */
      readonly renditions: readonly RenditionFile[]
      readonly lacking: readonly Tool[]
    }
