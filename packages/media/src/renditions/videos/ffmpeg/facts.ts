import { audible, corrupt, unsupported } from '../video-facts.ts'
import type { AudioTrack, Matrix, NotDecoded, VideoFacts } from '../video-facts.ts'

/** What is read of `ffprobe -show_format -show_streams -of json`. */
type Probed = { readonly format?: { readonly format_name?: string; readonly duration?: string; readonly bit_rate?: string }; readonly streams?: readonly ProbedStream[] }

type ProbedStream = {
  readonly index: number
  readonly codec_type?: string
  readonly codec_name?: string
  readonly codec_tag_string?: string
  readonly pix_fmt?: string
  readonly width?: number
  readonly height?: number
  readonly sample_aspect_ratio?: string
  readonly avg_frame_rate?: string
  readonly field_order?: string
  readonly color_range?: string
  readonly color_primaries?: string
  readonly color_transfer?: string
  readonly color_space?: string
  readonly channels?: number
  readonly disposition?: { readonly default?: number; readonly attached_pic?: number }
  readonly side_data_list?: readonly { readonly displaymatrix?: string }[]
}

export function factsFrom(json: string): VideoFacts | NotDecoded {
  const { format, streams = [] } = JSON.parse(json) as Probed
  const videos = streams.filter((stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1)
  const video = videos.find((stream) => stream.disposition?.default === 1) ?? videos[0]
  if (video === undefined) return unsupported('no video track')
  // An ffmpeg that does not know the codec names none, or `none`.
  if (video.codec_name === undefined || video.codec_name === 'none') return unsupported(`no decoder for ${video.codec_tag_string ?? 'its video'}`)
  const { width = 0, height = 0, pix_fmt: pixelFormat } = video
  if (width < 1 || height < 1 || pixelFormat === undefined) return corrupt('no frame of the video can be decoded')
  return {
    isoContainer: format?.format_name?.split(',').includes('mov') ?? false,
    durationMs: positive(Number(format?.duration) * 1000),
    bitsPerSecond: positive(Number(format?.bit_rate)),
    video: {
      index: video.index,
      codec: video.codec_name,
      pixelFormat,
      width,
      height,
      sampleAspect: ratio(video.sample_aspect_ratio, ':') ?? 1,
      matrix: matrixFrom(video.side_data_list?.find(({ displaymatrix }) => displaymatrix !== undefined)?.displaymatrix),
      framesPerSecond: ratio(video.avg_frame_rate, '/'),
      // tt, bb, tb, bt; else progressive, unknown or nothing.
      interlaced: /^[tb]{2}$/.test(video.field_order ?? ''),
      fullRange: video.color_range === 'pc' || pixelFormat.startsWith('yuvj'),
      primaries: video.color_primaries ?? null,
      transfer: video.color_transfer ?? null,
      coefficients: video.color_space ?? null,
    },
    audio: audible(
      streams
        .filter((stream) => stream.codec_type === 'audio' && stream.codec_name !== undefined && stream.codec_name !== 'none')
        .map((stream): AudioTrack => ({ index: stream.index, codec: stream.codec_name ?? '', channels: stream.channels ?? 0 })),
    ),
  }
}

/** Three lines of three numbers after an address: `00000000:            0       65536           0`. */
function matrixFrom(text: string | undefined): Matrix | null {
  const [first, second] = [...(text ?? '').matchAll(/^\s*\d{8}:\s+(-?\d+)\s+(-?\d+)/gm)]
  return first === undefined || second === undefined ? null : [Number(first[1]), Number(first[2]), Number(second[1]), Number(second[2])]
}

function ratio(text: string | undefined, separator: string): number | null {
  const [numerator = 0, denominator = 0] = (text ?? '').split(separator).map(Number)
  return numerator > 0 && denominator > 0 ? numerator / denominator : null
}

const positive = (number: number): number | null => (Number.isFinite(number) && number > 0 ? Math.round(number) : null)
