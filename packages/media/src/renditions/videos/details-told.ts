import type { MediaDetails } from '@everroll/protocol'
import { pictureOf } from './plan.ts'
import type { VideoFacts } from './video-facts.ts'

/** What a decoder says of a video whose container this package does not read: MPEG transport streams, Matroska, AVI. */
export function detailsTold({ durationMs, video }: VideoFacts): MediaDetails {
  const { width, height } = pictureOf(video, Number.POSITIVE_INFINITY, 'rgb24')
  const rate = video.framesPerSecond
  return {
    width,
    height,
    codec: video.codec,
    ...(durationMs !== null && { durationMs }),
    ...(rate !== null && { frameRate: Math.round(rate * 1000) / 1000 }),
  }
}
