import type { HdrKind } from '@everroll/protocol'
import { boxesIn } from '../bytes/boxes.ts'
import type { Box } from '../bytes/boxes.ts'
import { u16, u32 } from '../bytes/numbers.ts'
import type { ByteSource } from '../bytes/source.ts'
import { cleanAperture } from '../details/clean-aperture.ts'
import type { Size } from '../details/clean-aperture.ts'
import { hdrOfColour, hdrOfTransfer } from '../details/colour.ts'
import { transferOfHevc } from './hevc-colour.ts'

/** The first sample description of a video track (ISO/IEC 14496-12 §8.5.2, §12.1.3). */
export type VideoSample = {
  readonly codec: string
  readonly hdr: HdrKind | null
  /** In square points, within the clean aperture. */
  readonly width: number
  readonly height: number
  readonly isCropped: boolean
  readonly isStereo: boolean
}

/** Boxes that stand in front of the samples; extensions hold parameter sets and Apple's colour data. */
const descriptionBytes = 64 * 1024
/** §12.1.3: a visual sample entry's own fields, behind which its boxes begin. */
const entryFieldBytes = 78

/** Names by sample entry (the registry of mp4ra.org, QuickTime File Format "Video sample description"). */
const codecs: Readonly<Record<string, string>> = {
  avc1: 'h264', avc2: 'h264', avc3: 'h264', avc4: 'h264',
  hvc1: 'hevc', hev1: 'hevc', hvc2: 'hevc', hev2: 'hevc', dvh1: 'hevc', dvhe: 'hevc',
  av01: 'av1', dav1: 'av1', vp08: 'vp8', vp09: 'vp9', vvc1: 'vvc', vvi1: 'vvc', evc1: 'evc',
  apco: 'prores', apcs: 'prores', apcn: 'prores', apch: 'prores', ap4h: 'prores', ap4x: 'prores', aprn: 'prores_raw', aprh: 'prores_raw',
  mp4v: 'mpeg4', s263: 'h263', h263: 'h263', jpeg: 'mjpeg', mjpa: 'mjpeg', mjpb: 'mjpeg', 'png ': 'png', 'rle ': 'animation', SVQ3: 'svq3', SVQ1: 'svq1', cvid: 'cinepak', 'dvc ': 'dv', dvcp: 'dv',
}

export async function readVideoSample(source: ByteSource, box: Box): Promise<VideoSample | null> {
  const body = await source.read(box.start, Math.min(box.end - box.start, descriptionBytes))
  const [entry] = boxesIn(body, 8)
  if (entry === undefined || entry.end - entry.start < entryFieldBytes) return null
  const coded = { width: u16(body, entry.start + 24), height: u16(body, entry.start + 26) }
  const bodies = new Map<string, Uint8Array>()
  for (const { type, start, end } of boxesIn(body, entry.start + entryFieldBytes, entry.end)) {
    if (!bodies.has(type)) bodies.set(type, body.subarray(start, end))
  }
  const aperture = bodies.get('clap')
  const shown = squared(aperture === undefined ? coded : cleanAperture(aperture, coded), bodies.get('pasp'))
  return {
    codec: codecs[entry.type] ?? (/[\w-]+/.exec(entry.type.toLowerCase())?.[0] ?? 'unknown'),
    hdr: hdrOf(bodies),
    ...shown,
    isCropped: aperture !== undefined,
    isStereo: bodies.has('vexu') || bodies.has('lhvC'),
  }
}

/** §12.1.4.2: the shape of a point; players stretch the width. */
function squared({ width, height }: Size, aspect: Uint8Array | undefined): Size {
  if (aspect === undefined || aspect.length < 8) return { width, height }
  const ratio = u32(aspect, 0) / u32(aspect, 4)
  return Number.isFinite(ratio) && ratio > 0 && ratio <= 16 ? { width: Math.round(width * ratio), height } : { width, height }
}

/** Dolby Vision's configuration (Dolby, "ISO base media file format" §3.1) goes before its base layer's colours. */
function hdrOf(bodies: ReadonlyMap<string, Uint8Array>): HdrKind | null {
  if (['dvcC', 'dvvC', 'dvwC'].some((type) => bodies.has(type))) return 'dolby_vision'
  const colour = bodies.get('colr')
  if (colour !== undefined) return hdrOfColour(colour)
  const hevc = bodies.get('hvcC')
  return hevc === undefined ? null : hdrOfTransfer(transferOfHevc(hevc) ?? -1)
}
