import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultPoolSettings, RenditionPool } from '../src/renditions/pool/rendition-pool.ts'
import { caseOf } from './case.ts'
import type { Case, CaseOptions } from './case.ts'
import { growthBytes, memoryOverrunBytes, videoMilliseconds, videoStallMilliseconds, warmFiles } from './examine/limits.ts'
import { ChildWatch, openFiles, ownChildren } from './examine/processes.ts'
import { examineReaders } from './examine/readers.ts'
import type { Reading } from './examine/readers.ts'
import { examineQuickThumb, examineRender, examineVideoPreview } from './examine/renditions.ts'
import { heldBytes } from './examine/held-memory.ts'
import { Watchdog } from './examine/watchdog.ts'
import { Tally } from './tally.ts'

export type RunOptions = CaseOptions & {
  readonly from: number
  readonly files: number
  readonly workers: number
  /** One of so many files has renditions made. */
  readonly renderEach: number
  /** One of so many videos has a preview made, which costs the most; 0 for none. */
  readonly previewEach: number
  /** Told after each file. */
  readonly onFile?: (tally: Tally) => void
}

export type Run = {
  readonly tally: Tally
  /** What this process holds more at the end than when all its code was loaded; 0 in a short run. */
  readonly grownBytes: number
  readonly workersStarted: number
  readonly workerPeakBytes: number
  readonly memoryLimitBytes: number
}

/** Everything that a server does with a new original, done to one hostile file after another in one process with its pool. */
export async function fuzz(options: RunOptions): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'everroll-fuzz-'))
  const temporary = process.env['TMPDIR']
  // Workers and the programs that they start leave their temporary files where they can be counted.
  const strays = await mkdtemp(join(folder, 'strays-'))
  process.env['TMPDIR'] = strays
  const before = { files: openFiles(), listeners: listeners(), children: ownChildren().length }
  const tally = new Tally()
  const { memoryBytes } = defaultPoolSettings
  const pool = new RenditionPool({ workers: options.workers, videoStallMilliseconds, videoMilliseconds, log: (line) => tally.logged(line) })
  let grownBytes = 0
  const watch = new ChildWatch()
  try {
    await using watchdog = new Watchdog()
    grownBytes = await examineAll(options, { pool, tally, folder, watchdog })
  } finally {
    watch[Symbol.dispose]()
    await pool.close()
    if (temporary === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = temporary
  }
  const whole = { seed: options.from, from: 'the whole run', mutations: ['none'], extension: '', bytes: Buffer.alloc(0) } as const
  const { peakBytes: workerPeakBytes, started: workersStarted } = watch
  const orphans = watch.leftInGroups()
  if (orphans.length > 0) tally.found(whole, [`${orphans.length} processes that workers started are still there`])
  const left = await readdir(strays)
  if (left.length > 0) tally.found(whole, [`temporary files were left: ${left.slice(0, 5).join(', ')}`])
  const after = { files: openFiles(), listeners: listeners(), children: ownChildren().length }
  // The first child costs the process a descriptor for good.
  if (after.files > before.files + 1) tally.found(whole, [`${before.files} files were open before, ${after.files} after`])
  for (const key of ['listeners', 'children'] as const) if (after[key] > before[key]) tally.found(whole, [`${key}: ${before[key]} before, ${after[key]} after`])
  if (grownBytes > growthBytes) tally.found(whole, [`this process grew by ${Math.round(grownBytes / 1024 ** 2)} MB`])
  if (workerPeakBytes > memoryBytes + memoryOverrunBytes) tally.found(whole, [`a worker held ${Math.round(workerPeakBytes / 1024 ** 2)} MB`])
  await rm(folder, { recursive: true })
  return { tally, grownBytes, workersStarted, workerPeakBytes, memoryLimitBytes: memoryBytes }
}

const listeners = (): number => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)

type Tools = { readonly pool: RenditionPool; readonly tally: Tally; readonly folder: string; readonly watchdog: Watchdog }

/** One file's headers are read while the workers have those before it. Answers by how many bytes this process has grown. */
async function examineAll(options: RunOptions, tools: Tools): Promise<number> {
  let heldWarm = 0
  const running = new Set<Promise<void>>()
  for (let seed = options.from; seed < options.from + options.files; seed += 1) {
    while (running.size >= options.workers) await Promise.race(running)
    tools.watchdog.at(seed)
    const hostile = caseOf(seed, options)
    const path = join(tools.folder, `${seed}${hostile.extension}`)
    await writeFile(path, hostile.bytes)
    const reading = await examineReaders(path)
    tools.tally.read(hostile, reading)
    tools.tally.found(hostile, reading.findings)
    if (tools.tally.files === warmFiles) heldWarm = heldBytes()
    options.onFile?.(tools.tally)
    const work = examineInWorkers(options, tools, hostile, path, reading).then(() => rm(path)).finally(() => running.delete(work))
    running.add(work)
  }
  await Promise.all(running)
  return heldWarm === 0 ? 0 : heldBytes() - heldWarm
}

async function examineInWorkers({ renderEach, previewEach }: RunOptions, { pool, tally, folder }: Tools, hostile: Case, path: string, { facts }: Reading): Promise<void> {
  if (hostile.seed % renderEach !== 0) return
  const rendering = await examineRender(pool, path, folder)
  tally.rendered(hostile, rendering)
  tally.found(hostile, rendering.findings)
  if (facts?.recognised === true && facts.mediaType.startsWith('image/hei')) tally.found(hostile, await examineQuickThumb(pool, path, folder))
  if (facts?.recognised === true && facts.kind === 'video' && previewEach > 0 && hostile.seed % previewEach === 0) {
    const preview = await examineVideoPreview(pool, path, folder)
    tally.previewed(hostile, preview)
    tally.found(hostile, preview.findings)
  }
}
