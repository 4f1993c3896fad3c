import type { MediaDetails, Recipe } from '@everroll/protocol'
import sharp from 'sharp'
import { adjustedSize, drawAdjusted } from '../adjust/index.ts'
import type { Size } from '../adjust/index.ts'
import { freeAtOnce } from '../bytes/free-at-once.ts'
import { readMedia } from '../index.ts'
import type { AdjustJob, RenderOutcome } from './job.ts'
import { makeCanvas } from './stills/canvas.ts'
import type { Canvas } from './stills/canvas.ts'
import { decodeStill } from './stills/decode-still.ts'
import { unsupported } from './stills/decoded.ts'
import type { NotDecoded, Reduced } from './stills/decoded.ts'
import { encode, writeRendition } from './stills/encode.ts'
import { exifOf } from './stills/exif-of.ts'
import { reduceCanvas } from './stills/reduce.ts'
import { previewEdge } from './stills/shapes.ts'

/** A copy of larger ones is reduced to this: the pixels are held three times, in a worker of some 1 GB. */
const fullPixels = 50_000_000
/** Where the size of a picture is not known before it is decoded. */
const unknownEdge = 6000
/** For a crop so small that its preview would need more, the preview is smaller instead. */
const screenEdgeMost = 6000

/** What a saved copy is judged by; a tenth more would double the bytes. */
const copyQuality = { quality: 92, mozjpeg: false } as const

/**
 * Draws a picture as a person adjusted it: `thumb` and `preview`, or a copy of the original's size (`edited`). Runs inside
 * a worker process and rejects as `render` does. `details` tell the size of the whole and its placeholder.
 */
export async function renderAdjusted({ path, folder, limits, recipe, size }: AdjustJob): Promise<RenderOutcome> {
  const { facts, details } = await readMedia(path)
  const whole: Size | null = details.width === undefined || details.height === undefined ? null : { width: details.width, height: details.height }
  const edge = size === 'full' ? fullEdge(whole) : screenEdge(recipe, whole)
  const isStill = facts.recognised && (facts.kind === 'photo' || facts.kind === 'raw')
  const decoded = isStill ? await decodeStill(path, facts.mediaType, { ...limits, edge }) : unsupported(`${facts.mediaType} cannot be adjusted`)
  if (decoded.outcome === 'not_decoded') return failed(decoded)
  const canvas = await drawn(decoded, recipe)
  freeAtOnce(decoded.tiff)
  const known: MediaDetails = { ...adjustedSize(recipe, whole ?? decoded) }
  if (size === 'full') {
    const copy = sharp(canvas.file, { limitInputPixels: false }).keepIccProfile().withExifMerge(exifOf(facts, details))
    const file = decoded.hasAlpha
      ? await writeRendition(folder, 'edited', 'webp', await copy.webp(copyQuality).toBuffer({ resolveWithObject: true }))
      : await writeRendition(folder, 'edited', 'jpg', await copy.jpeg(copyQuality).toBuffer({ resolveWithObject: true }))
    return { outcome: 'made', details: known, renditions: [file], decoder: decoded.decoder, lacking: [] }
  }
  const reduced = await reduceCanvas(canvas, { pixels: Number.MAX_SAFE_INTEGER })
  if (reduced.outcome === 'not_decoded') return failed(reduced)
  const { files, thumbhash } = await encode({ ...reduced, hasAlpha: decoded.hasAlpha }, folder)
  freeAtOnce(reduced.tiff)
  return { outcome: 'made', details: { ...known, thumbhash }, renditions: files, decoder: decoded.decoder, lacking: [] }
}

function fullEdge(whole: Size | null): number {
  if (whole === null) return unknownEdge
  return Math.ceil(Math.max(whole.width, whole.height) * Math.min(1, Math.sqrt(fullPixels / (whole.width * whole.height))))
}

/** The edge of the whole picture at which what is cut out of it fills a preview. */
function screenEdge(recipe: Recipe, whole: Size | null): number {
  if (whole === null) return previewEdge
  const output = adjustedSize(recipe, whole)
  const enlarged = previewEdge * (Math.max(whole.width, whole.height) / Math.max(output.width, output.height))
  return Math.ceil(Math.min(screenEdgeMost, Math.max(previewEdge, enlarged)))
}

/** In the picture's own colour space, with its profile. */
async function drawn({ tiff, hasAlpha }: Reduced, recipe: Recipe): Promise<Canvas> {
  const { icc } = await sharp(tiff, { limitInputPixels: false }).metadata()
  const opened = sharp(tiff, { limitInputPixels: false, ignoreIcc: true })
  const { data, info } = await (hasAlpha ? opened.ensureAlpha() : opened.removeAlpha()).toColourspace('srgb').raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  const adjusted = drawAdjusted({ data, width: info.width, height: info.height, channels: hasAlpha ? 4 : 3 }, recipe)
  const canvas = makeCanvas({ width: adjusted.width, height: adjusted.height, channels: adjusted.channels, orientation: 1, icc: icc ?? null })
  canvas.pixels.set(adjusted.data)
  return canvas
}

const failed = ({ code, message }: NotDecoded): RenderOutcome => ({ outcome: 'failed', code, message, details: { problem: code }, renditions: [], lacking: [] })
