import { writeSync } from 'node:fs'
import { isMainThread, Worker, workerData } from 'node:worker_threads'

const lookMilliseconds = 1000
const blockedMilliseconds = 60_000

/** Ends this process, and says at which file, when its only thread has been busy for a minute: such a file would stop a server. */
export class Watchdog implements AsyncDisposable {
  readonly #shared = new Int32Array(new SharedArrayBuffer(8))
  readonly #timer = setInterval(() => Atomics.add(this.#shared, 0, 1), lookMilliseconds)
  readonly #thread = new Worker(new URL(import.meta.url), { workerData: this.#shared })

  constructor() {
    this.#thread.unref()
    this.#timer.unref()
  }

  at(seed: number): void {
    Atomics.store(this.#shared, 1, seed)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#thread.terminate()
  }
}

if (!isMainThread && workerData instanceof Int32Array) {
  const shared = workerData
  let beat = -1
  let since = Date.now()
  setInterval(() => {
    const now = Atomics.load(shared, 0)
    if (now !== beat) {
      beat = now
      since = Date.now()
    } else if (Date.now() - since > blockedMilliseconds) {
      writeSync(2, `seed ${Atomics.load(shared, 1)}: the process was blocked for ${blockedMilliseconds / 1000} s\n`)
      process.kill(process.pid, 'SIGKILL')
    }
  }, lookMilliseconds)
}
