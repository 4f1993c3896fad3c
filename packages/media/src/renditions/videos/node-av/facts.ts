import type { Demuxer } from 'node-av/api'
import type { Stream } from 'node-av/lib'
import { audible, corrupt, unsupported } from '../video-facts.ts'
import type { AudioTrack, Matrix, NotDecoded, VideoFacts } from '../video-facts.ts'
import type { Library } from './library.ts'

/** ITU-T H.273 code points (ISO/IEC 23091-2, tables 2 to 4) by FFmpeg's names. */
const primaries: Readonly<Record<number, string>> = { 1: 'bt709', 4: 'bt470m', 5: 'bt470bg', 6: 'smpte170m', 7: 'smpte240m', 8: 'film', 9: 'bt2020', 12: 'smpte432' }
const transfers: Readonly<Record<number, string>> = { 1: 'bt709', 6: 'smpte170m', 13: 'iec61966-2-1', 14: 'bt2020-10', 15: 'bt2020-12', 16: 'smpte2084', 18: 'arib-std-b67' }
const coefficients: Readonly<Record<number, string>> = { 0: 'gbr', 1: 'bt709', 4: 'fcc', 5: 'bt470bg', 6: 'smpte170m', 7: 'smpte240m', 9: 'bt2020nc' }

export function factsOf(input: Demuxer, { constants, lib }: Library): VideoFacts | NotDecoded {
  const ofType = (type: number): Stream[] => input.streams.filter(({ codecpar }) => codecpar.codecType === type)
  const videos = ofType(constants.AVMEDIA_TYPE_VIDEO).filter((stream) => !stream.hasDisposition(constants.AV_DISPOSITION_ATTACHED_PIC))
  const stream = videos.find((each) => each.hasDisposition(constants.AV_DISPOSITION_DEFAULT)) ?? videos[0]
  if (stream === undefined) return unsupported('no video track')
  const { codecpar } = stream
  if (lib.Codec.findDecoder(codecpar.codecId) === null) return unsupported(`no decoder for ${codecpar.codecTagString ?? 'its video'}`)
  const pixelFormat = lib.avGetPixFmtName(codecpar.format as Parameters<typeof lib.avGetPixFmtName>[0])
  if (codecpar.width < 1 || codecpar.height < 1 || pixelFormat === null) return corrupt('no frame of the video can be decoded')
  return {
    isoContainer: input.formatName.split(',').includes('mov'),
    durationMs: Number.isFinite(input.duration) && input.duration > 0 ? Math.round(input.duration * 1000) : null,
    bitsPerSecond: input.bitRate > 0 ? input.bitRate * 1000 : null,
    video: {
      index: stream.index,
      codec: lib.avGetCodecName(codecpar.codecId) ?? '',
      pixelFormat,
      width: codecpar.width,
      height: codecpar.height,
      sampleAspect: ratio(stream.sampleAspectRatio) ?? ratio(codecpar.sampleAspectRatio) ?? 1,
      matrix: matrixFrom(codecpar.getCodedSideData(constants.AV_PKT_DATA_DISPLAYMATRIX)),
      framesPerSecond: ratio(stream.avgFrameRate),
      interlaced: isInterlaced(codecpar, constants),
      fullRange: codecpar.colorRange === constants.AVCOL_RANGE_JPEG || pixelFormat.startsWith('yuvj'),
      primaries: primaries[codecpar.colorPrimaries] ?? null,
      transfer: transfers[codecpar.colorTrc] ?? null,
      coefficients: coefficients[codecpar.colorSpace] ?? null,
    },
    audio: audible(
      ofType(constants.AVMEDIA_TYPE_AUDIO)
        .filter((each) => lib.Codec.findDecoder(each.codecpar.codecId) !== null)
        .map((each): AudioTrack => ({ index: each.index, codec: lib.avGetCodecName(each.codecpar.codecId) ?? '', channels: each.codecpar.channels })),
    ),
  }
}

/** node-av 6.1.1 has no getter for it. */
const isInterlaced = (codecpar: Stream['codecpar'], { AV_FIELD_UNKNOWN, AV_FIELD_PROGRESSIVE }: Library['constants']): boolean => {
  const order: unknown = codecpar.toJSON()['fieldOrder']
  return typeof order === 'number' && order !== AV_FIELD_UNKNOWN && order !== AV_FIELD_PROGRESSIVE
}

/** libavutil/display.h: nine 32 bit numbers a b u c d v x y w, of this machine's byte order. */
function matrixFrom(data: Buffer | null): Matrix | null {
  if (data === null || data.length < 36) return null
  const numbers = new Int32Array(new Uint8Array(data).buffer)
  const [a = 0, b = 0, , c = 0, d = 0] = numbers
  return [a, b, c, d]
}

const ratio = ({ num, den }: { readonly num: number; readonly den: number }): number | null => (num > 0 && den > 0 ? num / den : null)
