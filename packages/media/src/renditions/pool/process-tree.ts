import { existsSync, readFileSync } from 'node:fs'

/** Linux tells a process's memory through /proc; elsewhere the worker watches itself (orphan-watch.ts). */
export const hasProc = existsSync('/proc/self/status')

/**
 * Resident bytes of a process and its direct children; 0 when it is gone. proc(5): `status` has VmRSS in kB, whatever the
 * size of a page is; `children` lists what the main thread started.
 */
export const residentBytes = (pid: number): number => withChildren(pid).reduce((sum, each) => sum + kilobytes(proc(`/proc/${each}/status`)) * 1024, 0)

/**
 * What they have worked so far, of all threads and with children that ended; NaN where the system does not tell. proc(5),
 * `stat`: fields 14 to 17, in hundredths of a second, behind the name in parentheses.
 */
export function processorMilliseconds(pid: number): number {
  if (!hasProc) return Number.NaN
  return withChildren(pid).reduce((sum, each) => sum + ticks(proc(`/proc/${each}/stat`)) * 10, 0)
}

const withChildren = (pid: number): readonly string[] => [String(pid), ...proc(`/proc/${pid}/task/${pid}/children`).split(' ').filter((child) => child !== '')]

const ticks = (stat: string): number =>
  stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .reduce((sum, field) => sum + Number(field), 0)

const kilobytes = (status: string): number => Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)

function proc(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // It ended between two looks, or the kernel was built without the list of children.
    return ''
  }
}
