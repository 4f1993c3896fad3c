import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RenditionPool } from '../src/renditions/pool/rendition-pool.ts'
import { bombs } from './bombs/index.ts'
import { caseOf, mutations } from './case.ts'
import { makeCorpus } from './corpus.ts'
import { causeOf } from './examine/deaths.ts'
import { examineReaders } from './examine/readers.ts'
import { examineRender } from './examine/renditions.ts'
import { fuzz } from './run.ts'

/** The repository's own samples alone: the same everywhere. */
const corpus = await makeCorpus(null)

test('300 hostile files: no reader throws or goes beyond its bounds, and every rendition is made or refused', async () => {
  const { tally } = await fuzz({ corpus, costly: false, from: 1, files: 300, workers: 1, renderEach: 3, previewEach: 0 })
  expect(tally.findings).toEqual([])
  expect(tally.files).toBe(300)
  expect(tally.stills.made).toBeGreaterThan(10)
  expect(tally.stills.corrupt).toBeGreaterThan(10)
  expect(tally.stills.unsupported).toBeGreaterThan(1)
  expect(tally.stills.made + tally.stills.corrupt + tally.stills.unsupported).toBe(100)
})

describe('the hostile files', () => {
  test('the same seed is the same file, another seed another', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      expect(caseOf(seed, { corpus, costly: false })).toEqual(caseOf(seed, { corpus, costly: false }))
    }
    expect(caseOf(1, { corpus, costly: false }).bytes).not.toEqual(caseOf(2, { corpus, costly: false }).bytes)
  })

  test('every mutation and every bomb comes', () => {
    const seen = new Set<string>()
    for (let seed = 1; seed <= 6000; seed += 1) for (const name of caseOf(seed, { corpus, costly: true }).mutations) seen.add(name)
    expect([...mutations.map(({ name }) => name), ...bombs.map(({ name }) => `bomb: ${name}`)].filter((name) => !seen.has(name))).toEqual([])
  })
})

describe('what goes wrong is seen', () => {
  let folder = ''
  let pool: RenditionPool
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everroll-fuzz-test-'))
    pool = new RenditionPool({ workers: 1, module: new URL('../src/renditions/pool/testing/rendition-jobs.ts', import.meta.url).href })
  })
  afterAll(async () => {
    await pool.close()
    await rm(folder, { recursive: true })
  })

  test('a reader that throws', async () => {
    expect((await examineReaders(join(folder, 'absent'))).findings).toEqual([expect.stringMatching(/^a reader threw .*ENOENT/)])
  })

  test('a worker that dies is no finding, and its cause is known', async () => {
    const { outcome, message, findings } = await examineRender(pool, join(folder, 'crashes'), folder)
    expect({ outcome, cause: causeOf(message), findings }).toEqual({ outcome: 'corrupt_media', cause: 'SIGABRT', findings: [] })
  })

  test('a file that would be tried again for ever, and one whose renditions are not there', async () => {
    expect((await examineRender(pool, join(folder, 'full disk'), folder)).findings).toEqual(['it was not tried: system, ENOSPC'])
    await writeFile(join(folder, 'empty'), '')
    expect((await examineRender(pool, join(folder, 'empty'), folder)).findings).toEqual(['made 0 renditions'])
  })

  test.each([
    ['render: took longer than 20 s', 'time limit'],
    ['videoPreview: made no progress for 20 s', 'time limit'],
    ['render: took 2100 MB of memory, more than 2048 MB', 'memory limit'],
    ['render: the worker process was ended by SIGSEGV', 'SIGSEGV'],
    ['render: the worker process ended with code 134: FATAL ERROR', 'code 134'],
    ['render: x is not a function', 'threw: x is not a function'],
  ])('%s', (line, cause) => expect(causeOf(line)).toBe(cause))
})
