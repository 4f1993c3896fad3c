import type { Decoder, Demuxer } from 'node-av/api'
import type { Frame as AvFrame } from 'node-av/lib'
import type { FrameRequest } from '../decoder.ts'
import { searchFramesPerSecond, searchSeconds } from '../frames.ts'
import type { Frame } from '../frames.ts'
import { formats, maximumPixels } from '../video-facts.ts'
import type { Library } from './library.ts'

export const open = ({ api }: Library, path: string): Promise<Demuxer> => api.Demuxer.open(path, { options: { protocol_whitelist: 'file', format_whitelist: formats } })

export function decoderOf({ api }: Library, input: Demuxer, index: number, threadCount: number): Promise<Decoder> {
  const stream = input.getStream(index)
  if (stream === undefined) throw new Error(`no stream ${index}`)
  // What can be decoded is shown: single broken frames end nothing.
  return api.Decoder.create(stream, { threadCount, exitOnError: false, options: { max_pixels: maximumPixels } })
}

/** The first key frame alone: no thread, nothing after it is decoded. */
export async function firstFrame(library: Library, { path, facts, filters }: FrameRequest): Promise<Frame | null> {
  await using input = await open(library, path)
  using decoder = await decoderOf(library, input, facts.video.index, 1)
  for await (using packet of input.packets(facts.video.index)) {
    if (packet === null) return null
    if (!packet.isKeyframe) continue
    const decoded = await decoder.decodeAll(packet)
    for await (const frame of decoder.flushFrames()) decoded.push(frame)
    using filter = library.api.FilterAPI.create(filters, { threads: 1 })
    const filtered: AvFrame[] = []
    for (const frame of decoded) if (filtered.length === 0) filtered.push(...(await filter.processAll(frame)), ...(await filter.processAll(null)))
    const [first] = filtered
    const picture = first === undefined ? null : pixelsOf(first)
    for (const frame of [...decoded, ...filtered]) frame.free()
    return picture
  }
  return null
}

export async function* framesOf(library: Library, { path, facts, filters }: FrameRequest): AsyncGenerator<Frame> {
  await using input = await open(library, path)
  using decoder = await decoderOf(library, input, facts.video.index, 1)
  using filter = library.api.FilterAPI.create(`fps=${searchFramesPerSecond},${filters}`, { threads: 1 })
  let left = searchSeconds * searchFramesPerSecond
  for await (using frame of filter.frames(decoder.frames(input.packets(facts.video.index)))) {
    if (frame === null || left === 0) return
    left -= 1
    yield pixelsOf(frame)
  }
}

function pixelsOf(frame: AvFrame): Frame {
  return { data: frame.toBuffer(), width: frame.width, height: frame.height }
}
