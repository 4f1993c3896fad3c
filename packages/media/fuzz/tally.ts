import type { Case } from './case.ts'
import { causeOf, isThrown } from './examine/deaths.ts'
import type { Reading } from './examine/readers.ts'
import type { Rendering } from './examine/renditions.ts'

export type Finding = { readonly seed: number; readonly from: string; readonly mutations: readonly string[]; readonly what: string }

type Slowest = { readonly seed: number; readonly milliseconds: number }

/** Renditions as they ended; a `broke` took its worker down, and is also one of the `corrupt`. */
export type Outcomes = { made: number; corrupt: number; unsupported: number; interrupted: number; broke: number }

const none = (): Outcomes => ({ made: 0, corrupt: 0, unsupported: 0, interrupted: 0, broke: 0 })
const outcomeNames = { made: 'made', corrupt_media: 'corrupt', unsupported_media: 'unsupported', interrupted: 'interrupted' } as const

/** What a run has seen so far. */
export class Tally {
  files = 0
  recognised = 0
  readonly kinds = new Map<string, number>()
  readonly stills = none()
  readonly videoPreviews = none()
  readonly byMutation = new Map<string, Outcomes>()
  /** Jobs that ended without an outcome of their own: how often, and the first seeds where that is known. */
  readonly causes = new Map<string, number>()
  readonly deaths: { readonly seed: number; readonly cause: string }[] = []
  readonly findings: Finding[] = []
  readonly #logged = new Set<string>()
  readerCpuMilliseconds = 0
  readerMemoryBytes = 0
  slowestReader: Slowest = { seed: 0, milliseconds: 0 }
  slowestRendering: Slowest = { seed: 0, milliseconds: 0 }

  read({ seed }: Case, { facts, cpuMilliseconds, memoryBytes }: Reading): void {
    this.files += 1
    if (facts?.recognised === true) this.recognised += 1
    const type = facts?.recognised === true ? facts.mediaType : 'not recognised'
    this.kinds.set(type, (this.kinds.get(type) ?? 0) + 1)
    this.readerCpuMilliseconds += cpuMilliseconds
    this.readerMemoryBytes = Math.max(this.readerMemoryBytes, memoryBytes)
    if (cpuMilliseconds > this.slowestReader.milliseconds) this.slowestReader = { seed, milliseconds: cpuMilliseconds }
  }

  rendered(hostile: Case, rendering: Rendering): void {
    const { seed, mutations } = hostile
    const { outcome, milliseconds } = rendering
    const name = outcomeNames[outcome]
    const broke = this.#brokenBy(hostile, rendering)
    if (milliseconds > this.slowestRendering.milliseconds) this.slowestRendering = { seed, milliseconds }
    const counts = new Set(mutations).values().map((mutation) => {
      const found = this.byMutation.get(mutation) ?? none()
      this.byMutation.set(mutation, found)
      return found
    })
    for (const outcomes of [this.stills, ...counts]) {
      outcomes[name] += 1
      if (broke) outcomes.broke += 1
    }
  }

  previewed(hostile: Case, preview: Rendering): void {
    this.videoPreviews[outcomeNames[preview.outcome]] += 1
    if (this.#brokenBy(hostile, preview)) this.videoPreviews.broke += 1
  }

  /** A line of the pool's log, told before the outcome of the job that it is about: `render: took longer than 20 s`. */
  logged(line: string): void {
    const cause = causeOf(line)
    this.causes.set(cause, (this.causes.get(cause) ?? 0) + 1)
    this.#logged.add(line.replace(/^\w+: /, ''))
  }

  /** Whether the job ended its worker. One that threw did not: the pool answers `corrupt_media`, and the code has a defect. */
  #brokenBy(hostile: Case, { outcome, message }: Rendering): boolean {
    if (outcome !== 'corrupt_media' || !this.#logged.has(message)) return false
    const cause = causeOf(message)
    if (isThrown(cause)) this.found(hostile, [`a job ${cause}`])
    else this.deaths.push({ seed: hostile.seed, cause })
    return !isThrown(cause)
  }

  found({ seed, from, mutations }: Case, findings: readonly string[]): void {
    for (const what of findings) this.findings.push({ seed, from, mutations, what })
  }
}
