import { availableParallelism, constants as os } from 'node:os'
import type { Decoder, Demuxer, Encoder, FilterAPI, Muxer } from 'node-av/api'
import type { Frame, Packet } from 'node-av/lib'
import { CannotWrite, audioBitsPerSecond, audioFilters, x264Preset, x264Quality } from '../decoder.ts'
import type { PreviewRequest, Written } from '../decoder.ts'
import { corrupt } from '../video-facts.ts'
import { decoderOf, open } from './frames.ts'
import type { Library } from './library.ts'

/** A track on its way from packets of the original to packets of the preview. */
type Lane = {
  readonly output: number
  /** All that follows from one packet of the original; null at its end. */
  packets(packet: Packet | null): AsyncIterable<Packet>
}

export async function writePreview(library: Library, request: PreviewRequest): Promise<Written> {
  const { path, file, facts, plan, signal, onProgress } = request
  await using input = await open(library, path)
  using resources = new DisposableStack()
  const muxer = await openOutput(library, file)
  let videoPackets = 0
  try {
    const lanes = new Map<number, Lane>()
    const copied = plan.how === 'copied'
    lanes.set(facts.video.index, copied ? copyLane(input, muxer, facts.video.index) : await videoLane(library, input, muxer, request, resources))
    if (facts.audio !== null) lanes.set(facts.audio.index, copied ? copyLane(input, muxer, facts.audio.index) : await audioLane(library, input, muxer, facts.audio.index, resources))

    for await (using packet of input.packets()) {
      if (signal.aborted) return 'cancelled'
      const targets = packet === null ? [...lanes] : [...lanes].filter(([index]) => index === packet.streamIndex)
      for (const [index, lane] of targets) {
        for await (using made of lane.packets(packet)) {
          await written(muxer.writePacket(made, lane.output))
          if (index === facts.video.index) videoPackets += 1
        }
        if (packet !== null && index === facts.video.index) report(packet)
      }
    }
    if (videoPackets === 0) return corrupt('no frame of the video can be decoded')
    await written(muxer.close())
    return 'made'
  } finally {
    // Of a preview that is given up, or a second time: neither says anything new.
    await muxer.close().catch(() => undefined)
  }

  function report({ pts, timeBase }: Packet): void {
    const milliseconds = (Number(pts) * 1000 * timeBase.num) / timeBase.den
    if (facts.durationMs !== null && milliseconds >= 0) onProgress(Math.min(1, milliseconds / facts.durationMs))
  }
}

/** The index is at the beginning, so that a browser starts after the first bytes. Nothing of the original's metadata is handed on. */
async function openOutput({ api }: Library, file: string): Promise<Muxer> {
  return written(api.Muxer.open(file, { format: 'mp4', options: { movflags: '+faststart' } }))
}

/** What a disk or its file system refuses: negative errno numbers, which are FFmpeg's codes. EDQUOT and EROFS have no constant there. */
const refusals: ReadonlySet<unknown> = new Set([os.errno.ENOSPC, os.errno.EDQUOT, os.errno.EROFS, os.errno.EACCES, os.errno.EIO, os.errno.ENOENT].map((code) => -code))

async function written<Value>(writing: Promise<Value>): Promise<Value> {
  try {
    return await writing
  } catch (error) {
    if (error instanceof Error && 'code' in error && refusals.has(error.code)) throw new CannotWrite(error.message, { cause: error })
    throw error
  }
}

function copyLane(input: Demuxer, muxer: Muxer, index: number): Lane {
  const stream = input.getStream(index)
  if (stream === undefined) throw new Error(`no stream ${index}`)
  stream.metadata = null
  return {
    output: muxer.addStream(stream),
    async *packets(packet) {
      const copy = packet?.clone() ?? null
      if (copy !== null) yield copy
    },
  }
}

async function videoLane(library: Library, input: Demuxer, muxer: Muxer, { facts, plan, filters }: PreviewRequest, resources: DisposableStack): Promise<Lane> {
  const threads = availableParallelism()
  const decoder = resources.use(await decoderOf(library, input, facts.video.index, threads))
  const filter = resources.use(library.api.FilterAPI.create(filters, { threads }))
  const encoder = resources.use(
    await library.api.Encoder.create(library.constants.FF_ENCODER_LIBX264, {
      filter,
      threadCount: threads,
      gopSize: plan.keyFrameInterval,
      maxRate: plan.maxBitsPerSecond,
      bufSize: plan.maxBitsPerSecond * 2,
      options: { preset: x264Preset, crf: x264Quality, profile: 'high' },
    }),
  )
  return encodingLane(muxer, decoder, filter, encoder)
}

async function audioLane(library: Library, input: Demuxer, muxer: Muxer, index: number, resources: DisposableStack): Promise<Lane> {
  const decoder = resources.use(await decoderOf(library, input, index, 1))
  const filter = resources.use(library.api.FilterAPI.create(audioFilters))
  const encoder = resources.use(await library.api.Encoder.create(library.constants.FF_ENCODER_AAC, { filter, bitrate: audioBitsPerSecond }))
  return encodingLane(muxer, decoder, filter, encoder)
}

function encodingLane(muxer: Muxer, decoder: Decoder, filter: FilterAPI, encoder: Encoder): Lane {
  async function* encoded(frame: Frame | null): AsyncGenerator<Packet> {
    const filtered = await filter.processAll(frame)
    for (using each of filtered) yield* await encoder.encodeAll(each)
  }
  return {
    output: muxer.addStream(encoder),
    async *packets(packet) {
      for (using frame of await decoder.decodeAll(packet)) yield* encoded(frame)
      if (packet !== null) return
      yield* encoded(null)
      yield* await encoder.encodeAll(null)
    },
  }
}
