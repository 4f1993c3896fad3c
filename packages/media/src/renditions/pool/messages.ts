/** What pool and worker process say to each other. A worker has one job at a time, so no message needs a number. */
export type ToWorker = { readonly run: string; readonly argument: unknown } | { readonly cancel: true }

export type FromWorker =
  | { readonly ready: true }
  /** Work done so far, 0 to 1. */
  | { readonly progress: number }
  | { readonly value: unknown }
  | { readonly threw: Thrown }

export type Thrown = {
  readonly message: string
  /** The operating system refused something (disk full, file gone): no fault of the job's content. */
  readonly system: boolean
}

/** One kind of work, run in a worker process. Arguments and values travel as JSON. */
export type JobFunction = (argument: never, context: JobContext) => Promise<unknown>

export type JobContext = {
  /** Aborted when nobody waits for the job any longer; a job that goes on regardless is killed. */
  readonly signal: AbortSignal
  /** 0 to 1. Also tells the pool that the job is alive. */
  readonly onProgress: (fraction: number) => void
}

/** What the module of a pool exports as `jobs`. */
export type JobTable = Readonly<Record<string, JobFunction>>
