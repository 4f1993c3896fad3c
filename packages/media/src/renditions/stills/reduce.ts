import sharp from 'sharp'
import type { Metadata, Sharp } from 'sharp'
import { freeAtOnce } from '../../bytes/free-at-once.ts'
import { makeCanvas } from './canvas.ts'
import type { Canvas } from './canvas.ts'
import { profileUse } from './colour-profile.ts'
import { corrupt, unsupported } from './decoded.ts'
import type { DecodeLimits, NotDecoded, Reduced } from './decoded.ts'
import { displayP3Profile, toDisplayP3 } from './nclx-colour.ts'
import type { ColourCode } from './nclx-colour.ts'
import { previewEdge } from './shapes.ts'

// One thread a process: the pool has a process for each core. Nothing is opened twice, so nothing is kept.
sharp.concurrency(1)
sharp.cache(false)

/** Opens what sharp can open and decodes it once: upright, at the size of the preview, never enlarged, the first page or frame. */
export const reduce = (picture: string | Buffer, limits: DecodeLimits, decoder = 'sharp'): Promise<Reduced | NotDecoded> =>
  opened(picture, limits, (metadata, strictness) => reduceAsProfiled(picture, metadata, limits, strictness, decoder))

/** The same of what a decoder of ours has drawn, which is freed. */
export async function reduceCanvas(canvas: Canvas, limits: DecodeLimits, decoder?: string): Promise<Reduced | NotDecoded> {
  const decoded = await reduce(canvas.file, limits, decoder)
  freeAtOnce(canvas.file)
  return decoded
}

/** The same of a picture whose colours are told by code points and have to be converted. */
export const reduceCoded = (picture: string, colour: ColourCode, limits: DecodeLimits): Promise<Reduced | NotDecoded> =>
  opened(picture, limits, async (_, strictness) => {
    const { data, info } = await upright(picture, limits, strictness, true).toColourspace('rgb16').raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true })
    const channels = info.channels === 4 ? 4 : 3
    const canvas = makeCanvas({ width: info.width, height: info.height, channels, orientation: 1, icc: await displayP3Profile() })
    toDisplayP3(new Uint16Array(data.buffer, data.byteOffset, data.byteLength >> 1), channels, colour, canvas.pixels)
    return reduced(canvas.file, info.width, info.height, channels === 4, 'sharp')
  })

/**
 * libvips holds some 2 KB for each pixel of a row that it reduces, and needs a microsecond for each row: a PNG of 1,000,000
 * x 16 takes 2.4 GB. A JPEG's edges end at 65,535; a panorama four times as long is decoded.
 */
const longestEdge = 262_144

/** What libvips fails on; each includes those before it. */
type Strictness = 'none' | 'error' | 'warning'

async function opened(picture: string | Buffer, limits: DecodeLimits, decode: (metadata: Metadata, strictness: Strictness) => Promise<Reduced>): Promise<Reduced | NotDecoded> {
  let metadata: Metadata
  try {
    metadata = await sharp(picture, { limitInputPixels: false, failOn: 'none' }).metadata()
  } catch (error) {
    return notOpened(error)
  }
  const { width, height } = metadata
  if (width * height > limits.pixels || Math.max(width, height) > longestEdge) return tooLarge(width, height)
  try {
    // A JPEG that was cut and has something behind it (a motion photo's video) gives a warning and no more.
    return await decode(metadata, metadata.format === 'jpeg' ? 'warning' : 'error')
  } catch (error) {
    const message = messageOf(error)
    try {
      // Once more without strictness: a cut photo shows what is left of it.
      const all = await decode(metadata, 'none')
      return isHarmless(message) ? all : { ...all, problem: corrupt(message) }
    } catch {
      return corrupt(message)
    }
  }
}

/** Warnings of libjpeg that cost no pixel (libjpeg, jerror.h): JWRN_EXTRANEOUS_DATA, JWRN_JFIF_MAJOR, JWRN_ADOBE_XFORM. */
const harmless = /extraneous bytes before marker|JFIF revision number|Adobe color transform/

const isHarmless = (message: string): boolean => message.split('\n').every((line) => harmless.test(line))

async function reduceAsProfiled(picture: string | Buffer, metadata: Metadata, limits: DecodeLimits, strictness: Strictness, decoder: string): Promise<Reduced> {
  const use = profileUse(metadata.icc)
  const pipeline = upright(await coloursOf(picture, metadata, limits, strictness), limits, strictness, use === 'none')
  const { data, info } = await (use === 'keep' ? pipeline.keepIccProfile() : pipeline).tiff({ compression: 'none' }).toBuffer({ resolveWithObject: true })
  return reduced(data, info.width, info.height, metadata.hasAlpha && info.channels === 4, decoder)
}

/** Channels of colours and transparency; libvips' names of grey are these, and all else is RGB or becomes it. */
const usualChannels = new Map([['b-w', 2], ['grey16', 2], ['cmyk', 5]])

/**
 * A TIFF may have masks and spot colours as further channels, and does not say which of them is transparency: its colours
 * alone are taken, before libvips multiplies them by the last channel.
 */
async function coloursOf(picture: string | Buffer, { space, channels }: Metadata, { pixels }: DecodeLimits, failOn: Strictness): Promise<string | Buffer> {
  if (channels <= (usualChannels.get(space) ?? 4)) return picture
  return sharp(picture, { limitInputPixels: pixels, failOn }).removeAlpha().keepMetadata().tiff({ compression: 'none' }).toBuffer()
}

const upright = (picture: string | Buffer, { pixels, edge = previewEdge }: DecodeLimits, failOn: Strictness, ignoreIcc: boolean): Sharp =>
  sharp(picture, { limitInputPixels: pixels, failOn, ignoreIcc }).autoOrient().resize(edge, edge, { fit: 'inside', withoutEnlargement: true })

async function reduced(tiff: Buffer, width: number, height: number, mayHaveAlpha: boolean, decoder: string): Promise<Reduced> {
  const hasAlpha = mayHaveAlpha && !(await sharp(tiff).stats()).isOpaque
  return { outcome: 'reduced', tiff, width, height, hasAlpha, decoder, problem: null }
}

export const tooLarge = (width: number, height: number): NotDecoded => unsupported(`${width} x ${height} pixels are more than are decoded`)

/** libvips tells a format that it does not know in these words; all others name one that it knows and could not read. */
function notOpened(error: unknown): NotDecoded {
  const message = messageOf(error)
  return /unsupported image format/i.test(message) ? unsupported(message) : corrupt(message)
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message.trim() : String(error))
