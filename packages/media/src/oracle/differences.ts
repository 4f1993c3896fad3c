import type { ComparedField } from '../exiftool/view.ts'

/** Where this package and ExifTool read a file of the media set differently, each with its reason. There are no others. */
export type Difference = {
  readonly file: string
  readonly fields: readonly ComparedField[]
  readonly reason: string
}

const cleanAperture =
  'The size of the clean aperture (`clap`), which Apple\'s players show of a Live Photo\'s video; ExifTool gives the track header\'s, which is larger.'
const codecInBrands = 'The brands say that its pictures are HEVC, so it is HEIC; ExifTool goes by the major brand alone, which names only the structure.'
const unsoundExif = 'Corrupt: the Exif segment says a length that ends inside it. No marker stands there, and reading ends; ExifTool searches on.'

export const differences: readonly Difference[] = [
  { file: 'aae-edits/IMG_3582_edited.mov', fields: ['width', 'height'], reason: cleanAperture },
  { file: 'livephoto-jpg/51F2BEF7_live.mov', fields: ['width', 'height'], reason: cleanAperture },
  { file: 'livephoto/IMG_3582.mov', fields: ['width', 'height'], reason: cleanAperture },
  { file: 'livephoto/IMG_4394.mov', fields: ['width', 'height'], reason: cleanAperture },
  { file: 'livephoto/IMG_4580.mov', fields: ['width', 'height'], reason: cleanAperture },
  {
    file: 'mov/B391CF7F-A923-41AB-B3E2-D3449CAD6B90.mov',
    fields: ['width', 'height'],
    reason: 'Samples, clean aperture and production aperture are 1280 x 720; only the track header says 1920 x 1080, which ExifTool gives.',
  },
  {
    file: 'corrupt/truncated.heic',
    fields: ['width', 'height'],
    reason: 'The picture has a clean aperture of 16 x 16 points, which is what is displayed; ExifTool gives the coded size.',
  },
  {
    file: 'dng/DNG.dng',
    fields: ['width', 'height'],
    reason: 'DefaultCropSize, the part of the sensor that is the picture (DNG 1.7 §4); ExifTool gives the sensor with its masked border.',
  },
  { file: 'corrupt/broken.jpg', fields: ['width', 'height', 'caption'], reason: unsoundExif },
  {
    file: 'corrupt/empty.heic',
    fields: ['mediaType'],
    reason: 'Empty: the type is that of the name, and the facts say that it was not recognised; ExifTool gives none.',
  },
  {
    file: 'hdr-video/dolbyVision-hdr.MOV',
    fields: ['hdr'],
    reason: 'Dolby Vision by its configuration box `dvvC`, for which ExifTool has no tag.',
  },
  {
    file: 'hdr-video/hdr10-video-with-sdr-container.mp4',
    fields: ['hdr'],
    reason: 'Its container names no colours; the pictures\' own parameter set says PQ, which ExifTool does not look into.',
  },
  { file: 'heic-other/alpha.heic', fields: ['mediaType'], reason: codecInBrands },
  { file: 'heic-other/cat.hif', fields: ['mediaType'], reason: codecInBrands },
  {
    file: 'motionphoto/ss-motion-photo-shortened.jpg',
    fields: ['motionPhotoBytes'],
    reason: 'The file was shortened by hand; ExifTool gives Samsung\'s trailer up, but its entry leads to a movie.',
  },
  { file: 'mov/sample_portrait.mp4', fields: ['latitude'], reason: 'ExifTool rounds a place in `loci` to five decimals (1 m).' },
  {
    file: 'mov/sample_rotate_and_reflect.mp4',
    fields: ['latitude', 'longitude', 'altitude'],
    reason: 'It has two places, `©xyz` (New York, with decimals) and `loci` (rounded, another town); we take the first, ExifTool the last.',
  },
  {
    file: 'slowmo/sample_android_slow_motion.mp4',
    fields: ['marks'],
    reason: 'Android\'s `com.android.capture.fps` stands in a `meta` box that ExifTool does not read keys from.',
  },
  {
    file: 'webp/animated-loop-3.webp',
    fields: ['durationMs'],
    reason: 'Ten frames of 3 s and more, as in the GIF that it was made from; ExifTool takes a frame\'s flags (RFC 9649 §2.7.1.1) for part of its duration.',
  },
]
