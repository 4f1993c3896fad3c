import { readdirSync, readFileSync } from 'node:fs'
import { hasProc } from '../../src/renditions/pool/process-tree.ts'

/** proc(5): `children` lists what the main thread started, `VmHWM` is the most memory that a process ever held. */
const childrenFile = `/proc/${process.pid}/task/${process.pid}/children`
const lookMilliseconds = 100

/** Children of this process that still exist; none where the system does not tell. */
export const ownChildren = (): string[] => (hasProc ? readFileSync(childrenFile, 'latin1').split(' ').filter((pid) => pid !== '') : [])

export const openFiles = (): number => (hasProc ? readdirSync('/proc/self/fd').length : 0)

/** Looks at the processes that this one starts until it is disposed. */
export class ChildWatch implements Disposable {
  /** Each with the most memory it held, in bytes. */
  readonly #peaks = new Map<string, number>()
  readonly #timer = setInterval(() => this.#look(), lookMilliseconds)

  /** Processes that those started and that are still there, also without their parent: a worker leads a group of its own. */
  leftInGroups(): string[] {
    return hasProc ? readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && this.#peaks.has(groupOf(pid))) : []
  }

  get started(): number {
    return this.#peaks.size
  }

  get peakBytes(): number {
    return Math.max(0, ...this.#peaks.values())
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    for (const pid of ownChildren()) this.#peaks.set(pid, Math.max(this.#peaks.get(pid) ?? 0, peakOf(pid)))
  }
}

function peakOf(pid: string): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024
  } catch {
    // It ended between two looks.
    return 0
  }
}

/** proc(5), `stat`: behind the name in brackets state, parent, group. Empty for a process that is gone, or dead and not yet collected. */
function groupOf(pid: string): string {
  try {
    const [state, , group = ''] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? []
    return state === 'Z' ? '' : group
  } catch {
    return ''
  }
}
