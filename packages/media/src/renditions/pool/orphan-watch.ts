import { workerData } from 'node:worker_threads'
import { endGroup } from './group.ts'

export type WatchData = {
  /** Process id of the pool. */
  readonly parent: number
  /** Resident memory that ends the process; null where the pool watches it. */
  readonly memoryBytes: number | null
}

const { parent, memoryBytes } = workerData as WatchData

/** An orphan is found within half a second; a look costs microseconds. */
setInterval(() => {
  if (process.ppid !== parent) endGroup()
  if (memoryBytes !== null && process.memoryUsage.rss() > memoryBytes) endGroup()
}, 500)
