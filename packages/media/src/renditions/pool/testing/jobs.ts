import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { getPriority } from 'node:os'
import type { JobContext } from '../messages.ts'

/** Jobs as hostile files make them, for the tests of the pool. */
export const jobs = {
  add: ([one, two]: readonly [number, number]): Promise<number> => Promise.resolve(one + two),

  about: (): Promise<object> => Promise.resolve({ pid: process.pid, nice: getPriority(), environment: Object.keys(process.env), flags: process.execArgv }),

  throws: (): Promise<never> => Promise.reject(new Error('this file is odd')),

  /** The folder is missing: what the system refuses. */
  writes: (path: string): Promise<void> => writeFile(path, 'x'),

  spins(): Promise<never> {
    for (;;) Math.random()
  },

  /** Native memory, in pages that are really used. */
  async allocates(bytes: number): Promise<never> {
    const held: Buffer[] = []
    for (let total = 0; total < bytes; total += 2 ** 25) {
      held.push(Buffer.alloc(2 ** 25, 1))
      await new Promise(setImmediate)
    }
    throw new Error(`${held.length} buffers were allowed`)
  },

  allocatesAndWaits(bytes: number): Promise<never> {
    kept.push(Buffer.alloc(bytes, 1))
    return new Promise(() => undefined)
  },

  growsHeap(): Promise<never> {
    const held: object[] = []
    for (;;) held.push({ more: [held.length] })
  },

  /** What WebAssembly leaves: memory that stays with the process. */
  keeps(bytes: number): Promise<number> {
    kept.push(Buffer.alloc(bytes, 1))
    return Promise.resolve(process.pid)
  },

  aborts: (): Promise<never> => process.abort(),

  exits: (): Promise<never> => process.exit(0),

  throwsLater: (): Promise<never> => new Promise(() => setImmediate(() => { throw new Error('nobody catches this') })),

  killedBy: (signal: NodeJS.Signals): Promise<never> => {
    process.kill(process.pid, signal)
    return new Promise(() => undefined)
  },

  /** A program that takes memory on the worker's account. */
  async startsGreedyProgram(bytes: number): Promise<never> {
    const child = spawn(process.execPath, ['-e', `const held = Buffer.alloc(${bytes}, 1); setInterval(() => held.length, 1000)`])
    await once(child, 'exit')
    throw new Error('the program ended')
  },

  /** Tells its process id and that of a program it started, then never ends. */
  async waits(path: string, { signal }: JobContext): Promise<'cancelled in order'> {
    // Before anybody can know that it runs, and cancel it.
    const cancelled = once(signal, 'abort')
    const program = spawn('sleep', ['3600'])
    await once(program, 'spawn')
    await writeFile(path, `${process.pid} ${program.pid}`)
    await cancelled
    program.kill()
    return 'cancelled in order'
  },

  /** Deaf to everything, and so is the program it waits for. */
  async deaf(path: string): Promise<void> {
    await writeFile(path, String(process.pid))
    execFileSync('sleep', ['3600'])
  },

  progresses({ steps, milliseconds }: { steps: number; milliseconds: number }, { onProgress }: JobContext): Promise<string> {
    return new Promise((resolve) => {
      let step = 0
      const timer = setInterval(() => {
        step += 1
        onProgress(step / steps)
        if (step < steps) return
        clearInterval(timer)
        resolve('done')
      }, milliseconds)
    })
  },
}

const kept: Buffer[] = []
