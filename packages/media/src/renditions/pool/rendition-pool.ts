import { readdir, rm } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { join } from 'node:path'
import type { MediaDetails } from '@everroll/protocol'
import { defaultLimits } from '../job.ts'
import type { AdjustJob, RenderJob, RenderOutcome } from '../job.ts'
import type { QuickThumb } from '../quick-thumb.ts'
import type { Tool } from '../tools.ts'
import type { VideoPreviewJob, VideoPreviewOutcome } from '../videos/preview-outcome.ts'
import type { Ended } from './ended.ts'
import type { Priority } from './job-queue.ts'
import type { JobLimits } from './job-limits.ts'
import { WorkerPool } from './worker-pool.ts'
import type { JobOptions } from './worker-process.ts'

export { defaultLimits } from '../job.ts'

/** Nothing is known about the file: ask again later. `full`, `closed`: it was not tried. `system`: the message says what the system refused. */
export type Interrupted = { readonly outcome: 'interrupted'; readonly code: 'cancelled' | 'not_run' | 'system'; readonly message: string }

export type RenditionPoolSettings = {
  /** Processes for stills and posters. Videos have one more, so that they never hold up a photo. */
  readonly workers: number
  /** Resident memory of one worker and what it started. */
  readonly memoryBytes: number
  /** A preview that tells no progress for so long is given up, whatever its length. */
  readonly videoStallMilliseconds: number
  /** No preview takes longer. */
  readonly videoMilliseconds: number
  readonly queued: number
  readonly idleMilliseconds: number
  /** Address of the module with the jobs `render`, `adjust`, `quickThumb` and `videoPreview`. */
  readonly module: string
  /** Told about each job that took its worker down. */
  readonly log: (message: string) => void
}

/** 200 megapixels, the largest phone photo, are 0.8 GB of pixels, which some decoders hold twice. An idle worker takes 75 MB. */
const largestMemory = 2 * 1024 ** 3
const smallestMemory = 512 * 1024 ** 2

export const defaultPoolSettings: RenditionPoolSettings = {
  workers: Math.max(1, availableParallelism()),
  memoryBytes: Math.max(smallestMemory, Math.min(largestMemory, (process.constrainedMemory() || totalmem()) / 2, totalmem() / 2)),
  videoStallMilliseconds: 120_000,
  videoMilliseconds: 6 * 3_600_000,
  queued: 1000,
  idleMilliseconds: 30_000,
  module: new URL('jobs.ts', import.meta.url).href,
  log: () => undefined,
}

export type { VideoPreviewJob, VideoPreviewOutcome } from '../videos/preview-outcome.ts'

export type Wanted = JobOptions & { readonly priority?: Priority }

/**
 * Renditions made in worker processes. A hostile file can take its worker down and nothing else: its job is answered
 * `corrupt_media`, and the queue goes on. No method rejects.
 */
export class RenditionPool {
  readonly #stills: WorkerPool
  readonly #videos: WorkerPool
  readonly #settings: RenditionPoolSettings

  constructor(settings: Partial<RenditionPoolSettings> = {}) {
    this.#settings = { ...defaultPoolSettings, ...settings }
    // Videos are the least urgent work of the machine.
    this.#stills = new WorkerPool({ ...this.#settings, niceBy: 5 })
    this.#videos = new WorkerPool({ ...this.#settings, workers: 1, niceBy: 15 })
  }

  /** Whatever a worker left in `job.folder` unless the outcome names it is for the caller to remove. */
  async render(job: RenderJob, wanted: Wanted = {}): Promise<RenderOutcome | Interrupted> {
    return this.#still('render', job, wanted)
  }

  /** The same of a picture as a person adjusted it. */
  async adjust(job: AdjustJob, wanted: Wanted = {}): Promise<RenderOutcome | Interrupted> {
    return this.#still('adjust', job, wanted)
  }

