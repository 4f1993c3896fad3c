import type { MediaDetails } from '@everroll/protocol'
import type { AdjustJob, RenderJob, RenderOutcome } from '../job.ts'
import type { QuickThumb } from '../quick-thumb.ts'
import type { VideoPreviewJob, VideoPreviewOutcome } from '../videos/preview-outcome.ts'
import type { Tool } from '../tools.ts'
import { load } from './load.ts'
import type { JobContext } from './messages.ts'

/** What the worker processes of a RenditionPool do. Loaded when first asked for: a worker of stills needs no video encoder. */
export const jobs = {
  async render(job: RenderJob): Promise<RenderOutcome> {
    const { render } = await load(import('../render.ts'))
    return render(job)
  },

  async adjust(job: AdjustJob): Promise<RenderOutcome> {
    const { renderAdjusted } = await load(import('../adjusted.ts'))
    return renderAdjusted(job)
  },

  async quickThumb(job: RenderJob): Promise<QuickThumb> {
    const { quickThumb } = await load(import('../quick-thumb.ts'))
    return quickThumb(job)
  },

  async details(path: string): Promise<MediaDetails> {
    const { readDetails } = await load(import('../../index.ts'))
    return readDetails(path)
  },

  async tools(): Promise<readonly Tool[]> {
    const { presentTools } = await load(import('../tools.ts'))
    return presentTools()
  },

  async videoPreview(job: VideoPreviewJob, { signal, onProgress }: JobContext): Promise<VideoPreviewOutcome> {
    const { makeVideoPreview } = await load(import('../videos/preview.ts'))
    return makeVideoPreview({ ...job, signal, onProgress })
  },
}
