import { setTimeout as wait } from 'node:timers/promises'
import { MediaDetails } from '@everroll/protocol'
import { readDetails, readFacts, soundnessOf } from '../../src/index.ts'
import type { MediaFacts } from '../../src/index.ts'
import { readerCpuMilliseconds, readerMemoryBytes, readerMilliseconds } from './limits.ts'

export type Reading = {
  readonly facts: MediaFacts | null
  readonly cpuMilliseconds: number
  readonly memoryBytes: number
  /** What the readers promise and did not keep. */
  readonly findings: readonly string[]
}

/** Recognises and reads a file in this process, as an agent does with every file of a folder. */
export async function examineReaders(path: string): Promise<Reading> {
  const findings: string[] = []
  let facts: MediaFacts | null = null
  const memoryBefore = memoryInUse()
  const cpuBefore = process.cpuUsage()
  const abort = new AbortController()
  const read = async (): Promise<'done'> => {
    facts = await readFacts(path)
    const details = await readDetails(path)
    await soundnessOf(path)
    findings.push(...oddFacts(facts), ...oddDetails(details))
    return 'done'
  }
  try {
    const ended = await Promise.race([read(), wait(readerMilliseconds, 'late' as const, { signal: abort.signal, ref: false })])
    if (ended === 'late') findings.push(`the readers took longer than ${readerMilliseconds / 1000} s`)
  } catch (error) {
    findings.push(`a reader threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  } finally {
    abort.abort()
  }
  const { user, system } = process.cpuUsage(cpuBefore)
  const cpuMilliseconds = (user + system) / 1000
  const memoryBytes = memoryInUse() - memoryBefore
  if (cpuMilliseconds > readerCpuMilliseconds) findings.push(`the readers took ${Math.round(cpuMilliseconds)} ms of processor time`)
  if (memoryBytes > readerMemoryBytes) findings.push(`the readers took ${Math.round(memoryBytes / 1024 ** 2)} MB`)
  return { facts, cpuMilliseconds, memoryBytes, findings }
}

/** What was taken and not yet collected. */
function memoryInUse(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function oddFacts({ capturedAt, captureOffsetMinutes, motionPhoto, place }: MediaFacts): string[] {
  const odd = [
    [capturedAt === null || Number.isSafeInteger(capturedAt), 'capturedAt'],
    [captureOffsetMinutes === null || Math.abs(captureOffsetMinutes) <= 14 * 60, 'captureOffsetMinutes'],
    [motionPhoto === null || (motionPhoto.offset >= 0 && motionPhoto.bytes > 0), 'motionPhoto'],
    [place === null || (Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180), 'place'],
  ] as const
  return odd.filter(([sane]) => !sane).map(([, name]) => `${name} makes no sense`)
}

export function oddDetails(details: unknown): string[] {
  const { error } = MediaDetails.safeParse(details)
  return error === undefined ? [] : [`the details are not as the protocol says: ${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(', ')}`]
}
