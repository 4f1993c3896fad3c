import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { MediaDetails } from '@everroll/protocol'
import type { ExifTool } from 'exiftool-vendored'
import type { MediaFacts } from '../facts.ts'
import { cameraOf, exposureOf, marksIn, nonNegative, positive, rounded, textsOf } from '../sane-values.ts'
import { exiftoolView } from './view.ts'
import type { Tags } from './view.ts'

/**
 * Whether our own reader knows this kind of file too little: camera RAW, whose lens and size stand in makers' own tags, and
 * formats that it only recognises (BMP, PSD, JPEG 2000, Matroska, AVI, MPEG). Never what a phone makes.
 */
export function isOddity(facts: MediaFacts, details: MediaDetails): boolean {
  if (!facts.recognised || facts.kind === 'sidecar' || facts.kind === 'other') return false
  return facts.kind === 'raw' || (details.width === undefined && !ownFormats.has(facts.mediaType))
}

/** Without a size these are broken, and ExifTool would find no more. */
const ownFormats = new Set([
  'image/jpeg', 'image/heic', 'image/heic-sequence', 'image/heif', 'image/heif-sequence', 'image/avif', 'image/png', 'image/apng', 'image/gif', 'image/webp', 'image/jxl',
  'video/quicktime', 'video/mp4', 'video/x-m4v', 'video/3gpp', 'video/3gpp2',
])

/** A process of Perl holds 40 MB: it goes when nothing has been asked for this long. */
const defaultIdleMs = 30_000
/** ExifTool needs 40 ms; a file that takes this long does it harm. */
const taskTimeoutMs = 20_000
const readArgs = ['-G1', '-n', '-fast', '-use', 'MWG', '-api', 'LargeFileSupport=1']

/**
 * ExifTool (exiftool-vendored) for oddities: one process, started at the first file and ended when idle. Where Perl is not
 * installed, or it fails, a file has what our own reader found.
 */
export class OddityReader {
  readonly #idleMs: number
  readonly #program: string | undefined
  #exiftool: Promise<ExifTool | null> | null = null
  #timer: NodeJS.Timeout | null = null
  #reading = 0

  /** `program` is ExifTool's path. Absent: the one that the package brings, which needs Perl. */
  constructor({ idleMs = defaultIdleMs, program }: { readonly idleMs?: number; readonly program?: string } = {}) {
    this.#idleMs = idleMs
    this.#program = program
  }

  /** Whether a process may be running. */
  get isAwake(): boolean {
    return this.#exiftool !== null
  }

  /** Whether ExifTool runs here; starts it. */
  async isPresent(): Promise<boolean> {
    return (await (this.#exiftool ??= start(this.#program))) !== null
  }

  /** What ExifTool reads; empty without it. Never throws. */
  async read(path: string): Promise<MediaDetails> {
    this.#stopTimer()
    this.#reading += 1
    try {
      const exiftool = await (this.#exiftool ??= start(this.#program))
      if (exiftool === null) return {}
      return detailsOf(Object.fromEntries(Object.entries(await exiftool.readRaw(path, { readArgs }))))
    } catch {
      return {} // the process died or took too long: its next file gets a new one
    } finally {
      this.#reading -= 1
      if (this.#reading === 0) this.#timer = setTimeout(() => void this.close(), this.#idleMs).unref()
    }
  }

  /** Ends the process; the next read starts another. */
  async close(): Promise<void> {
    this.#stopTimer()
    const exiftool = this.#exiftool
    this.#exiftool = null
    await (await exiftool)?.end()
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}

/** Null where it cannot run. Loaded only now: the library and its tables of tags take 20 MB. */
async function start(program: string | undefined): Promise<ExifTool | null> {
  try {
    const { ExifTool, exiftoolPath: ownProgram } = await import('exiftool-vendored')
    const exiftoolPath = program ?? (await ownProgram())
    // Tried first: the library goes on starting a program that is not there, and its errors reach nobody who could catch them.
    await promisify(execFile)(exiftoolPath, ['-ver'], { timeout: taskTimeoutMs })
    return new ExifTool({ maxProcs: 1, taskTimeoutMillis: taskTimeoutMs, taskRetries: 0, exiftoolPath })
  } catch {
    return null
  }
}

/** Our own reading first, ExifTool's where it says nothing. */
export const completed = (own: MediaDetails, odd: MediaDetails): MediaDetails => ({
  ...odd,
  ...own,
  ...(own.camera === undefined && odd.camera === undefined ? {} : { camera: { ...odd.camera, ...own.camera } }),
  ...(own.exposure === undefined && odd.exposure === undefined ? {} : { exposure: { ...odd.exposure, ...own.exposure } }),
})

function detailsOf(tags: Tags): MediaDetails {
  const view = exiftoolView(tags)
  const keywords = textsOf(view.keywords ?? [], 1_000, 200)
  const values = {
    width: view.width === null ? null : rounded(view.width),
    height: view.height === null ? null : rounded(view.height),
    durationMs: nonNegative(view.durationMs),
    frameRate: positive(view.frameRate),
    camera: cameraOf(view),
    exposure: exposureOf(view),
    caption: textsOf([view.caption ?? ''], 10_000, 1)[0] ?? null,
    keywords: keywords.length === 0 ? null : keywords,
    marks: view.marks.length === 0 ? null : marksIn(view.marks),
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}
