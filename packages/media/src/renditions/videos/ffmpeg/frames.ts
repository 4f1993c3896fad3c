import type { FrameRequest } from '../decoder.ts'
import { searchFramesPerSecond, searchSeconds } from '../frames.ts'
import type { Frame } from '../frames.ts'
import { maximumPixels } from '../video-facts.ts'
import { inputOptions, start } from './program.ts'

export async function firstFrame(request: FrameRequest): Promise<Frame | null> {
  for await (const frame of framesThrough(request, request.filters, 1, ['-skip_frame', 'nokey'])) return frame
  return null
}

export const framesOf = (request: FrameRequest): AsyncGenerator<Frame> =>
  framesThrough(request, `fps=${searchFramesPerSecond},${request.filters}`, searchSeconds * searchFramesPerSecond, [])

async function* framesThrough({ path, facts, width, height }: FrameRequest, filters: string, count: number, options: readonly string[]): AsyncGenerator<Frame> {
  const running = await start('ffmpeg', [
    '-nostdin', '-threads', '1', '-noautorotate', '-max_pixels', String(maximumPixels), ...options,
    ...inputOptions(path),
    '-map', `0:${facts.video.index}`, '-vf', filters, '-frames:v', String(count), '-f', 'rawvideo', 'pipe:1',
  ])
  if (running === null) return
  const { child, ended } = running
  try {
    const size = width * height * 3
    let frame = Buffer.allocUnsafe(size)
    let filled = 0
    for await (const part of child.stdout as AsyncIterable<Buffer>) {
      for (let taken = 0; taken < part.length; ) {
        const length = part.copy(frame, filled, taken, taken + size - filled)
        filled += length
        taken += length
        if (filled < size) continue
        yield { data: frame, width, height }
        frame = Buffer.allocUnsafe(size)
        filled = 0
      }
    }
    const { code, stderr } = await ended
    if (code !== 0) throw new Error(stderr || 'ffmpeg broke off')
  } finally {
    child.kill('SIGKILL')
  }
}
