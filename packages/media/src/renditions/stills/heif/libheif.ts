import type { TileDecoder } from './compose.ts'
import { forgetLibHeif, libHeif } from './libheif-module.ts'
import type { LibHeif } from './libheif-module.ts'
import type { CodedPicture, Plane } from './planes.ts'

// enum heif_colorspace, heif_chroma, heif_channel (heif_image.h)
const asCoded = 99
const rgb = 1
const interleavedRgba = 11
const channels = { luma: 0, cb: 1, cr: 2, interleaved: 10 } as const
/** heif_decoding_options: version, then whether `irot`, `imir` and `clap` are left undone. */
const ignoreTransformationsAt = 1
/** heif_color_profile_nclx: version, then four fields of 4 bytes, of which the last two are these. */
const nclxMatrixAt = 12
const nclxFullRangeAt = 16
/** Error (3 words of 4 bytes), and two words for what a function gives by pointer. */
const scratchBytes = 20

/** An image of the primary item as libheif itself puts it together. */
export type WholeImage = { readonly width: number; readonly height: number; readonly stride: number; readonly rgba: Uint8Array }

export type LibheifFile = TileDecoder & {
  /** With everything applied that the file demands, in 8 bits. Valid until the next call. Null if libheif cannot, or there are more pixels. */
  decodePrimary(maximumPixels: number): WholeImage | null
}

/** Opens a file that is in memory. Null if libheif does not read it. */
export function openWithLibheif(file: Uint8Array): LibheifFile | null {
  const heif = libHeif()
  const bytes = heif.malloc(file.length)
  const scratch = heif.malloc(scratchBytes)
  const context = heif.heif_context_alloc()
  const options = heif.heif_decoding_options_alloc()
  const [error, first, second] = [scratch, scratch + 12, scratch + 16]
  let image = 0
  let isBroken = false

  /** Whatever is thrown inside the module is the work of a broken file. */
  function attempted(run: () => boolean): boolean {
    try {
      return !isBroken && run()
    } catch {
      isBroken = true
      forgetLibHeif()
      return false
    }
  }

  const word = (pointer: number): number => new DataView(heif.memory().buffer).getUint32(pointer, true)
  const succeeded = (): boolean => word(error) === 0

  function release(): void {
    if (image !== 0) heif.heif_image_release(image)
    image = 0
  }

  /** Decodes the image whose handle `getHandle` leaves in the first word. */
  function decode(getHandle: () => void, ignoreTransformations: boolean, colorspace: number, chroma: number, maximumPixels = Number.POSITIVE_INFINITY): boolean {
    release()
    getHandle()
    if (!succeeded()) return false
    const handle = word(first)
    heif.memory()[options + ignoreTransformationsAt] = Number(ignoreTransformations)
    const pixels = heif.heif_image_handle_get_width(handle) * heif.heif_image_handle_get_height(handle)
    if (pixels <= maximumPixels) heif.heif_decode_image(error, handle, second, colorspace, chroma, options)
    heif.heif_image_handle_release(handle)
    if (pixels > maximumPixels || !succeeded()) return false
    image = word(second)
    return true
  }

  const opened: LibheifFile = {
    name: 'libheif',
    decode({ item }) {
      // As it is coded: converting to RGB at full size would take as long as decoding.
      const decoded = attempted(() => decode(() => heif.heif_context_get_image_handle(error, context, item.id, first), true, asCoded, asCoded))
      return decoded ? codedPicture(heif, image, { error, first }) : null
    },
    decodePrimary(maximumPixels) {
      const decoded = attempted(() => decode(() => heif.heif_context_get_primary_image_handle(error, context, first), false, rgb, interleavedRgba, maximumPixels))
      const plane = decoded ? planeOf(heif, image, channels.interleaved, first) : null
      return plane === null ? null : { width: plane.width, height: plane.height, stride: plane.stride, rgba: plane.samples as Uint8Array }
    },
    close() {
      if (isBroken) return // its memory goes with it
      release()
      heif.heif_decoding_options_free(options)
      heif.heif_context_free(context)
      heif.free(scratch)
      heif.free(bytes)
    },
  }
  const isRead = attempted(() => {
    heif.memory().set(file, bytes)
    heif.heif_context_read_from_memory_without_copy(error, context, bytes, file.length, 0)
    return succeeded()
  })
  if (isRead) return opened
  opened.close()
  return null
}

function codedPicture(heif: LibHeif, image: number, scratch: { readonly error: number; readonly first: number }): CodedPicture | null {
  const luma = planeOf(heif, image, channels.luma, scratch.first)
  if (luma === null) return null
  const cb = planeOf(heif, image, channels.cb, scratch.first)
  const cr = planeOf(heif, image, channels.cr, scratch.first)
  return {
    luma,
    chroma: cb === null || cr === null ? null : [cb, cr],
    bits: heif.heif_image_get_bits_per_pixel_range(image, channels.luma),
    ...codingOf(heif, image, scratch),
  }
}

function planeOf(heif: LibHeif, image: number, channel: number, stridePointer: number): Plane | null {
  const pointer = heif.heif_image_get_plane_readonly(image, channel, stridePointer)
  if (pointer === 0) return null
  const height = heif.heif_image_get_height(image, channel)
  const stride = new DataView(heif.memory().buffer).getUint32(stridePointer, true)
  const deep = heif.heif_image_get_bits_per_pixel_range(image, channel) > 8
  return {
    samples: deep ? new Uint16Array(heif.memory().buffer, pointer, (stride * height) >> 1) : new Uint8Array(heif.memory().buffer, pointer, stride * height),
    stride: deep ? stride >> 1 : stride,
    width: heif.heif_image_get_width(image, channel),
    height,
  }
}

/** What bitstream or container say. libheif says nothing where there is an ICC profile: then what MIAF demands (ISO/IEC 23000-22 §7.3.6.4), BT.601 in full range. */
function codingOf(heif: LibHeif, image: number, { error, first }: { readonly error: number; readonly first: number }): { readonly matrix: number; readonly fullRange: boolean } {
  heif.heif_image_get_nclx_color_profile(error, image, first)
  const memory = new DataView(heif.memory().buffer)
  const profile = memory.getUint32(error, true) === 0 ? memory.getUint32(first, true) : 0
  if (profile === 0) return { matrix: 6, fullRange: true }
  const coding = { matrix: memory.getUint32(profile + nclxMatrixAt, true), fullRange: memory.getUint8(profile + nclxFullRangeAt) !== 0 }
  heif.heif_nclx_color_profile_free(profile)
  return coding
}
