import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { getCompileCacheDir } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Ended } from './ended.ts'
import { hasGroups } from './group.ts'
import { watchLimits } from './job-limits.ts'
import type { JobLimits } from './job-limits.ts'
import type { FromWorker, ToWorker } from './messages.ts'
import { lowerPriority } from './priority.ts'
import { hasProc, residentBytes } from './process-tree.ts'

export type WorkerSettings = {
  /** Address of the module that exports `jobs`. */
  readonly module: string
  /** Above this a worker is ended; V8's heap gets the same bound. */
  readonly memoryBytes: number
  /** Added to this process's nice value, where the system allows it. */
  readonly niceBy: number
  /** Who can see the worker's memory: the pool (Linux), or only the worker itself. */
  readonly memorySeenBy?: 'pool' | 'worker'
}

export type JobOptions = { readonly signal?: AbortSignal | undefined; readonly onProgress?: ((fraction: number) => void) | undefined }

type Death = { readonly code: number | null; readonly signal: string | null; readonly error: string | null }

/** Signals that people, service managers and systems short of memory send. A crash has others. */
const sentByOthers: ReadonlySet<string | null> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'])
/** A cancelled job has so long to end in order; then its process is killed. */
const cancelMilliseconds = 600
/** It takes 0.1 s on an idle machine. */
const startMilliseconds = 60_000
const stderrCharacters = 2000
/** The server's environment holds secrets. A process that opens strangers' files gets what programs need in order to run. */
const passedOn = ['PATH', 'HOME', 'TMPDIR', 'TMP', 'TEMP', 'LANG', 'LC_ALL', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'SystemRoot']

/**
 * For the allocator of glibc (mallopt(3)); others do not look. By default each thread of libvips gets a heap of its own,
 * and a worker that has made a few photos holds 60 MB more. The thresholds keep what one photo needs for the next one:
 * fetching its pages anew from the system costs a tenth of the CPU.
 */
export const allocator: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: String(32 * 1024 ** 2), MALLOC_TRIM_THRESHOLD_: String(64 * 1024 ** 2) }

/** A worker process and the one job it has, if any. */
export class WorkerProcess {
  readonly #child: ChildProcess
  /** What the pool watches; infinite where the worker does. */
  readonly #memoryBytes: number
  /** The process is gone and the kernel has taken everything back. */
  readonly #death: Promise<Death>
  readonly #started: Promise<Ended<never> | null>
  #onMessage: (message: FromWorker) => void = () => undefined
  #died: Death | null = null
  /** One for all jobs: what each job tied to the promise of the death would be kept, with its outcome, for as long as the worker lives. */
  #onDeath: (death: Death) => void = () => undefined
  #stderr = ''
  #alive = true

