import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { readDetails } from '../../index.ts'
import { makeCanvas } from './canvas.ts'
import { corrupt } from './decoded.ts'
import type { DecodeLimits, NotDecoded, Reduced } from './decoded.ts'
import { reduceCanvas, tooLarge } from './reduce.ts'

type Decode = (file: ArrayBuffer) => Promise<{ readonly data: Uint8ClampedArray; readonly width: number; readonly height: number }>

/**
 * JPEG XL by libjxl in WebAssembly, upright and converted to sRGB by itself; sharp's own binaries have no decoder of it.
 * Its pixels are 16 bytes each in a memory of 4 GB at most, and take some 0.2 s of CPU a megapixel.
 */
export async function decodeJpegXl(path: string, limits: DecodeLimits): Promise<Reduced | NotDecoded> {
  const { width = 0, height = 0 } = await readDetails(path)
  if (width * height > Math.min(limits.pixels, largestPixels)) return tooLarge(width, height)
  const decode = await decoder()
  const file = await readFile(path)
  try {
    const picture = await decode(file.buffer.slice(file.byteOffset, file.byteOffset + file.length))
    const canvas = makeCanvas({ width: picture.width, height: picture.height, channels: 4, orientation: 1, icc: null })
    canvas.pixels.set(picture.data)
    return await reduceCanvas(canvas, limits, 'libjxl')
  } catch (error) {
    // An instance that failed inside is not used again.
    loading = undefined
    return corrupt(error instanceof Error ? error.message : String(error))
  }
}

/** 1.6 GB of the memory of one worker. */
const largestPixels = 100_000_000

let loading: Promise<Decode> | undefined

/** Loaded at the first use. */
function decoder(): Promise<Decode> {
  loading ??= load()
  return loading
}

async function load(): Promise<Decode> {
  // The decoder makes what it returns by the browser's name for it.
  Object.assign(globalThis, { ImageData: PlainImageData })
  const { default: decode, init } = await import('@jsquash/jxl/decode.js')
  // Handed over, as the module itself would fetch it; the option is Emscripten's.
  const wasmBinary = await readFile(createRequire(import.meta.url).resolve('@jsquash/jxl/codec/dec/jxl_dec.wasm'))
  await init({ wasmBinary })
  return decode
}

class PlainImageData {
  readonly data: Uint8ClampedArray
  readonly width: number
  readonly height: number
  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data
    this.width = width
    this.height = height
  }
}
