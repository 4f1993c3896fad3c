import type { VideoDecoder } from './decoder.ts'
import { ffmpegDecoder } from './ffmpeg/ffmpeg.ts'
import { nodeAvDecoder } from './node-av/node-av.ts'

export type DecoderName = VideoDecoder['name']

/** The fastest first: node-av starts no process. */
export const ladder: readonly DecoderName[] = ['node-av', 'ffmpeg']

const makers: Readonly<Record<DecoderName, () => Promise<VideoDecoder | null>>> = { 'node-av': nodeAvDecoder, ffmpeg: ffmpegDecoder }
const made = new Map<DecoderName, Promise<VideoDecoder | null>>()

/** Those of `names` that this machine has, each made when its turn comes. */
export async function* decoders(names: readonly DecoderName[]): AsyncGenerator<VideoDecoder> {
  for (const name of names) {
    let decoder = made.get(name)
    if (decoder === undefined) made.set(name, (decoder = makers[name]()))
    const present = await decoder
    if (present !== null) yield present
  }
}
