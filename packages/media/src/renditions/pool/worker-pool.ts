import type { Ended } from './ended.ts'
import { JobQueue } from './job-queue.ts'
import type { Priority } from './job-queue.ts'
import type { JobLimits } from './job-limits.ts'
import { WorkerProcess } from './worker-process.ts'
import type { JobOptions, WorkerSettings } from './worker-process.ts'

export type PoolSettings = WorkerSettings & {
  /** Processes at most. They are started when there is work for them. */
  readonly workers: number
  /** Jobs that may wait. */
  readonly queued: number
  /** An idle worker gives its memory back after so long. */
  readonly idleMilliseconds: number
}

type Job = {
  readonly name: string
  readonly argument: unknown
  readonly limits: JobLimits
  readonly options: JobOptions
  readonly answer: (ended: Ended<unknown>) => void
}

/** Processes that run jobs within limits. A job that breaks one ends its process and nothing else. */
export class WorkerPool {
  readonly #settings: PoolSettings
  readonly #queue: JobQueue<Job>
  /** The one that worked last comes last, and is taken first: the others grow idle enough to end. */
  readonly #idle: { readonly worker: WorkerProcess; readonly timer: NodeJS.Timeout }[] = []
  readonly #workers = new Set<WorkerProcess>()
  readonly #ending = new Set<Promise<void>>()
  #running = 0
  #closed = false

  constructor(settings: PoolSettings) {
    this.#settings = settings
    this.#queue = new JobQueue(settings.queued)
  }

  /** Never rejects. */
  run(name: string, argument: unknown, limits: JobLimits, priority: Priority, options: JobOptions = {}): Promise<Ended<unknown>> {
    const { promise, resolve } = Promise.withResolvers<Ended<unknown>>()
    if (this.#closed) return Promise.resolve({ how: 'not_run', message: 'the pool is closed' })
    const { signal } = options
    if (signal?.aborted === true) return Promise.resolve({ how: 'cancelled' })
    const cancel = (): void => {
      if (this.#queue.remove(job)) resolve({ how: 'cancelled' })
    }
    const job: Job = { name, argument, limits, options, answer: resolve }
    signal?.addEventListener('abort', cancel)
    this.#queue.add(job, priority)?.answer({ how: 'not_run', message: 'the queue is full' })
    this.#next()
    return promise.finally(() => signal?.removeEventListener('abort', cancel))
  }

  /** Ends every process; what was running or waiting was not run. Resolves when no process is left. */
  async close(): Promise<void> {
    this.#closed = true
    for (let job = this.#queue.take(); job !== undefined; job = this.#queue.take()) job.answer({ how: 'not_run', message: 'the pool was closed' })
    for (const { timer } of this.#idle.splice(0)) clearTimeout(timer)
    for (const worker of this.#workers) this.#end(worker)
    await Promise.all(this.#ending)
  }

  #next(): void {
    while (this.#running < this.#settings.workers) {
      const job = this.#queue.take()
      if (job === undefined) return
      this.#running += 1
      void this.#work(job)
    }
  }

  async #work(job: Job): Promise<void> {
    job.answer(await this.#ended(job))
    this.#running -= 1
    this.#next()
  }

  async #ended({ name, argument, limits, options }: Job): Promise<Ended<unknown>> {
    let worker: WorkerProcess
    try {
      worker = this.#takeWorker()
    } catch (error) {
      // No memory or no process left for a child: the system's trouble, not the job's.
      return { how: 'not_run', message: String(error) }
    }
    const ended = await worker.run(name, argument, limits, options)
    if (!worker.alive || this.#closed || this.#grew(worker)) this.#end(worker)
    else this.#rest(worker)
    return this.#closed && ended.how === 'killed' ? { how: 'not_run', message: 'the pool was closed' } : ended
  }

  #takeWorker(): WorkerProcess {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer)
      if (idle.worker.alive) return idle.worker
      this.#end(idle.worker)
    }
    const worker = new WorkerProcess(this.#settings)
    this.#workers.add(worker)
    return worker
  }

  #rest(worker: WorkerProcess): void {
    const timer = setTimeout(() => {
      this.#idle.splice(this.#idle.indexOf(idle), 1)
      this.#end(worker)
    }, this.#settings.idleMilliseconds)
    const idle = { worker, timer }
    this.#idle.push(idle)
  }

  /** WebAssembly gives no memory back: a worker that holds half of the limit would fail its next large file. */
  #grew(worker: WorkerProcess): boolean {
    return worker.residentBytes > this.#settings.memoryBytes / 2
  }

  #end(worker: WorkerProcess): void {
    this.#workers.delete(worker)
    const ending = worker.end().finally(() => this.#ending.delete(ending))
    this.#ending.add(ending)
  }
}
