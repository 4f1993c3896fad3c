import { existsSync, readFileSync } from 'node:fs'

/** Linux tells a process's memory through /proc; elsewhere the worker watches itself (orphan-watch.ts). */
export const hasProc = existsSync('/proc/self/status')

/**
 * Resident bytes of a process and its direct children; 0 when it is gone. proc(5): `status` has VmRSS in kB, whatever the
 * size of a page is; `children` lists what the main thread started.
 */
export function residentBytes(pid: number): number {
  const children = proc(`/proc/${pid}/task/${pid}/children`).split(' ').filter((child) => child !== '')
  return [String(pid), ...children].reduce((sum, each) => sum + kilobytes(proc(`/proc/${each}/status`)) * 1024, 0)
}

const kilobytes = (status: string): number => Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0)

function proc(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    // It ended between two looks, or the kernel was built without the list of children.
    return ''
  }
}
