import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { OutputInfo } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import { freeAtOnce } from '../../bytes/free-at-once.ts'
import type { RenditionFile } from '../job.ts'
import type { Reduced } from './decoded.ts'
import { thumbhashSize, thumbSize } from './shapes.ts'

export type Renditions = {
  readonly files: readonly RenditionFile[]
  /** base64, some 25 bytes. */
  readonly thumbhash: string
}

/**
 * Measured on 12 megapixel photos, for the preview of 1440 pixels: Huffman tables made to measure cost 8 ms and save 2 %
 * of the bytes; mozjpeg costs 100 ms more and saves 25 %; WebP at its fastest costs 30 to 55 ms more and saves 25 % or
 * nothing. Standard tables it is: a preview is fetched once in a while, and made for every photo.
 */
const previewQuality = { quality: 80, optimiseCoding: false }
/** What has transparency is drawn or cut out, and rare. */
const transparentQuality = { quality: 80, alphaQuality: 90, effort: 2 }
/** Effort 2 takes half the time of 4 and 2 % more bytes. */
const thumbQuality = { quality: 75, alphaQuality: 90, effort: 2 }

/** Writes `preview` and `thumb` into a folder and makes the placeholder. */
export async function encode(reduced: Reduced, folder: string): Promise<Renditions> {
  const preview = sharp(reduced.tiff).keepIccProfile()
  const previewFile = reduced.hasAlpha
    ? await writeRendition(folder, 'preview', 'webp', await preview.webp(transparentQuality).toBuffer({ resolveWithObject: true }))
    : await writeRendition(folder, 'preview', 'jpg', await preview.removeAlpha().jpeg(previewQuality).toBuffer({ resolveWithObject: true }))
  const { file, thumbhash } = await encodeThumb(reduced, folder)
  return { files: [file, previewFile], thumbhash }
}

/** Writes `thumb` alone. */
export async function encodeThumb(reduced: Reduced, folder: string): Promise<{ readonly file: RenditionFile; readonly thumbhash: string }> {
  const thumb = await thumbOf(reduced)
  const file = await writeRendition(folder, 'thumb', 'webp', await sharp(thumb.data, { raw: thumb.info }).webp(thumbQuality).toBuffer({ resolveWithObject: true }))
  const thumbhash = await thumbhashOf(thumb)
  freeAtOnce(thumb.data)
  return { file, thumbhash }
}

type Pixels = { readonly data: Buffer; readonly info: OutputInfo }

/** In sRGB. Reduced before it is converted: the conversion takes its time by the pixel. */
async function thumbOf(reduced: Reduced): Promise<Pixels> {
  const { width, height } = thumbSize(reduced)
  const small = await sharp(reduced.tiff).resize(width, height, { fit: 'fill' }).keepIccProfile().tiff({ compression: 'none' }).toBuffer()
  const pipeline = sharp(small)
  const thumb = await (reduced.hasAlpha ? pipeline : pipeline.removeAlpha()).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  freeAtOnce(small)
  return thumb
}

async function thumbhashOf({ data, info }: Pixels): Promise<string> {
  const { width, height } = thumbhashSize(info)
  const pixels = await sharp(data, { raw: info }).resize(width, height, { fit: 'fill' }).ensureAlpha().raw().toBuffer()
  return Buffer.from(rgbaToThumbHash(width, height, pixels)).toString('base64')
}

const mediaTypes = { jpg: 'image/jpeg', webp: 'image/webp' } as const

/** Writes one file of a job, and frees what it has written. */
export async function writeRendition(folder: string, name: RenditionFile['name'], format: keyof typeof mediaTypes, { data, info }: Pixels): Promise<RenditionFile> {
  const file = `${name}.${format}`
  const bytes = data.length
  // Whole or not at all, also if the process is killed here.
  const part = join(folder, `${file}.part`)
  await writeFile(part, data)
  freeAtOnce(data)
  await rename(part, join(folder, file))
  return { name, file, mediaType: mediaTypes[format], width: info.width, height: info.height, bytes }
}
