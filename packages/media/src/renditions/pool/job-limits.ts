import { processorMilliseconds, residentBytes } from './process-tree.ts'

export type JobLimits = {
  /** Of work from the moment a worker has the job, and on the clock where the system does not tell what a process works. */
  readonly milliseconds: number
  /** Of a job that tells its progress: how long nothing may be told. */
  readonly stallMilliseconds?: number
}

/**
 * A worker yields to everything else, and on a busy machine it waits longer than it works: that says nothing about its
 * file. One that neither works nor ends is given up after so many times the limit.
 */
const patience = 4

/** Memory grows by some 5 GB/s at most, so the limit is overrun by 250 MB at worst. A look costs some 30 µs. */
const lookMilliseconds = 50

/**
 * Watches a job in process `pid` until disposed; `onBreach` is told once which limit it broke. `memoryBytes` bounds the
 * resident memory of the process and of the programs that it started.
 */
export function watchLimits(
  pid: number,
  { milliseconds, stallMilliseconds }: JobLimits,
  memoryBytes: number,
  onBreach: (message: string) => void,
): Disposable & { progressed(): void } {
  const began = { clock: performance.now(), worked: processorMilliseconds(pid) }
  let time = setTimeout(timeIsUp, milliseconds)
  const stall = stallMilliseconds === undefined ? undefined : setTimeout(() => breach(`made no progress for ${seconds(stallMilliseconds)}`), stallMilliseconds)
  const memory = setInterval(() => {
    const resident = residentBytes(pid)
    if (resident > memoryBytes) breach(`took ${megabytes(resident)} of memory, more than ${megabytes(memoryBytes)}`)
  }, lookMilliseconds)

  function timeIsUp(): void {
    const unworked = milliseconds - (processorMilliseconds(pid) - began.worked)
    const left = Math.min(unworked, milliseconds * patience - (performance.now() - began.clock))
    // Also where the system does not tell: no comparison with NaN is true.
    if (left > 0) time = setTimeout(timeIsUp, Math.max(left, lookMilliseconds))
    else breach(`took longer than ${seconds(milliseconds)}`)
  }
  function end(): void {
    clearTimeout(time)
    clearTimeout(stall)
    clearInterval(memory)
  }
  function breach(message: string): void {
    end()
    onBreach(message)
  }
  return { progressed: () => void stall?.refresh(), [Symbol.dispose]: end }
}

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`
const megabytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MB`
