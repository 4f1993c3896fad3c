import { Malformed } from '../../../bytes/source.ts'
import type { Item } from '../../../stills/heif/items.ts'
import { corrupt, unsupported } from '../decoded.ts'
import type { DecodeLimits, NotDecoded, Reduced } from '../decoded.ts'
import { reduceJpeg } from '../embedded/reduce-jpeg.ts'
import { exifNumberOf } from '../orientation.ts'
import { reduceCanvas, tooLarge } from '../reduce.ts'
import type { Size } from '../shapes.ts'
import type { TileDecoder } from './compose.ts'
import { openHeif } from './container.ts'
import type { HeifFile } from './container.ts'
import { layoutOf, NotRead, orientationOf } from './layout.ts'
import type { StillLayout } from './layout.ts'
import { openWithLibheif } from './libheif.ts'
import { nodeAvDecoder } from './node-av.ts'
import { pixelProperties } from './properties.ts'
import { pictureOfLayout } from './picture-of-layout.ts'
import { thumbnailsOf } from './thumbnails.ts'
import { decodeWhole } from './whole.ts'

/** What may be tried, in this order: two decoders of HEVC, then the small picture inside the file. */
export type HeifStep = 'node-av' | 'libheif' | 'embedded'
export const heifSteps: readonly HeifStep[] = ['node-av', 'libheif', 'embedded']

/** HEIC and HEIF. */
export async function decodeHeif(path: string, limits: DecodeLimits, steps: readonly HeifStep[] = heifSteps): Promise<Reduced | NotDecoded> {
  return withHeif(path, async (file, primary) => {
    const decoded = await decodeItem(file, primary, limits, steps)
    if (decoded.outcome === 'reduced' || !steps.includes('embedded')) return decoded
    // The small picture is coded as the large one is: whatever decoder there is takes it.
    for (const thumbnail of thumbnailsOf(file.items, primary).toReversed()) {
      const small = await decodeItem(file, thumbnail.item, limits, heifSteps, thumbnail.inherited)
      if (small.outcome === 'reduced') return { ...small, decoder: 'embedded', problem: { code: decoded.code, message: decoded.message } }
    }
    return decoded
  })
}

/** The smallest of the pictures inside the file whose shorter edge has so many pixels. */
export async function decodeHeifThumbnail(path: string, shortEdge: number, limits: DecodeLimits): Promise<Reduced | NotDecoded> {
  return withHeif(path, async (file, primary) => {
    const thumbnail = thumbnailsOf(file.items, primary).find(({ width, height }) => Math.min(width, height) >= shortEdge)
    if (thumbnail === undefined) return unsupported('there is no small picture of this size in the file')
    const small = await decodeItem(file, thumbnail.item, limits, heifSteps, thumbnail.inherited)
    return small.outcome === 'reduced' ? { ...small, decoder: 'embedded' } : small
  })
}

async function withHeif(path: string, decode: (file: HeifFile, primary: Item) => Promise<Reduced | NotDecoded>): Promise<Reduced | NotDecoded> {
  let file: HeifFile | null = null
  try {
    file = await openHeif(path)
    return file.items.primary === null ? corrupt('no primary item') : await decode(file, file.items.primary)
  } catch (error) {
    if (error instanceof Malformed) return corrupt(error.message)
    throw error
  } finally {
    await file?.close()
  }
}

async function decodeItem(file: HeifFile, item: Item, limits: DecodeLimits, steps: readonly HeifStep[], orientation: StillLayout['orientation'] | null = null): Promise<Reduced | NotDecoded> {
  if (item.type === 'jpeg') return reduceJpeg((await file.dataOf(item)).bytes, exifNumberOf(orientation ?? orientationOf(pixelProperties(file.items, item))), limits)
  let layout: StillLayout
  try {
    layout = await layoutOf(file.items, item, async (each) => (await file.dataOf(each)).bytes)
  } catch (error) {
    if (error instanceof NotRead) return steps.includes('libheif') ? decodeWhole(file, limits) : unsupported(error.message)
    if (error instanceof Malformed) return corrupt(error.message)
    throw error
  }
  if (orientation !== null) layout = { ...layout, orientation }
  const large = picturesOf(layout).find(({ width, height }) => width * height > limits.pixels)
  if (large !== undefined) return tooLarge(large.width, large.height)
  let last = unsupported('there is no decoder of HEVC')
  for (const step of steps) {
    const decoder = await decoderFor(step, file)
    if (decoder === null) continue
    try {
      const decoded = await decodeWith(file, layout, decoder, limits)
      if (decoded.outcome === 'reduced') return decoded
      last = decoded
    } finally {
      decoder.close()
    }
  }
  return last
}

/** All that memory is taken for: a tile may claim to be larger than what it is a part of, and transparency has a size of its own. */
const picturesOf = (layout: StillLayout): readonly Size[] => [layout, ...layout.tiles, ...(layout.alpha === null ? [] : [layout.alpha, ...layout.alpha.tiles])]

async function decoderFor(step: HeifStep, file: HeifFile): Promise<TileDecoder | null> {
  if (step === 'node-av') return nodeAvDecoder()
  return step === 'libheif' ? openWithLibheif(await file.content()) : null
}

async function decodeWith(file: HeifFile, layout: StillLayout, decoder: TileDecoder, limits: DecodeLimits): Promise<Reduced | NotDecoded> {
  const picture = await pictureOfLayout(file, layout, decoder, limits.edge)
  if (picture === null) return corrupt(`${decoder.name} decodes no part of the picture`)
  const reduced = await reduceCanvas(picture.canvas, limits, decoder.name)
  if (reduced.outcome === 'not_decoded' || picture.missing === 0) return reduced
  return { ...reduced, problem: corrupt(`${picture.missing} of ${picture.tiles} parts of the picture are missing or broken`) }
}
