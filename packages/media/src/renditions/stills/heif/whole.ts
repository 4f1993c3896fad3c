import { makeCanvas } from '../canvas.ts'
import { corrupt } from '../decoded.ts'
import type { DecodeLimits, NotDecoded, Reduced } from '../decoded.ts'
import { reduceCanvas } from '../reduce.ts'
import type { HeifFile } from './container.ts'
import { openWithLibheif } from './libheif.ts'
import { pixelProperties } from './properties.ts'

/**
 * Overlays, and coded pictures that are not HEVC: libheif puts the picture together itself, at full size. That takes six
 * bytes a pixel, and is rare enough.
 */
export async function decodeWhole(file: HeifFile, limits: DecodeLimits): Promise<Reduced | NotDecoded> {
  const opened = openWithLibheif(await file.content())
  if (opened === null) return corrupt('libheif does not read the file')
  try {
    const image = opened.decodePrimary(limits.pixels)
    if (image === null) return corrupt('libheif does not decode the picture')
    const profile = file.items.primary === null ? undefined : pixelProperties(file.items, file.items.primary).find((property) => property.type === 'icc')
    const canvas = makeCanvas({ width: image.width, height: image.height, channels: 4, orientation: 1, icc: profile?.profile ?? null })
    const rowBytes = image.width * canvas.channels
    for (let row = 0; row < image.height; row += 1) {
      canvas.pixels.set(image.rgba.subarray(row * image.stride, row * image.stride + rowBytes), row * rowBytes)
    }
    return await reduceCanvas(canvas, limits, 'libheif')
  } finally {
    opened.close()
  }
}
