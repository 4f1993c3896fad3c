import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RenditionPool } from './rendition-pool.ts'

let folder = ''
let pool: RenditionPool
let logged: string[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-renditions-'))
  logged = []
  pool = new RenditionPool({ workers: 1, module: new URL('testing/rendition-jobs.ts', import.meta.url).href, log: (message) => logged.push(message) })
})
afterEach(async () => {
  await pool.close()
  await rm(folder, { recursive: true })
})

async function render(name: string, milliseconds = 60_000, signal?: AbortSignal): Promise<unknown> {
  const own = join(folder, 'job')
  await mkdir(own, { recursive: true })
  return pool.render({ path: join(folder, name), folder: own, limits: { pixels: 1, milliseconds } }, { signal })
}
const preview = (name: string, signal?: AbortSignal): Promise<unknown> => pool.videoPreview({ path: join(folder, name), file: join(folder, 'preview.mp4') }, { signal })
const corrupt = { outcome: 'failed', code: 'corrupt_media' }

test('a file that takes its worker down is corrupt, and the log says how', async () => {
  expect(await render('crashes')).toEqual({ ...corrupt, message: expect.stringMatching(/SIGABRT/) as unknown, details: { problem: 'corrupt_media' }, renditions: [], lacking: [] })
  expect(logged).toEqual([expect.stringMatching(/^render: .*SIGABRT/)])
})

test('a file that takes too long is corrupt', async () => {
  expect(await render('waits', 200)).toMatchObject({ ...corrupt, message: 'took longer than 0.2 s' })
})

test('a worker killed by someone else is no fault of the file: tried again in an empty folder', async () => {
  expect(await render('killed once')).toMatchObject({ outcome: 'made' })
})

test('twice is enough', async () => {
  expect(await render('killed')).toMatchObject({ ...corrupt, message: expect.stringMatching(/SIGKILL/) as unknown })
  expect(await preview('killed')).toMatchObject(corrupt)
})

test('a full disk is no fault of the file', async () => {
  expect(await render('full disk')).toEqual({ outcome: 'interrupted', code: 'system', message: 'ENOSPC' })
})

test('code that cannot be loaded is no fault of the file', async () => {
  expect(await render('not installed')).toMatchObject({ outcome: 'interrupted', code: 'system' })
})

test('a video preview that fails or is cancelled leaves nothing of itself', async () => {
  expect(await preview('crashes')).toMatchObject(corrupt)
  expect(await readdir(folder)).toEqual([])
  const cancel = new AbortController()
  const waiting = preview('waits', cancel.signal)
  cancel.abort()
  expect(await waiting).toMatchObject({ outcome: 'interrupted', code: 'cancelled' })
  expect(await readdir(folder)).toEqual([])
})

test('a closed pool knows nothing about any file', async () => {
  const waiting = render('waits')
  await pool.close()
  expect(await waiting).toMatchObject({ outcome: 'interrupted', code: 'not_run' })
})