  constructor(settings: WorkerSettings) {
    const seenByWorker = settings.memorySeenBy === 'worker' || !hasProc
    this.#memoryBytes = seenByWorker ? Infinity : settings.memoryBytes
    const words = [settings.module, ...(seenByWorker ? [String(settings.memoryBytes)] : [])]
    this.#child = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), words, {
      execArgv: [`--max-old-space-size=${Math.round(settings.memoryBytes / 1024 ** 2)}`],
      env: environment(),
      // A group of its own: a kill also ends what the worker started.
      detached: hasGroups,
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    lowerPriority(this.#child, settings.niceBy)
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr = (this.#stderr + text).slice(-stderrCharacters)))
    this.#child.on('message', (message: FromWorker) => this.#onMessage(message))
    this.#death = new Promise((resolve) => {
      this.#child.once('exit', () => this.#kill())
      this.#child.once('close', (code, signal) => resolve({ code, signal, error: null }))
      this.#child.once('error', ({ message }) => this.#child.pid === undefined && resolve({ code: null, signal: null, error: message }))
    })
    void this.#death.then((death) => {
      this.#alive = false
      this.#died = death
      this.#onDeath(death)
    })
    this.#started = this.#start()
  }

  /** Whether it can be given another job. */
  get alive(): boolean {
    return this.#alive && this.#child.connected
  }

  /** 0 where the system does not tell. */
  get residentBytes(): number {
    return this.#child.pid === undefined ? 0 : residentBytes(this.#child.pid)
  }

  /** One job at a time. Whatever ends it before its answer ends the process too. */
  async run(name: string, argument: unknown, limits: JobLimits, { signal, onProgress }: JobOptions): Promise<Ended<unknown>> {
    const notStarted = await this.#started
    if (notStarted !== null) return notStarted
    if (isAborted(signal)) return { how: 'cancelled' }
    const end = Promise.withResolvers<Ended<unknown>>()
    let cancelTimer: NodeJS.Timeout | undefined
    const cancel = (): void => {
      this.#tell({ cancel: true })
      cancelTimer = setTimeout(() => end.resolve({ how: 'cancelled' }), cancelMilliseconds)
    }
    this.#onDeath = (death) => end.resolve(this.#broughtDownBy(death))
    if (this.#died !== null) this.#onDeath(this.#died)
    using watch = watchLimits(this.#child.pid ?? 0, limits, this.#memoryBytes, (message) => end.resolve({ how: 'broke', message }))
    this.#onMessage = (message) => {
      if ('progress' in message) {
        watch.progressed()
        onProgress?.(message.progress)
      }
      if ('value' in message) end.resolve({ how: 'value', value: message.value })
      if ('threw' in message) end.resolve({ how: 'threw', ...message.threw })
    }
    signal?.addEventListener('abort', cancel)
    this.#tell({ run: name, argument })
    const ended = await end.promise
    signal?.removeEventListener('abort', cancel)
    clearTimeout(cancelTimer)
    this.#onMessage = () => undefined
    this.#onDeath = () => undefined
    if (ended.how !== 'value' && ended.how !== 'threw') await this.end()
    return isAborted(signal) ? { how: 'cancelled' } : ended
  }

  /** Kills it, and waits until it is gone. */
  async end(): Promise<void> {
    if (this.#alive) this.#kill()
    await this.#death
  }

  /** Null when it is ready for jobs. */
  async #start(): Promise<Ended<never> | null> {
    const ready = new Promise<'ready'>((resolve) => {
      this.#onMessage = (message) => 'ready' in message && resolve('ready')
    })
    const late = setTimeout(() => this.#kill(), startMilliseconds)
    const first = await Promise.race([ready, this.#death])
    clearTimeout(late)
    return first === 'ready' ? null : { how: 'not_run', message: `the worker process did not start: ${first.error ?? describe(first)}${this.#words()}` }
  }

  #broughtDownBy(death: Death): Ended<never> {
    const message = `the worker process ${describe(death)}${this.#words()}`
    return sentByOthers.has(death.signal) ? { how: 'killed', message } : { how: 'broke', message }
  }

  /** The line that says why it died, among the stack and heap figures that V8 prints. */
  #words(): string {
    const line = this.#stderr.split('\n').find((each) => /error/i.test(each))
    return line === undefined ? '' : `: ${line.slice(0, 200)}`
  }

  #tell(message: ToWorker): void {
    // A channel that breaks is followed by the death of the process, which answers the job.
    if (this.#child.connected) this.#child.send(message, () => undefined)
  }

  #kill(): void {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      process.kill(hasGroups ? -pid : pid, 'SIGKILL')
    } catch {
      // Nothing of it is left.
    }
  }
}

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

const describe = ({ code, signal }: Death): string => (signal === null ? `ended with code ${code}` : `was ended by ${signal}`)

function environment(): NodeJS.ProcessEnv {
  const kept = passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]))
  const cache = getCompileCacheDir()
  return { ...allocator, ...Object.fromEntries(kept), ...(cache !== undefined && { NODE_COMPILE_CACHE: cache }) }
}
