import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { CannotWrite, audioBitsPerSecond, audioFilters, x264Preset, x264Quality } from '../decoder.ts'
import type { PreviewRequest, Written } from '../decoder.ts'
import { corrupt, maximumPixels } from '../video-facts.ts'
import { clearMatrices } from './matrices.ts'
import { inputOptions, start } from './program.ts'

export async function writePreview(request: PreviewRequest): Promise<Written> {
  const { path, file, facts, plan, signal, onProgress } = request
  const running = await start('ffmpeg', [
    '-nostdin', '-y', '-noautorotate', '-max_pixels', String(maximumPixels),
    ...inputOptions(path),
    ...(plan.how === 'copied' ? ['-map', `0:${facts.video.index}`, '-c', 'copy'] : encoding(request)),
    ...(facts.audio === null ? [] : ['-map', `0:${facts.audio.index}`]),
    '-map_metadata', '-1', '-map_chapters', '-1', '-movflags', '+faststart', '-progress', 'pipe:1', '-f', 'mp4', `file:${file}`,
  ])
  if (running === null) return corrupt('ffmpeg is not installed')
  const { child, ended } = running
  const cancel = (): void => void child.kill('SIGKILL')
  signal.addEventListener('abort', cancel)
  if (signal.aborted) cancel()
  let frames = 0
  try {
    // ffmpeg, "-progress": lines of key=value.
    if (child.stdout !== null) {
      for await (const line of createInterface(child.stdout)) {
        const [key, value] = line.split('=')
        if (key === 'frame') frames = Number(value)
        if (key === 'out_time_us' && facts.durationMs !== null && Number(value) >= 0) onProgress(Math.min(1, Number(value) / 1000 / facts.durationMs))
      }
    }
    const { code, stderr } = await ended
    if (signal.aborted) return 'cancelled'
    if (/No space left on device|Disk quota exceeded|Read-only file system|Permission denied/.test(stderr)) throw new CannotWrite(stderr)
    if (code !== 0 || frames === 0) return corrupt(stderr || 'no frame of the video can be decoded')
    if (plan.how === 'encoded') await clearMatrices(file)
    return 'made'
  } finally {
    signal.removeEventListener('abort', cancel)
    cancel()
  }
}

const encoding = ({ facts, plan, filters }: PreviewRequest): string[] => [
  '-map', `0:${facts.video.index}`, '-vf', filters,
  '-c:v', 'libx264', '-preset', x264Preset, '-crf', String(x264Quality), '-profile:v', 'high', '-threads:v', String(availableParallelism()),
  '-g', String(plan.keyFrameInterval), '-maxrate', String(plan.maxBitsPerSecond), '-bufsize', String(plan.maxBitsPerSecond * 2),
  '-c:a', 'aac', '-b:a', String(audioBitsPerSecond), '-af', audioFilters,
]
