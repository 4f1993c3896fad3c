import type { ByteSource } from '../bytes/source.ts'
import { orNull, readExif } from '../details/exif.ts'
import { readIptc } from '../details/iptc.ts'
import { readNumber, readNumbers, readRaw, readRootDirectory, readSubdirectory, readText } from '../details/tiff-directory.ts'
import type { TiffDirectory } from '../details/tiff-directory.ts'
import { readXmp, xmpBytes } from '../details/xmp.ts'
import type { Draft, Picture } from '../reading.ts'
import { rawTypeOf } from './raw-makers.ts'

/** TIFF 6.0 §8, DNG 1.7 §4, XMP part 3 §1.1.7, Photoshop's TIFF technical notes. */
const tags = {
  subfileType: 0xfe, width: 0x100, height: 0x101, compression: 0x103, photometric: 0x106, make: 0x10f, subdirectories: 0x14a,
  xmp: 0x2bc, iptc: 0x83bb, dngVersion: 0xc612, defaultCropSize: 0xc620,
} as const
/** DNG has one for each of its previews and the raw image. */
const maximumSubdirectories = 8
/** Photometric interpretation: a colour filter array, and linear raw (DNG 1.7 §4): data of a sensor. */
const sensorPhotometrics = new Set([32_803, 34_892])

/** TIFF, DNG and the camera RAW kinds that are TIFF inside: Exif in the first directory, the image in it or in one below it. */
export async function readTiff(source: ByteSource, draft: Draft): Promise<void> {
  const root = await readRootDirectory(source)
  if (root === null) return
  const exif = await readExif(source)
  if (exif !== null) draft.exif = exif
  const packet = await readRaw(root, tags.xmp, xmpBytes)
  if (packet !== null) draft.xmp = readXmp(packet)
  const iptc = await readRaw(root, tags.iptc, xmpBytes)
  if (iptc !== null) draft.iptc = readIptc(iptc, null)

  const images = [await imageOf(root)]
  for (let index = 0; index < maximumSubdirectories; index += 1) {
    const below = await orNull(readSubdirectory(root, tags.subdirectories, index))
    if (below === null) break
    images.push(await imageOf(below))
  }
  const sensor = images.filter(({ isSensor, isPreview }) => isSensor && !isPreview)
  const isDng = root.entries.has(tags.dngVersion)
  if (isDng || sensor.length > 0) draft.mediaType = isDng ? 'image/x-adobe-dng' : rawTypeOf(await readText(root, tags.make))
  const candidates = sensor.length > 0 ? sensor : images.filter(({ isPreview }) => !isPreview)
  draft.picture = largest(candidates.length > 0 ? candidates : images, sensor.length > 0)
}

type TiffImage = { readonly width: number; readonly height: number; readonly isSensor: boolean; readonly isPreview: boolean }

async function imageOf(directory: TiffDirectory): Promise<TiffImage> {
  const crop = await readNumbers(directory, tags.defaultCropSize, 2)
  const [cropWidth = 0, cropHeight = 0] = crop ?? []
  return {
    width: cropWidth > 0 ? Math.round(cropWidth) : ((await readNumber(directory, tags.width)) ?? 0),
    height: cropHeight > 0 ? Math.round(cropHeight) : ((await readNumber(directory, tags.height)) ?? 0),
    isSensor: sensorPhotometrics.has((await readNumber(directory, tags.photometric)) ?? -1),
    isPreview: ((await readNumber(directory, tags.subfileType)) ?? 0) % 2 === 1, // TIFF 6.0: bit 0 is "reduced resolution"
  }
}

function largest(images: readonly TiffImage[], isRaw: boolean): Picture {
  const found = images.toSorted((a, b) => b.width * b.height - a.width * a.height)[0]
  return { width: found?.width ?? null, height: found?.height ?? null, codec: isRaw ? 'raw' : 'tiff' }
}
