import type { VideoDecoder } from '../decoder.ts'
import { corrupt } from '../video-facts.ts'
import { factsFrom } from './facts.ts'
import { firstFrame, framesOf } from './frames.ts'
import { writePreview } from './preview.ts'
import { inputOptions, output, start } from './program.ts'

/** The programs `ffmpeg` and `ffprobe`. Null where PATH has none. */
export async function ffmpegDecoder(): Promise<VideoDecoder | null> {
  for (const program of ['ffmpeg', 'ffprobe'] as const) {
    const running = await start(program, ['-version'])
    if (running === null || (await output(running)).code !== 0) return null
  }
  return {
    name: 'ffmpeg',
    async readFacts(path) {
      const running = await start('ffprobe', ['-show_format', '-show_streams', '-of', 'json', ...inputOptions(path)])
      if (running === null) return corrupt('ffprobe is not installed')
      const { code, stdout, stderr } = await output(running)
      return code === 0 ? factsFrom(stdout.toString('utf8')) : corrupt(stderr)
    },
    firstFrame,
    frames: framesOf,
    writePreview,
  }
}
