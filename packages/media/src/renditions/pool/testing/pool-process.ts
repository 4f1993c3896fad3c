import { WorkerPool } from '../worker-pool.ts'

/** A process with a pool, for tests that kill it. Arguments: the job that its worker is to have, the file that the job writes. */
const [, , job = '', path = ''] = process.argv
const pool = new WorkerPool({
  module: new URL('jobs.ts', import.meta.url).href,
  workers: 1,
  queued: 1,
  idleMilliseconds: 1000,
  niceBy: 0,
  memoryBytes: 2 ** 30,
})
await pool.run(job, path, { milliseconds: 600_000 }, 'waiting')
