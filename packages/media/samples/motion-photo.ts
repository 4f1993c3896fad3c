import { xmpSegment } from './app-segments.ts'
import { makeJpeg } from './jpeg.ts'
import { makeMov } from './mov.ts'
import { randomBytesOf } from './random.ts'
import type { Seed } from './random.ts'
import { makeXmp } from './xmp.ts'

/** How a maker says where the video is: Google's directory, Google's first format, Samsung's trailer. */
export type MotionPhotoManner = 'directory' | 'micro_video' | 'samsung'

/** A JPEG with a movie behind its end; of one second, and nothing in it, if none is given. */
export function makeMotionPhoto(seed: Seed, manner: MotionPhotoManner, movie: Uint8Array = makeMov({ seed, bytes: 2_000 })): { readonly file: Uint8Array; readonly videoBytes: number } {
  const video = Buffer.from(movie)
  if (manner === 'samsung') return { file: makeJpeg({ seed, make: 'samsung', trailer: samsungTrailer(video) }), videoBytes: video.length }
  const packet = manner === 'directory'
    ? makeXmp({
      attributes: { 'GCamera:MotionPhoto': '1', 'GCamera:MotionPhotoVersion': '1' },
      directory: [{ semantic: 'Primary', mime: 'image/jpeg' }, { semantic: 'MotionPhoto', mime: 'video/mp4', length: video.length }],
    })
    : makeXmp({ attributes: { 'GCamera:MicroVideo': '1', 'GCamera:MicroVideoVersion': '1', 'GCamera:MicroVideoOffset': String(video.length) } })
  return { file: makeJpeg({ seed, make: 'Google', segments: [xmpSegment(packet)], trailer: video }), videoBytes: video.length }
}

/** As ExifTool reads it (Image::ExifTool::Samsung): entries, each with its type and name, then a directory that counts back. */
function samsungTrailer(video: Buffer): Buffer {
  const name = Buffer.from('MotionPhoto_Data', 'latin1')
  const type = 0x0a30
  const entry = Buffer.concat([Buffer.alloc(8), name, video])
  entry.writeUInt16LE(type, 2)
  entry.writeUInt32LE(name.length, 4)
  const directory = Buffer.concat([Buffer.from('SEFH', 'latin1'), Buffer.alloc(20)])
  directory.writeUInt32LE(107, 4)
  directory.writeUInt32LE(1, 8)
  directory.writeUInt16LE(type, 14)
  directory.writeUInt32LE(entry.length, 16)
  directory.writeUInt32LE(entry.length, 20)
  const end = Buffer.from('\0\0\0\0SEFT', 'latin1')
  end.writeUInt32LE(directory.length, 0)
  return Buffer.concat([entry, directory, end])
}

/** Bytes behind an image that say they are a video and are none. */
export function makeFalseMotionPhoto(seed: Seed): Uint8Array {
  const trailer = randomBytesOf(seed, 500, 'no video')
  const packet = makeXmp({
    directory: [{ semantic: 'Primary', mime: 'image/jpeg' }, { semantic: 'MotionPhoto', mime: 'video/mp4', length: trailer.length }],
  })
  return makeJpeg({ seed, segments: [xmpSegment(packet)], trailer })
}
