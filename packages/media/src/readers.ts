import type { ByteSource } from './bytes/source.ts'
import type { Draft } from './reading.ts'
import { aaeType, xmpType } from './recognise/media-names.ts'
import { readAae } from './sidecars/aae.ts'
import { readXmpSidecar } from './sidecars/xmp-sidecar.ts'
import { readGif } from './stills/gif.ts'
import { readHeif } from './stills/heif/heif.ts'
import { readJpegXl } from './stills/jpeg-xl.ts'
import { readJpeg } from './stills/jpeg.ts'
import { readPng } from './stills/png.ts'
import { readCr3, readRaf } from './stills/raw.ts'
import { readTiff } from './stills/tiff.ts'
import { readWebp } from './stills/webp.ts'
import { readMovie } from './videos/movie.ts'

/** Puts what it reads into the draft as it goes; Malformed ends it, and what it has read counts. */
export type Reader = (source: ByteSource, draft: Draft) => Promise<void>

/** Who reads what; RAW that is not here is a TIFF. BMP, AVI, Matroska and MPEG-TS have no details that are read. */
const readers = new Map<string, Reader>([
  ['image/jpeg', readJpeg],
  ['image/heic', readHeif],
  ['image/heic-sequence', readHeif],
  ['image/heif', readHeif],
  ['image/heif-sequence', readHeif],
  ['image/avif', readHeif],
  ['image/png', readPng],
  ['image/apng', readPng],
  ['image/gif', readGif],
  ['image/webp', readWebp],
  ['image/jxl', readJpegXl],
  ['image/tiff', readTiff],
  ['image/x-canon-cr3', readCr3],
  ['image/x-fujifilm-raf', readRaf],
  ['video/quicktime', readMovie],
  ['video/mp4', readMovie],
  ['video/x-m4v', readMovie],
  ['video/3gpp', readMovie],
  ['video/3gpp2', readMovie],
  [aaeType, readAae],
  [xmpType, readXmpSidecar],
])

export const readerOf = (mediaType: string): Reader | undefined =>
  readers.get(mediaType) ?? (mediaType.startsWith('image/x-') ? readTiff : undefined)
