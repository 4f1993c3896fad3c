import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { RenderOutcome, RenditionFile } from '../../src/renditions/job.ts'
import type { Interrupted, RenditionPool } from '../../src/renditions/pool/rendition-pool.ts'
import { lateMilliseconds, renderLimits, videoMilliseconds } from './limits.ts'
import { oddDetails } from './readers.ts'

export type RenditionOutcome = 'made' | 'corrupt_media' | 'unsupported_media' | 'interrupted'

export type Rendering = {
  readonly outcome: RenditionOutcome
  readonly message: string
  readonly milliseconds: number
  readonly findings: readonly string[]
}

/** Has the renditions of a file made in a worker process, as a server does, and looks at what it was told and given. */
export async function examineRender(pool: RenditionPool, path: string, folder: string): Promise<Rendering> {
  const own = await mkdtemp(join(folder, 'renditions-'))
  const start = performance.now()
  const outcome = await pool.render({ path, folder: own, limits: renderLimits }, { priority: 'waiting' })
  const milliseconds = performance.now() - start
  const findings = [...oddOutcome(outcome), ...(await oddFiles(outcome, own))]
  // A worker that someone else ended is tried a second time.
  if (milliseconds > 2 * (renderLimits.milliseconds + lateMilliseconds)) findings.push(`the outcome came after ${Math.round(milliseconds)} ms`)
  await rm(own, { recursive: true })
  return { outcome: nameOf(outcome), message: 'message' in outcome ? outcome.message : '', milliseconds, findings }
}

/** The thumbnail that a HEIC brings along. */
export async function examineQuickThumb(pool: RenditionPool, path: string, folder: string): Promise<readonly string[]> {
  const own = await mkdtemp(join(folder, 'quick-'))
  const quick = await pool.quickThumb({ path, folder: own, limits: renderLimits })
  const findings = quick.outcome === 'made' ? await oddFilesOf([quick.rendition], own) : []
  await rm(own, { recursive: true })
  return findings
}

/** The video that browsers play. */
export async function examineVideoPreview(pool: RenditionPool, path: string, folder: string): Promise<Rendering> {
  const own = await mkdtemp(join(folder, 'preview-'))
  const start = performance.now()
  const outcome = await pool.videoPreview({ path, file: join(own, 'preview.mp4') })
  const milliseconds = performance.now() - start
  const left = await readdir(own)
  const expected = outcome.outcome === 'made' ? ['preview.mp4'] : []
  const findings = left.join() === expected.join() ? [] : [`a video preview ${outcome.outcome} left ${left.join(', ')}`]
  if (outcome.outcome === 'interrupted') findings.push(`the video preview was not tried: ${outcome.message}`)
  if (milliseconds > 2 * (videoMilliseconds + lateMilliseconds)) findings.push(`the video preview came after ${Math.round(milliseconds)} ms`)
  await rm(own, { recursive: true })
  const code = outcome.outcome === 'failed' ? (outcome.code === 'no_encoder' ? 'unsupported_media' : outcome.code) : outcome.outcome
  return { outcome: code, message: 'message' in outcome ? outcome.message : '', milliseconds, findings }
}

const nameOf = (outcome: RenderOutcome | Interrupted): RenditionOutcome => (outcome.outcome === 'failed' ? outcome.code : outcome.outcome)

function oddOutcome(outcome: RenderOutcome | Interrupted): string[] {
  // It would be tried again, and again.
  if (outcome.outcome === 'interrupted') return [`it was not tried: ${outcome.code}, ${outcome.message}`]
  const findings = oddDetails(outcome.details)
  if (outcome.outcome === 'made' && outcome.renditions.length !== 2) findings.push(`made ${outcome.renditions.length} renditions`)
  if (outcome.outcome === 'failed' && outcome.details.problem !== outcome.code) findings.push(`failed with ${outcome.code}, and its details say ${outcome.details.problem}`)
  return findings
}

async function oddFiles(outcome: RenderOutcome | Interrupted, folder: string): Promise<string[]> {
  return outcome.outcome === 'interrupted' ? [] : oddFilesOf(outcome.renditions, folder)
}

async function oddFilesOf(renditions: readonly RenditionFile[], folder: string): Promise<string[]> {
  const findings: string[] = []
  for (const { name, file, bytes, width, height } of renditions) {
    const status = await stat(join(folder, file)).catch(() => null)
    if (status?.size !== bytes) findings.push(`${file} has ${status?.size ?? 'no'} bytes, and is said to have ${bytes}`)
    if (width < 1 || height < 1 || Math.max(width, height) > 1440) findings.push(`${name} is ${width} x ${height}`)
  }
  return findings
}
