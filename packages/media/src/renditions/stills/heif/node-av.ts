import type * as Constants from 'node-av/constants'
import type * as NodeAv from 'node-av/lib'
import type { CodecContext, Frame } from 'node-av/lib'
import type { TileDecoder } from './compose.ts'
import type { Tile } from './layout.ts'
import type { CodedPicture, Plane } from './planes.ts'

type Library = typeof NodeAv & { readonly constants: typeof Constants }

/** Null where the optional package is not installed, or has no binary for this machine. */
export async function nodeAvDecoder(): Promise<TileDecoder | null> {
  let library: Library
  try {
    library = { ...(await import('node-av/lib')), constants: await import('node-av/constants') }
    library.Log.setLevel(library.constants.AV_LOG_QUIET)
  } catch {
    return null
  }
  return makeDecoder(library)
}

/** FFmpeg's HEVC decoder through node-av: half of the CPU of the WebAssembly one. */
function makeDecoder(library: Library): TileDecoder {
  const { Codec, CodecContext, constants, Frame, Packet } = library
  const layouts = pixelLayouts(constants)
  const frame = new Frame()
  frame.alloc()
  const kept = new KeptPicture(library)
  /** Usually all tiles share one configuration in the file, and one decoder serves them all. */
  let open: { readonly record: Uint8Array; readonly context: CodecContext } | null = null

  function contextFor(tile: Tile): CodecContext | null {
    if (open !== null && open.record.byteOffset === tile.record.byteOffset) return open.context
    close()
    const codec = Codec.findDecoder(constants.AV_CODEC_ID_HEVC)
    if (codec === null) return null
    const context = new CodecContext()
    context.allocContext3(codec)
    context.extraData = Buffer.from(tile.record)
    // The pool has a process for each core.
    context.threadCount = 1
    context.setFlags(constants.AV_CODEC_FLAG_LOW_DELAY)
    // The bitstream may claim another size than the container; some coded rows and columns beyond it are usual.
    context.setOption('max_pixels', BigInt((tile.width + 64) * (tile.height + 64)), constants.AV_OPT_TYPE_INT64)
    // Without a dictionary of options: node-av 6.1.1 frees it twice.
    if (context.open2Sync(codec) < 0) {
      context.freeContext()
      return null
    }
    open = { record: tile.record, context }
    return context
  }

  function close(): void {
    open?.context.freeContext()
    open = null
  }

  return {
    name: 'node-av',
    decode(tile, data) {
      const context = contextFor(tile)
      if (context === null) return null
      const packet = new Packet()
      packet.alloc()
      packet.data = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      frame.unref()
      const sent = context.sendPacketSync(packet)
      packet.free()
      if (sent < 0 || (context.receiveFrameSync(frame) < 0 && !flushed(context, frame))) {
        close()
        return null
      }
      return pictureOf(frame, kept, layouts, constants)
    },
    close() {
      close()
      kept.free()
      frame.free()
    },
  }
}

/** A bitstream that announces reordering holds its only picture back until the end is told. */
function flushed(context: CodecContext, frame: Frame): boolean {
  context.sendPacketSync(null)
  const received = context.receiveFrameSync(frame)
  context.flushBuffers()
  return received >= 0
}

type PixelLayout = { readonly bits: number; readonly chroma: readonly [shiftX: number, shiftY: number] | null; readonly fullRange: boolean }

