import { writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RenderJob, RenderOutcome } from '../../job.ts'
import { load } from '../load.ts'
import type { VideoPreviewJob, VideoPreviewOutcome } from '../../videos/preview-outcome.ts'

/** Renditions that go wrong in the way that the name of the original says. */
export const jobs = {
  async render({ path, folder }: RenderJob): Promise<RenderOutcome> {
    await writeFile(join(folder, 'half'), 'half a thumb', { flag: 'wx' })
    await misbehave(path)
    return { outcome: 'made', details: {}, renditions: [], decoder: 'none', lacking: [] }
  },

  async videoPreview({ path, file }: VideoPreviewJob): Promise<VideoPreviewOutcome> {
    await writeFile(`${file}.part`, 'half a preview', { flag: 'wx' })
    await misbehave(path)
    return { outcome: 'cancelled' }
  },
}

async function misbehave(path: string): Promise<void> {
  if (path.endsWith('crashes')) process.abort()
  if (path.endsWith('killed') || (path.endsWith('killed once') && !existsSync(`${path}.before`))) {
    await writeFile(`${path}.before`, '')
    process.kill(process.pid, 'SIGKILL')
    await new Promise(() => undefined)
  }
  if (path.endsWith('full disk')) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' })
  // As after an installation that was cut off: the module is named by a variable, so that no check finds it missing.
  const absent = './absent.ts'
  if (path.endsWith('not installed')) await load(import(absent))
  if (path.endsWith('waits')) await new Promise(() => undefined)
}
