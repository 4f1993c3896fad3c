import { Worker } from 'node:worker_threads'
import { endGroup } from './group.ts'
import { NotLoaded } from './load.ts'
import type { FromWorker, JobContext, JobTable, ToWorker } from './messages.ts'
import type { WatchData } from './orphan-watch.ts'

/** The program of a worker process. Arguments: the address of the module with the jobs; the memory limit in bytes, where the pool cannot see it itself. */
const [, , moduleAddress = '', memoryLimit = ''] = process.argv

process.once('disconnect', () => endGroup())

// A job that computes without a pause never hears that the pool is gone; a thread of its own does.
const watchData: WatchData = { parent: process.ppid, memoryBytes: memoryLimit === '' ? null : Number(memoryLimit) }
new Worker(new URL('orphan-watch.ts', import.meta.url), { workerData: watchData, resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 } }).unref()

const { jobs } = (await import(moduleAddress)) as { readonly jobs: Readonly<Record<string, (argument: unknown, context: JobContext) => Promise<unknown>>> } satisfies { readonly jobs: JobTable }

let running: AbortController | null = null

process.on('message', (message: ToWorker) => {
  if ('cancel' in message) running?.abort()
  else void run(message.run, message.argument).then(tell)
})
tell({ ready: true })

async function run(name: string, argument: unknown): Promise<FromWorker> {
  running = new AbortController()
  try {
    const job = jobs[name]
    if (job === undefined) throw new Error(`no job is called ${name}`)
    return { value: await job(argument, { signal: running.signal, onProgress: (progress) => tell({ progress }) }) }
  } catch (error) {
    return { threw: { message: error instanceof Error ? error.message : String(error), system: error instanceof NotLoaded || isSystemError(error) } }
  } finally {
    running = null
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'code' in error
}

function tell(message: FromWorker): void {
  // Without a channel there is no pool; `disconnect` ends this process.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
}