  async #still(name: 'render' | 'adjust', job: RenderJob, { priority = 'backlog', ...options }: Wanted): Promise<RenderOutcome | Interrupted> {
    const ended = await this.#twice(this.#stills, name, job, { milliseconds: job.limits.milliseconds }, priority, options, () => emptied(job.folder))
    if (ended.how === 'value') return ended.value as RenderOutcome
    return interruption(ended) ?? { outcome: 'failed', code: 'corrupt_media', message: messageOf(ended), details: { problem: 'corrupt_media' }, renditions: [], lacking: [] }
  }

  /** Somebody waits for it. `none` also where it could not be tried or broke a limit: `render` finds out what is wrong. */
  async quickThumb(job: RenderJob, options: JobOptions = {}): Promise<QuickThumb> {
    const ended = await this.#stills.run('quickThumb', job, { milliseconds: job.limits.milliseconds }, 'waiting', options)
    return ended.how === 'value' ? (ended.value as QuickThumb) : { outcome: 'none' }
  }

  /** The details of a file of which nothing is drawn, in a millisecond. */
  async details(path: string, options: JobOptions = {}): Promise<MediaDetails | Interrupted> {
    const ended = await this.#twice(this.#stills, 'details', path, { milliseconds: defaultLimits.milliseconds }, 'backlog', options, () => Promise.resolve())
    if (ended.how === 'value') return ended.value as MediaDetails
    return interruption(ended) ?? { problem: 'corrupt_media' }
  }

  /** What this machine has beside what comes with the program; null where it could not be asked. */
  async tools(): Promise<readonly Tool[] | null> {
    const ended = await this.#stills.run('tools', null, { milliseconds: defaultLimits.milliseconds }, 'backlog')
    return ended.how === 'value' ? (ended.value as readonly Tool[]) : null
  }

  /** Leaves `job.file` whole, or not at all. */
  async videoPreview(job: VideoPreviewJob, { priority = 'backlog', ...options }: Wanted = {}): Promise<Exclude<VideoPreviewOutcome, { outcome: 'cancelled' }> | Interrupted> {
    const limits = { milliseconds: this.#settings.videoMilliseconds, stallMilliseconds: this.#settings.videoStallMilliseconds }
    const partRemoved = async (): Promise<void> => {
      for (const ending of ['part', 'video']) await rm(`${job.file}.${ending}`, { force: true })
    }
    const ended = await this.#twice(this.#videos, 'videoPreview', job, limits, priority, options, partRemoved)
    if (ended.how !== 'value') await partRemoved()
    const outcome = ended.how === 'value' ? (ended.value as VideoPreviewOutcome) : null
    if (outcome !== null && outcome.outcome !== 'cancelled') return outcome
    return interruption(outcome === null ? ended : { how: 'cancelled' }) ?? { outcome: 'failed', code: 'corrupt_media', message: messageOf(ended), lacking: [] }
  }

  /** Ends all workers and answers all jobs, `interrupted`. Resolves when no process is left. */
  async close(): Promise<void> {
    await Promise.all([this.#stills.close(), this.#videos.close()])
  }

  /** A worker that someone else ended says nothing about the file: it is tried once more before the file is blamed. */
  async #twice(pool: WorkerPool, name: string, job: unknown, limits: JobLimits, priority: Priority, options: JobOptions, cleaned: () => Promise<void>): Promise<Ended<unknown>> {
    const first = await pool.run(name, job, limits, priority, options)
    if (first.how !== 'value' && first.how !== 'cancelled') this.#settings.log(`${name}: ${messageOf(first)}`)
    if (first.how !== 'killed') return first
    await cleaned()
    return pool.run(name, job, limits, priority, options)
  }
}

function interruption(ended: Ended<unknown>): Interrupted | null {
  if (ended.how === 'cancelled') return { outcome: 'interrupted', code: 'cancelled', message: 'cancelled' }
  if (ended.how === 'not_run') return { outcome: 'interrupted', code: 'not_run', message: ended.message }
  if (ended.how === 'threw' && ended.system) return { outcome: 'interrupted', code: 'system', message: ended.message }
  return null
}

const messageOf = (ended: Ended<unknown>): string => ('message' in ended ? ended.message : ended.how)

async function emptied(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true })
}
