import { readFile, writeFile } from 'node:fs/promises'
import type { Library } from '../node-av/library.ts'
import type { Matrix } from '../video-facts.ts'

/** Red, green, blue. */
export type Colour = readonly [number, number, number]

export const red: Colour = [200, 30, 30]
export const green: Colour = [30, 180, 30]
export const blue: Colour = [40, 40, 220]
export const white: Colour = [230, 230, 230]
export const black: Colour = [0, 0, 0]

/** A frame of four fields: upper left, upper right, lower left, lower right. */
export type Fields = readonly [Colour, Colour, Colour, Colour]
export const fields: Fields = [red, green, blue, white]
export const blackFields: Fields = [black, black, black, black]

export type VideoSample = {
  readonly width?: number
  readonly height?: number
  readonly framesPerSecond?: number
  readonly frames?: number
  /** What a frame shows; the four fields where nothing is said. */
  readonly picture?: (frame: number) => Fields
  readonly encoder?: 'libx264' | 'mjpeg'
  readonly keyFrameInterval?: number
  /** Two pictures a frame, one on the even lines and one on the odd ones. */
  readonly interlaced?: boolean
  /** Filters between red, green and blue and the encoder. */
  readonly filters?: string
  readonly sound?: 'aac' | 'pcm_s16le' | 'none'
  readonly container?: 'mov' | 'mp4' | 'mpegts'
  /** Whether the index stands before the frames. */
  readonly faststart?: boolean
  readonly metadata?: Readonly<Record<string, string>>
  readonly matrix?: Matrix
}

/** Encodes a small video of flat colours; made with node-av, because nothing else that is installed with the repository encodes one. */
export async function makeVideo({ api, constants, lib }: Library, file: string, sample: VideoSample = {}): Promise<string> {
  const { width = 160, height = 96, framesPerSecond = 10, frames = 10, picture = () => fields, encoder: name = 'libx264', sound = 'none', container = 'mov' } = sample
  using filter = api.FilterAPI.create(`setparams=color_primaries=bt709:color_trc=bt709:colorspace=gbr:range=pc,${sample.filters ?? 'zscale=m=bt709:r=tv,format=yuv420p'}${sample.interlaced === true ? ',tinterlace=interleave_top' : ''}`)
  using encoder = await api.Encoder.create(name === 'mjpeg' ? constants.FF_ENCODER_MJPEG : constants.FF_ENCODER_LIBX264, {
    filter,
    gopSize: sample.keyFrameInterval ?? 12,
    options: name === 'mjpeg' ? {} : { preset: 'ultrafast', crf: 10, ...(sample.interlaced === true && { flags: '+ildct+ilme', x264opts: 'tff=1' }) },
  })
  await using muxer = await api.Muxer.open(file, { format: container, options: sample.faststart === true ? { movflags: '+faststart' } : {} })
  if (sample.metadata !== undefined) muxer.getFormatContext().metadata = lib.Dictionary.fromObject(sample.metadata)
  const videoTrack = muxer.addStream(encoder)
  const soundFilter = api.FilterAPI.create(`aformat=sample_fmts=${sound === 'aac' ? 'fltp' : 's16'}`)
  const soundEncoder = sound === 'none' ? null : await api.Encoder.create(sound === 'aac' ? constants.FF_ENCODER_AAC : constants.FF_ENCODER_PCM_S16LE, { filter: soundFilter })
  const soundTrack = soundEncoder === null ? -1 : muxer.addStream(soundEncoder)
  const timeBase = { num: 1, den: framesPerSecond }
  const samples = 48_000 / framesPerSecond
  for (let index = 0; index <= frames; index += 1) {
    using frame = index === frames ? null : lib.Frame.fromVideoBuffer(painted(width, height, picture(index)), { width, height, format: constants.AV_PIX_FMT_RGB24, timeBase, sampleAspectRatio: { num: 1, den: 1 }, pts: BigInt(index) })
    for (const filtered of await filter.processAll(frame)) for (const packet of await encoder.encodeAll(filtered)) await muxer.writePacket(packet, videoTrack)
    if (soundEncoder === null) continue
    using tone = frame === null ? null : lib.Frame.fromAudioBuffer(toneOf(samples), { nbSamples: samples, format: constants.AV_SAMPLE_FMT_S16, sampleRate: 48_000, channelLayout: { nbChannels: 1, order: constants.AV_CHANNEL_ORDER_NATIVE, mask: 4n }, timeBase: { num: 1, den: 48_000 }, pts: BigInt(index * samples) })
    for (const filtered of await soundFilter.processAll(tone)) for (const packet of await soundEncoder.encodeAll(filtered)) await muxer.writePacket(packet, soundTrack)
  }
  for (const packet of await encoder.encodeAll(null)) await muxer.writePacket(packet, videoTrack)
  for (const packet of (await soundEncoder?.encodeAll(null)) ?? []) await muxer.writePacket(packet, soundTrack)
  soundEncoder?.close()
  soundFilter.close()
  await muxer.close()
  if (sample.matrix !== undefined) await turn(file, sample.matrix)
  return file
}

function painted(width: number, height: number, [upperLeft, upperRight, lowerLeft, lowerRight]: Fields): Buffer {
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y += 1) {
    const [left, right] = y < height / 2 ? [upperLeft, upperRight] : [lowerLeft, lowerRight]
    for (let x = 0; x < width; x += 1) pixels.set(x < width / 2 ? left : right, (y * width + x) * 3)
  }
  return pixels
}

/** 440 Hz. */
function toneOf(samples: number): Buffer {
  const tone = Buffer.alloc(samples * 2)
  for (let index = 0; index < samples; index += 1) tone.writeInt16LE(Math.round(8000 * Math.sin((index / 48_000) * 440 * 2 * Math.PI)), index * 2)
  return tone
}

/** Writes the matrix of the first track: QuickTime File Format, "Track header atoms", nine numbers from byte 40 of the atom's body. */
async function turn(file: string, [a, b, c, d]: Matrix): Promise<void> {
  const bytes = await readFile(file)
  const start = bytes.indexOf('tkhd', 0, 'latin1') + 4 + 40
  const numbers = [a, b, 0, c, d, 0]
  for (const [index, number] of numbers.entries()) bytes.writeInt32BE(Math.round(number * 65_536), start + index * 4)
  await writeFile(file, bytes)
}
