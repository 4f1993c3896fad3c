import { readFileSync, writeFileSync } from 'node:fs'
import type { ChildProcess } from 'node:child_process'
import { getPriority, setPriority } from 'node:os'

const lowest = 19
/** The kernel refuses a second change of a group within 0.1 s to all but its administrator. */
const againMilliseconds = 150
const attempts = 20

/**
 * Gives a child in a session of its own a higher nice value than this process has, as far as the system allows it; the
 * work is the same without.
 */
export function lowerPriority(child: ChildProcess, by: number): void {
  const { pid } = child
  if (pid === undefined) return
  try {
    // Before its threads exist: on Linux a nice value belongs to a thread and is inherited.
    setPriority(pid, Math.min(lowest, getPriority() + by))
  } catch {
    // Not allowed, or it is gone.
  }
  lowerGroup(child, pid, by, attempts)
}

/**
 * On Linux a session is scheduled as a group: the nice values of its threads weigh them against each other alone, and a
 * worker of the server takes as much as the server does. The group has a nice value of its own (sched(7), "The autogroup feature").
 */
function lowerGroup(child: ChildProcess, pid: number, by: number, left: number): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(Math.min(lowest, groupNice('self') + by)))
  } catch (error) {
    const isRefused = error instanceof Error && 'code' in error && error.code === 'EAGAIN'
    // Elsewhere there is no such file.
    if (isRefused && left > 0) setTimeout(() => child.exitCode === null && child.signalCode === null && lowerGroup(child, pid, by, left - 1), againMilliseconds).unref()
  }
}

/**
 * The nice value of the group that a process is scheduled in; proc(5), `autogroup`. The file is empty for what no session
 * was ever made for (init and what it started itself): these are weighed as with 0.
 */
export const groupNice = (pid: number | 'self'): number => Number(/nice (-?\d+)/.exec(readFileSync(`/proc/${pid}/autogroup`, 'latin1'))?.[1] ?? 0)
