import { colourFilters, isHdr, plainColourFilters } from './colours.ts'
import type { Target } from './colours.ts'
import { turnOf } from './turn.ts'
import type { VideoFacts, VideoTrack } from './video-facts.ts'

/** A size as displayed, and the filters that lead to it: the first list, or where FFmpeg lacks one of its filters, the next. */
export type Picture = { readonly width: number; readonly height: number; readonly filters: readonly string[] }

/**
 * A frame of two fields: bwdif finds out from the frames before and after what moved, where frames say that they are two
 * fields. A still has one frame, which tells it nothing: there one of the fields is taken, and scaled to the height of both.
 */
const deinterlace: Readonly<Record<Target, string>> = { yuv420p: 'bwdif=mode=send_frame:deint=interlaced', rgb24: 'field=type=top' }

/**
 * Never enlarged. Even sides, which 4:2:0 needs and a still does not mind.
 *
 * @param rate frames a second, constant; null leaves them as they come
 */
export function pictureOf(video: VideoTrack, maxEdge: number, target: Target, rate: string | null = null): Picture {
  const shownWidth = video.width * video.sampleAspect
  const factor = Math.min(1, maxEdge / Math.max(shownWidth, video.height))
  const width = even(shownWidth * factor)
  const height = even(video.height * factor)
  const turn = turnOf(video.matrix)
  const timing = [...(video.interlaced ? [deinterlace[target]] : []), ...(rate === null ? [] : [`fps=${rate}`])]
  const chain = (colours: readonly string[]): string => [...timing, ...colours, 'setsar=1', ...turn.filters].join(',')
  return {
    ...(turn.swapsSides ? { width: height, height: width } : { width, height }),
    filters: [chain(colourFilters(video, width, height, target)), chain(plainColourFilters(video, width, height, target))],
  }
}

/** The hundredth is for what division loses. */
const even = (pixels: number): number => Math.max(2, Math.floor(pixels / 2 + 0.01) * 2)

/**
 * 720 lines are what a phone shows and a laptop shows well; a browser plays them on any machine, a home server
 * has 2.3 times fewer pixels to encode than with 1080, and its upstream carries their 4 Mbit/s. The
 * original is there for everything else.
 */
export const previewEdge = 1280
/** What a preview may take, at 30 frames a second; the square root of twice that at 60, whose frames differ less. */
const bitsPerSecond = 4_000_000
const highestRate = 60

export type PreviewPlan = {
  readonly how: 'copied' | 'encoded'
  /** Pixels, as displayed. */
  readonly width: number
  readonly height: number
  readonly filters: readonly string[]
  /** Seconds between two key frames are 2: a seek decodes no more. */
  readonly keyFrameInterval: number
  readonly maxBitsPerSecond: number
}

export function previewPlan(facts: VideoFacts): PreviewPlan {
  const { video } = facts
  const rate = constantRate(video.framesPerSecond)
  const picture = pictureOf(video, previewEdge, 'yuv420p', rate)
  const framesPerSecond = asNumber(rate)
  return {
    how: playsAnywhere(facts) ? 'copied' : 'encoded',
    width: picture.width,
    height: picture.height,
    filters: picture.filters,
    keyFrameInterval: Math.round(framesPerSecond * 2),
    maxBitsPerSecond: Math.round(bitsPerSecond * Math.sqrt(Math.max(1, framesPerSecond / 30))),
  }
}

/** What all browsers play as it is: H.264 with 8 bits and 4:2:0, AAC, nothing larger or faster than a preview. A mirroring matrix is not honoured everywhere. */
function playsAnywhere({ isoContainer, video, audio, bitsPerSecond: bits }: VideoFacts): boolean {
  return (
    isoContainer &&
    video.codec === 'h264' && video.pixelFormat === 'yuv420p' && !video.fullRange && !isHdr(video) &&
    video.sampleAspect === 1 && !video.interlaced && !turnOf(video.matrix).mirrors &&
    Math.max(video.width, video.height) <= previewEdge && (video.framesPerSecond ?? highestRate) <= highestRate &&
    bits !== null && bits <= bitsPerSecond * 1.5 &&
    (audio === null || (audio.codec === 'aac' && audio.channels <= 2))
  )
}

const rates = ['24', '25', '30', '48', '50', '60']
/** Rates of NTSC, kept where they are meant: a phone's mean rate is anything. */
const ntscRates = ['24000/1001', '30000/1001', '60000/1001']

/** Phones record with a rate that varies; players and editors like it constant. The lowest usual rate that loses no frame, at most 60. */
export function constantRate(framesPerSecond: number | null): string {
  if (framesPerSecond === null) return '30'
  const ntsc = ntscRates.find((rate) => Math.abs(asNumber(rate) - framesPerSecond) < 0.003)
  return ntsc ?? rates.find((rate) => Number(rate) >= framesPerSecond - 0.5) ?? String(highestRate)
}

function asNumber(rate: string): number {
  const [numerator = 0, denominator = 1] = rate.split('/').map(Number)
  return numerator / denominator
}
