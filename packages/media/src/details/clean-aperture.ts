import { u32 } from '../bytes/numbers.ts'

export type Size = { readonly width: number; readonly height: number }

/** ISO/IEC 14496-12 §12.1.4: width and height as fractions; a crop that is empty or larger than the image is none. */
export function cleanAperture(body: Uint8Array, size: Size): Size {
  if (body.length < 16) return size
  const width = Math.round(u32(body, 0) / u32(body, 4))
  const height = Math.round(u32(body, 8) / u32(body, 12))
  const fits = width >= 1 && height >= 1 && width <= size.width && height <= size.height
  return fits ? { width, height } : size
}
