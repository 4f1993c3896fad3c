import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import sharp from 'sharp'
import { iptcSegment, xmpSegment } from '../samples/app-segments.ts'
import { makeAae, makeHeic, makeJpeg, makeLivePhoto, makeMotionPhoto, makeMov, makePng, makeScreenshot, makeUltraHdr, makeXmp } from '../samples/index.ts'
import { cleanApertureBox, colourBox, makeVideoTrack } from '../samples/video-track.ts'

export type CorpusFile = { readonly name: string; readonly extension: string; readonly bytes: () => Buffer }

export type Corpus = {
  /** The repository's own: tiny, of every structure that readers know. */
  readonly samples: readonly CorpusFile[]
  /** Those and small camera files. */
  readonly small: readonly CorpusFile[]
  readonly large: readonly CorpusFile[]
  /** Tells whether a seed means the same file here as there. */
  readonly digest: string
}

const smallBytes = 300 * 1024
const largestBytes = 4 * 1024 * 1024

/** The repository's own samples, and the camera files of a folder where there is one. */
export async function makeCorpus(folder: string | null): Promise<Corpus> {
  const samples = await ownSamples()
  const camera = folder === null ? [] : await cameraFiles(folder)
  const small = [...samples, ...camera.filter(({ size }) => size <= smallBytes)]
  const large = camera.filter(({ size }) => size > smallBytes && size <= largestBytes)
  const digest = createHash('sha256')
  for (const { name, bytes } of small) digest.update(name).update(bytes())
  for (const { name, size } of large) digest.update(`${name} ${size}`)
  return { samples, small, large, digest: digest.digest('hex').slice(0, 12) }
}

async function ownSamples(): Promise<CorpusFile[]> {
  const place = { latitude: 1, longitude: 2, altitude: 3 }
  const live = makeLivePhoto({ seed: 1, place })
  const picture = sharp(makePng(3))
  const transparent = picture.clone().ensureAlpha(0.5)
  const files: Record<string, Uint8Array> = {
    'photo.jpg': makeJpeg({ seed: 1, place, contentIdentifier: 'LIVE', offsetMinutes: 60, bytes: 1500 }),
    'live.jpg': live.still,
    'live.mov': live.video,
    'movie.mov': makeMov({ seed: 1, place, contentIdentifier: 'LIVE', offsetMinutes: 60 }),
    'track.mov': makeVideoTrack({ width: 64, height: 48, extensions: [cleanApertureBox(32, 32), colourBox(9, 18, 9)], keys: [['com.apple.quicktime.make', 'Apple']], trackKeys: [['com.apple.quicktime.camera.lens_model', 'lens']] }),
    'grid.heic': makeHeic({ seed: 1, place, offsetMinutes: 60, width: 120, turns: 1, mirror: 0, thumbnail: true, xmp: makeXmp({ attributes: { 'xmp:Rating': '3' } }) }),
    'single.heic': makeHeic({ seed: 2, single: true }),
    'gain map.heic': makeHeic({ seed: 3, auxiliaryType: 'urn:com:apple:photo:2020:aux:hdrgainmap' }),
    'alpha.heic': makeHeic({ seed: 4, single: true, auxiliaryType: 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha' }),
    'motion.jpg': makeMotionPhoto(1, 'directory').file,
    'micro video.jpg': makeMotionPhoto(2, 'micro_video').file,
    'samsung.jpg': makeMotionPhoto(1, 'samsung').file,
    'gain map.jpg': makeUltraHdr(1, 'apple'),
    'ultra hdr.jpg': makeUltraHdr(1, 'android'),
    'words.jpg': makeJpeg({ seed: 3, segments: [iptcSegment({ caption: 'c', keywords: ['k'] }), xmpSegment(makeXmp({ bags: { 'dc:subject': ['a'] } }))] }),
    'screenshot.png': makeScreenshot(1),
    'picture.png': makePng(1),
    'edit.aae': makeAae(1),
    'sidecar.xmp': Buffer.from(makeXmp({ attributes: { 'crs:RawFileName': 'IMG_0001.CR3', 'xmp:Rating': '4' }, bags: { 'dc:subject': ['a', 'b'] }, texts: { 'dc:description': 'c' } })),
    // What sharp writes: the same bytes for the same version of it.
    'progressive.jpg': await picture.clone().jpeg({ progressive: true }).toBuffer(),
    'palette.png': await picture.clone().png({ palette: true, colours: 4 }).toBuffer(),
    'deep.png': await transparent.clone().toColourspace('rgb16').png().toBuffer(),
    'lossy.webp': await picture.clone().webp().withExif({ IFD0: { Make: 'Everroll' } }).toBuffer(),
    'lossless.webp': await transparent.clone().webp({ lossless: true }).toBuffer(),
    'picture.gif': await picture.clone().gif().toBuffer(),
    'picture.avif': await picture.clone().avif({ effort: 0 }).toBuffer(),
    'alpha.avif': await transparent.clone().avif({ effort: 0 }).toBuffer(),
    'deflated.tif': await picture.clone().tiff({ compression: 'deflate' }).toBuffer(),
    'lzw.tif': await picture.clone().tiff({ compression: 'lzw', tile: true, tileWidth: 16, tileHeight: 16, pyramid: true }).toBuffer(),
    'jpeg.dng': await picture.clone().tiff({ compression: 'jpeg' }).toBuffer(),
  }
  return Object.entries(files).map(([name, bytes]) => ({ name: `samples/${name}`, extension: extname(name), bytes: () => Buffer.from(bytes) }))
}

async function cameraFiles(folder: string): Promise<(CorpusFile & { readonly size: number })[]> {
  const entries = (await readdir(folder, { recursive: true })).filter((name) => !name.endsWith('.tsv')).toSorted()
  const files = await Promise.all(entries.map(async (name) => {
    const path = join(folder, name)
    const status = await stat(path)
    return status.isFile() ? [{ name, extension: extname(name), size: status.size, bytes: () => readFileSync(path) }] : []
  }))
  return files.flat()
}
