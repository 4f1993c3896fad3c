/** What the plan of a poster or preview needs to know. Both decoders read it; names are FFmpeg's (ffprobe's output). */
export type VideoFacts = {
  /** MOV, MP4 and their kin. */
  readonly isoContainer: boolean
  readonly durationMs: number | null
  readonly bitsPerSecond: number | null
  readonly video: VideoTrack
  /** The track to be heard, if any can be decoded. */
  readonly audio: AudioTrack | null
}

export type VideoTrack = {
  /** Among the streams of the file. */
  readonly index: number
  readonly codec: string
  readonly pixelFormat: string
  /** Pixels as coded. */
  readonly width: number
  readonly height: number
  /** Width of a pixel divided by its height. */
  readonly sampleAspect: number
  /** The upper left 2x2 of the track matrix, a b c d (QuickTime File Format, "Matrices"); null where it is the identity. */
  readonly matrix: Matrix | null
  /** The mean; null where it is not known. */
  readonly framesPerSecond: number | null
  /** Each frame is two fields, half a frame's time apart: camcorders and television. */
  readonly interlaced: boolean
  readonly fullRange: boolean
  /** ITU-T H.273 code points by FFmpeg's names; null where the file does not say. */
  readonly primaries: string | null
  readonly transfer: string | null
  readonly coefficients: string | null
}

export type Matrix = readonly [a: number, b: number, c: number, d: number]

export type AudioTrack = { readonly index: number; readonly codec: string; readonly channels: number }

/** Why a decoder gave nothing. Its receiver tries the next decoder. */
export type NotDecoded = { readonly outcome: 'failed'; readonly code: 'corrupt_media' | 'unsupported_media'; readonly message: string }

export const corrupt = (message: string): NotDecoded => ({ outcome: 'failed', code: 'corrupt_media', message })
export const unsupported = (message: string): NotDecoded => ({ outcome: 'failed', code: 'unsupported_media', message })

/**
 * The track to be heard: an iPhone's spatial sound (APAC, ambisonic) stands beside a stereo track, and not every decoder
 * knows it, so that few channels go before many.
 */
export function audible(tracks: readonly AudioTrack[]): AudioTrack | null {
  return tracks.find(({ channels }) => channels >= 1 && channels <= 2) ?? tracks.find(({ channels, codec }) => channels >= 1 && codec !== 'apac') ?? null
}

/** The largest frame that is decoded: twice that of 8K. Files can claim any size. */
export const maximumPixels = 2 * 7680 * 4320

/**
 * Containers that are opened. FFmpeg also knows playlists, scripts and lists of other files, through which a hostile
 * original could name files of the server or addresses in its network.
 */
export const formats = 'mov,matroska,webm,avi,mpegts,mpeg,asf,flv,ogg'
