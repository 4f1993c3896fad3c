import { boxesOf, metaChildrenStart } from '../bytes/boxes.ts'
import type { Box } from '../bytes/boxes.ts'
import { i32, latin1, u32, u64, u8 } from '../bytes/numbers.ts'
import type { ByteSource } from '../bytes/source.ts'
import type { Picture } from '../reading.ts'
import { millisecondsOf } from './duration.ts'
import { readMovieKeys } from './metadata-keys.ts'
import { readVideoSample } from './video-sample.ts'
import type { VideoSample } from './video-sample.ts'

export type Track = {
  /** Null for what is not video. */
  readonly picture: Picture | null
  readonly durationMs: number | null
  readonly keys: ReadonlyMap<string, string>
  readonly isStereo: boolean
}

type Presentation = { readonly width: number; readonly height: number; readonly isTurned: boolean }
type MediaHeader = { readonly timescale: number; readonly units: number; readonly durationMs: number | null }

/** ISO/IEC 14496-12 table 1: which table of a track stands inside which. No other is gone into, so none can repeat itself. */
export const tableInside: Readonly<Record<string, string>> = { moov: 'trak', trak: 'mdia', mdia: 'minf', minf: 'stbl' }

/** ISO/IEC 14496-12 §8.3: what a track shows and how long, down to the description of its samples. */
export async function readTrack(source: ByteSource, track: Box): Promise<Track> {
  let presentation: Presentation | null = null
  let keys: ReadonlyMap<string, string> = new Map()
  let handler = ''
  let media: MediaHeader | null = null
  let sample: VideoSample | null = null
  let timing: Timing | null = null

  const walk = async ({ type: parent, start, end }: Box): Promise<void> => {
    for await (const box of boxesOf(source, start, end)) {
      if (box.type === 'tkhd') presentation = await readTrackHeader(source, box)
      if (box.type === 'mdhd') media = await readMediaHeader(source, box)
      // The first handler is the media's; the one inside `minf` is of its data.
      if (box.type === 'hdlr' && handler === '') handler = latin1(await source.read(box.start + 8, 4))
      if (box.type === 'meta') keys = await readMovieKeys(source, await metaChildrenStart(source, box), box.end)
      if (handler === 'vide' && box.type === 'stsd') sample = await readVideoSample(source, box)
      if (handler === 'vide' && box.type === 'stts') timing = await readTiming(source, box)
      if (box.type === tableInside[parent]) await walk(box)
    }
  }
  await walk(track)
  return {
    picture: handler === 'vide' ? pictureOf(presentation, sample, frameRateOf(timing, media)) : null,
    durationMs: (media as MediaHeader | null)?.durationMs ?? null,
    keys,
    isStereo: (sample as VideoSample | null)?.isStereo ?? false,
  }
}

function pictureOf(presentation: Presentation | null, sample: VideoSample | null, frameRate: number | null): Picture {
  const shown = shownSize(presentation, sample)
  const isTurned = presentation?.isTurned ?? false
  return {
    width: (isTurned ? shown?.height : shown?.width) ?? null,
    height: (isTurned ? shown?.width : shown?.height) ?? null,
    codec: sample?.codec ?? null,
    hdr: sample?.hdr ?? null,
    frameRate,
  }
}

/**
 * The sample's clean aperture in square points (what Apple's and FFmpeg's players show), which a track header of Apple's
 * leaves out; the track header's size where the sample has none, or none that is usable.
 */
function shownSize(presentation: Presentation | null, sample: VideoSample | null): { readonly width: number; readonly height: number } | null {
  if (sample !== null && sample.isCropped) return { width: sample.width, height: sample.height }
  if (presentation !== null && presentation.width > 0 && presentation.height > 0) return presentation
  return sample
}

/** §8.3.2: a matrix of nine numbers; a, b, c, d turn and mirror (its position is irrelevant here), then width and height as 16.16. */
async function readTrackHeader(source: ByteSource, box: Box): Promise<Presentation | null> {
  const body = await source.read(box.start, 96)
  const matrixAt = u8(body, 0) === 1 ? 52 : 40
  if (body.length < matrixAt + 44) return null
  const [a, b, c, d] = [0, 4, 12, 16].map((offset) => Math.abs(i32(body, matrixAt + offset)))
  return {
    width: Math.round(u32(body, matrixAt + 36) / 65_536),
    height: Math.round(u32(body, matrixAt + 40) / 65_536),
    isTurned: (b ?? 0) > (a ?? 0) && (c ?? 0) > (d ?? 0),
  }
}

/** §8.4.2. */
async function readMediaHeader(source: ByteSource, box: Box): Promise<MediaHeader | null> {
  const body = await source.read(box.start, 32)
  const wide = u8(body, 0) === 1
  if (body.length < (wide ? 32 : 20)) return null
  const timescale = u32(body, wide ? 20 : 12)
  const units = wide ? u64(body, 24) : u32(body, 16)
  return { timescale, units, durationMs: millisecondsOf(units, timescale, wide) }
}

type Timing = { readonly samples: number; readonly units: number }
/** A recording at a constant rate has one or two entries, a phone's up to one per frame: half an hour of 60 a second fits. */
const timingBytes = 1024 * 1024

/** §8.6.1.2: how many samples last how long. */
async function readTiming(source: ByteSource, box: Box): Promise<Timing> {
  const body = await source.read(box.start, Math.min(box.end - box.start, timingBytes))
  const entries = Math.min(u32(body, 4), Math.floor((body.length - 8) / 8))
  let samples = 0
  let units = 0
  for (let at = 8; at < 8 + entries * 8; at += 8) {
    samples += u32(body, at)
    units += u32(body, at) * u32(body, at + 4)
  }
  return { samples, units }
}

function frameRateOf(timing: Timing | null, media: MediaHeader | null): number | null {
  if (timing === null || media === null || timing.units === 0 || media.timescale === 0) return null
  return (timing.samples * media.timescale) / timing.units
}
