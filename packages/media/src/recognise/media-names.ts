import type { MediaKind } from '../facts.ts'

export type MediaType = { readonly kind: MediaKind; readonly mediaType: string }

const photos: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg jpeg jpe jfif',
  'image/heic': 'heic',
  'image/heif': 'heif hif',
  'image/avif': 'avif',
  'image/png': 'png',
  'image/apng': 'apng',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/tiff': 'tif tiff',
  'image/jxl': 'jxl',
  'image/bmp': 'bmp',
  'image/jp2': 'jp2',
  'image/vnd.adobe.photoshop': 'psd',
  'image/x-adobe-dng': 'dng',
  'image/x-canon-cr2': 'cr2',
  'image/x-canon-cr3': 'cr3',
  'image/x-canon-crw': 'crw',
  'image/x-nikon-nef': 'nef',
  'image/x-nikon-nrw': 'nrw',
  'image/x-sony-arw': 'arw',
  'image/x-sony-sr2': 'sr2',
  'image/x-sony-srf': 'srf',
  'image/x-fujifilm-raf': 'raf',
  'image/x-olympus-orf': 'orf',
  'image/x-panasonic-rw2': 'rw2',
  'image/x-panasonic-raw': 'raw',
  'image/x-leica-rwl': 'rwl',
  'image/x-pentax-pef': 'pef',
  'image/x-samsung-srw': 'srw',
  'image/x-hasselblad-3fr': '3fr',
  'image/x-hasselblad-fff': 'fff',
  'image/x-phaseone-iiq': 'iiq',
  'image/x-epson-erf': 'erf',
  'image/x-kodak-dcr': 'dcr',
  'image/x-kodak-kdc': 'kdc',
  'image/x-leaf-mos': 'mos',
  'image/x-minolta-mrw': 'mrw',
  'image/x-sigma-x3f': 'x3f',
  'image/x-gopro-gpr': 'gpr',
}

const videos: Readonly<Record<string, string>> = {
  'video/quicktime': 'mov qt',
  'video/mp4': 'mp4 insv 360',
  'video/x-m4v': 'm4v',
  'video/3gpp': '3gp 3gpp',
  'video/3gpp2': '3g2',
  'video/vnd.avi': 'avi',
  'video/matroska': 'mkv',
  'video/webm': 'webm',
  // Not `ts`: by name alone it is a program in TypeScript more often than a recording. The content decides.
  'video/mp2t': 'mts m2ts m2t',
  'video/mpeg': 'mpg mpeg vob',
  'video/x-ms-asf': 'wmv asf',
  'video/x-flv': 'flv',
  'video/ogg': 'ogv',
  'application/mxf': 'mxf',
}

/** No type is registered for AAE, which is a property list; XMP part 3 §1.2 gives sidecars the type of RDF. */
export const aaeType = 'application/x-plist'
export const xmpType = 'application/rdf+xml'
const sidecars: Readonly<Record<string, string>> = { [aaeType]: 'aae', [xmpType]: 'xmp' }

/** Types of camera RAW are the makers' own; the registered ones have no `x-`. */
export const isRawType = (mediaType: string): boolean => mediaType.startsWith('image/x-') && !notPhotos.has(mediaType)

/** Under `image/`, yet not what a camera or a person's photo program makes. */
const notPhotos = new Set(['image/x-icon', 'image/icns', 'image/ktx', 'image/vnd.dwg'])
/** Videos that are not under `video/`. */
const otherVideos = new Set(['application/vnd.ms-asf', 'application/mxf', 'image/mj2'])

export function kindOfType(mediaType: string): MediaKind {
  if (mediaType === aaeType || mediaType === xmpType) return 'sidecar'
  if (otherVideos.has(mediaType) || mediaType.startsWith('video/')) return 'video'
  if (isRawType(mediaType)) return 'raw'
  return mediaType.startsWith('image/') && !notPhotos.has(mediaType) ? 'photo' : 'other'
}

const byExtension = new Map<string, MediaType>()
for (const [kind, table] of [['photo', photos], ['video', videos], ['sidecar', sidecars]] as const) {
  for (const [mediaType, extensions] of Object.entries(table)) {
    for (const extension of extensions.split(' ')) byExtension.set(extension, { kind: kind === 'photo' && isRawType(mediaType) ? 'raw' : kind, mediaType })
  }
}

/**
 * What a file's name says it is, or null. A name that begins with `._` is macOS's companion file (AppleDouble) of the
 * photo with the rest of that name: it holds attributes, not the photo.
 */
export function mediaTypeOfName(name: string): MediaType | null {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
  const dot = base.lastIndexOf('.')
  if (dot < 1 || base.startsWith('._')) return null
  return byExtension.get(base.slice(dot + 1).toLowerCase()) ?? null
}

/** Whether the name is one of media or of a sidecar of media. */
export const isMediaName = (name: string): boolean => mediaTypeOfName(name) !== null
