import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setImmediate } from 'node:timers/promises'

/** Direct children of this process that still exist; proc(5), `children`. */
export const ownChildren = (): number[] =>
  readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ').filter((pid) => pid !== '').map(Number)

/** Gone, or dead and not yet collected by whoever inherited it. */
export function isGone(pid: number): boolean {
  try {
    return /^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return true
  }
}

/** Waits for a condition of the world outside this process; the test's time limit ends what never comes. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate()
}

/** The numbers in a file that another process is going to write. */
export async function numbersIn(path: string): Promise<number[]> {
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '')
    if (text !== '') return text.split(' ').map(Number)
    await setImmediate()
  }
}