function pixelLayouts(constants: Library['constants']): ReadonlyMap<number, PixelLayout> {
  const layout = (bits: number, chroma: PixelLayout['chroma'], fullRange = false): PixelLayout => ({ bits, chroma, fullRange })
  return new Map<number, PixelLayout>([
    [constants.AV_PIX_FMT_GRAY8, layout(8, null)],
    [constants.AV_PIX_FMT_GRAY10LE, layout(10, null)],
    [constants.AV_PIX_FMT_GRAY12LE, layout(12, null)],
    [constants.AV_PIX_FMT_YUV420P, layout(8, [1, 1])],
    [constants.AV_PIX_FMT_YUV422P, layout(8, [1, 0])],
    [constants.AV_PIX_FMT_YUV444P, layout(8, [0, 0])],
    // The same with full range, as FFmpeg named them first.
    [constants.AV_PIX_FMT_YUVJ420P, layout(8, [1, 1], true)],
    [constants.AV_PIX_FMT_YUVJ422P, layout(8, [1, 0], true)],
    [constants.AV_PIX_FMT_YUVJ444P, layout(8, [0, 0], true)],
    [constants.AV_PIX_FMT_YUV420P10LE, layout(10, [1, 1])],
    [constants.AV_PIX_FMT_YUV422P10LE, layout(10, [1, 0])],
    [constants.AV_PIX_FMT_YUV444P10LE, layout(10, [0, 0])],
    [constants.AV_PIX_FMT_YUV420P12LE, layout(12, [1, 1])],
    [constants.AV_PIX_FMT_YUV422P12LE, layout(12, [1, 0])],
    [constants.AV_PIX_FMT_YUV444P12LE, layout(12, [0, 0])],
  ])
}

/**
 * The last picture, copied. Every look at `Frame.data` gives new buffers, whose bytes V8 counts as its own until it has
 * collected them: 20 MB a photo, and a collection of the whole heap for every two. One copy of a tile costs 0.1 ms.
 */
class KeptPicture {
  readonly #library: Library
  #open: { readonly frame: Frame; readonly planes: readonly Buffer[]; readonly strides: readonly number[] } | null = null

  constructor(library: Library) {
    this.#library = library
  }

  /** Valid until the next call. Null where there is no memory for it. */
  of(frame: Frame): { readonly planes: readonly Buffer[]; readonly strides: readonly number[] } | null {
    const { format, width, height } = frame
    if (this.#open?.frame.format !== format || this.#open.frame.width !== width || this.#open.frame.height !== height) {
      this.free()
      const own = new this.#library.Frame()
      own.alloc()
      own.format = format
      own.width = width
      own.height = height
      if (own.getBuffer() < 0) {
        own.free()
        return null
      }
      this.#open = { frame: own, planes: own.data ?? [], strides: own.linesize }
    }
    return this.#open.frame.copy(frame) < 0 ? null : this.#open
  }

  free(): void {
    this.#open?.frame.free()
    this.#open = null
  }
}

function pictureOf(frame: Frame, kept: KeptPicture, layouts: ReadonlyMap<number, PixelLayout>, constants: Library['constants']): CodedPicture | null {
  const layout = layouts.get(frame.format)
  if (layout === undefined || frame.decodeErrorFlags !== 0) return null
  const copy = kept.of(frame)
  const [luma, cb, cr] = copy?.planes ?? []
  if (copy === null || luma === undefined) return null
  const plane = (data: Buffer, index: number, shiftX: number, shiftY: number): Plane => {
    const deep = layout.bits > 8
    return {
      samples: deep ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength >> 1) : data,
      stride: (copy.strides[index] ?? 0) >> (deep ? 1 : 0),
      width: (frame.width + (1 << shiftX) - 1) >> shiftX,
      height: (frame.height + (1 << shiftY) - 1) >> shiftY,
    }
  }
  const chroma = layout.chroma === null || cb === undefined || cr === undefined ? null : ([plane(cb, 1, ...layout.chroma), plane(cr, 2, ...layout.chroma)] as const)
  return {
    luma: plane(luma, 0, 0, 0),
    chroma,
    bits: layout.bits,
    // Where nothing is said, the full range (MIAF, ISO/IEC 23000-22 §7.3.6.4), unlike in video.
    fullRange: layout.fullRange || frame.colorRange !== constants.AVCOL_RANGE_MPEG,
    matrix: frame.colorSpace,
  }
}
