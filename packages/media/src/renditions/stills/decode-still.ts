import type { DecodeLimits, NotDecoded, Reduced } from './decoded.ts'
import { unsupported } from './decoded.ts'
import { decodeEmbeddedJpeg } from './embedded/embedded.ts'
import { decodeAvif } from './heif/decode-avif.ts'
import { decodeHeif } from './heif/decode-heif.ts'
import { decodeJpegXl } from './jpeg-xl.ts'
import { reduce } from './reduce.ts'

type Decode = (path: string, limits: DecodeLimits) => Promise<Reduced | NotDecoded>

const decoders = new Map<string, Decode>([
  ['image/jpeg', decodeJpeg],
  ['image/png', reduce],
  ['image/apng', reduce],
  ['image/gif', reduce],
  ['image/webp', reduce],
  ['image/tiff', decodeTiff],
  ['image/avif', decodeAvif],
  ['image/jxl', decodeJpegXl],
  ['image/heic', decodeHeif],
  ['image/heif', decodeHeif],
  ['image/heic-sequence', decodeHeif],
  ['image/heif-sequence', decodeHeif],
])

/** Decodes a still of a media type, as its content says it, down the ladder for its kind. */
export async function decodeStill(path: string, mediaType: string, limits: DecodeLimits): Promise<Reduced | NotDecoded> {
  const decode = decoders.get(mediaType) ?? (mediaType.startsWith('image/x-') ? decodeRaw(mediaType) : undefined)
  return decode === undefined ? unsupported(`there is no decoder of ${mediaType}`) : decode(path, limits)
}

/** Of a JPEG that cannot be decoded at all, the thumbnail in its Exif. */
async function decodeJpeg(path: string, limits: DecodeLimits): Promise<Reduced | NotDecoded> {
  const decoded = await reduce(path, limits)
  if (decoded.outcome === 'reduced') return decoded
  const small = await decodeEmbeddedJpeg(path, 'image/jpeg', limits)
  return small.outcome === 'reduced' ? { ...small, problem: { code: decoded.code, message: decoded.message } } : decoded
}

/** A TIFF that sharp does not open is often a RAW without a maker's name. */
async function decodeTiff(path: string, limits: DecodeLimits): Promise<Reduced | NotDecoded> {
  const decoded = await reduce(path, limits)
  if (decoded.outcome === 'reduced') return decoded
  const embedded = await decodeEmbeddedJpeg(path, 'image/tiff', limits)
  return embedded.outcome === 'reduced' ? embedded : decoded
}

/** The preview that the camera made: developing a sensor's data is the work of other programs. */
const decodeRaw =
  (mediaType: string): Decode =>
  (path, limits) =>
    decodeEmbeddedJpeg(path, mediaType, limits)
