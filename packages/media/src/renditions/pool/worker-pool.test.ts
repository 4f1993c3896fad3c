import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { groupNice } from './priority.ts'
import { isGone, numbersIn, ownChildren, until } from './testing/processes.ts'
import { WorkerPool } from './worker-pool.ts'
import type { PoolSettings } from './worker-pool.ts'

const settings: PoolSettings = {
  module: new URL('testing/jobs.ts', import.meta.url).href,
  workers: 1,
  queued: 1000,
  idleMilliseconds: 60_000,
  niceBy: 5,
  memoryBytes: 300 * 1024 ** 2,
}
const limits = { milliseconds: 60_000 }

describe.skipIf(!existsSync('/proc/self/status'))('the pool of worker processes (its tests look at /proc: Linux)', () => {
  let folder = ''
  let pool: WorkerPool
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everroll-pool-'))
  })
  afterEach(async () => {
    await pool.close()
    await rm(folder, { recursive: true })
  })
  const open = (own: Partial<PoolSettings> = {}): WorkerPool => (pool = new WorkerPool({ ...settings, ...own }))
  const add = (): Promise<unknown> => pool.run('add', [1, 2], limits, 'backlog')
  const three = { how: 'value', value: 3 }

  test('a worker has a lower priority, a bounded heap and no secret of the server', async () => {
    process.env['EVERROLL_TEST_SECRET'] = 'secret'
    const ended = await open().run('about', null, limits, 'backlog')
    delete process.env['EVERROLL_TEST_SECRET']
    expect(ended).toMatchObject({ how: 'value', value: { nice: Math.min(19, getPriority() + 5), flags: ['--max-old-space-size=300'], environment: expect.arrayContaining(['PATH']) as unknown } })
    expect(JSON.stringify(ended)).not.toContain('SECRET')
  })

  test.skipIf(!existsSync('/proc/self/autogroup'))('so has the session of each of several workers, which the scheduler weighs by itself (skipped where it does not)', async () => {
    // Memory that no worker comes near: one that holds half of it is ended after its job.
    open({ workers: 3, memoryBytes: 4 * 1024 ** 3 })
    expect(await Promise.all([add(), add(), add()])).toEqual([three, three, three])
    const workers = ownChildren()
    expect(workers).toHaveLength(3)
    // The kernel takes one change in 0.1 s.
    await until(() => workers.every((pid) => groupNice(pid) === Math.min(19, groupNice('self') + 5)))
  })

  test('nothing is kept of a job that is done, however long its worker lives', async () => {
    open()
    const ended: WeakRef<object>[] = []
    for (let job = 0; job < 20; job += 1) ended.push(new WeakRef(await pool.run('about', null, limits, 'backlog')))
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    await setImmediate() // a reference that was just made holds until the end of the turn
    collect()
    // The last one may still be in use by the engine.
    expect(ended.filter((reference) => reference.deref() !== undefined).length).toBeLessThan(3)
  })

  test.each([
    ['spins', null, { milliseconds: 300 }, /^took longer than 0.3 s$/],
    ['allocates', 4 * 1024 ** 3, limits, /^took \d+ MB of memory, more than 300 MB$/],
    ['startsGreedyProgram', 2 * 1024 ** 3, limits, /^took \d+ MB of memory, more than 300 MB$/],
    ['growsHeap', null, limits, /of memory, more than 300 MB$|heap/],
    ['aborts', null, limits, /ended by SIGABRT/],
    ['killedBy', 'SIGSEGV', limits, /ended by SIGSEGV/],
    ['exits', null, limits, /ended with code 0/],
    ['throwsLater', null, limits, /ended with code 1: Error: nobody catches this|nobody catches this/],
    ['progresses', { steps: 1, milliseconds: 60_000 }, { ...limits, stallMilliseconds: 300 }, /^made no progress for 0.3 s$/],
  ] as const)('a job that %s (%j) is stopped, and the next one runs', async (name, argument, own, message) => {
    open()
    expect(await pool.run(name, argument, own, 'backlog')).toEqual({ how: 'broke', message: expect.stringMatching(message) as unknown })
    expect(await add()).toEqual(three)
  })

  test('what a job waits does not count as long as it may still work; one that does neither is given up', async () => {
    open()
    const waits = (milliseconds: number): Promise<unknown> => pool.run('progresses', { steps: 1, milliseconds }, { milliseconds: 300 }, 'backlog')
    expect(await waits(600)).toEqual({ how: 'value', value: 'done' })
    expect(await waits(60_000)).toEqual({ how: 'broke', message: 'took longer than 0.3 s' })
  })

  test('a job that tells its progress may take longer than the stall limit', async () => {
    const told: number[] = []
    const ended = await open().run('progresses', { steps: 4, milliseconds: 300 }, { ...limits, stallMilliseconds: 900 }, 'backlog', { onProgress: (fraction) => told.push(fraction) })
    expect(ended).toEqual({ how: 'value', value: 'done' })
    expect(told).toEqual([0.25, 0.5, 0.75, 1])
  })

  test('where the pool cannot see memory, the worker ends itself', async () => {
    open({ memorySeenBy: 'worker', memoryBytes: 100 * 1024 ** 2 })
    expect(await pool.run('allocatesAndWaits', 300 * 1024 ** 2, limits, 'backlog')).toMatchObject({ how: 'killed' })
    expect(await add()).toEqual(three)
  })

  test.each(['SIGKILL', 'SIGTERM'])('a worker ended by someone else (%s) is told from one that broke', async (signal) => {
    open()
    expect(await pool.run('killedBy', signal, limits, 'backlog')).toMatchObject({ how: 'killed' })
    expect(await add()).toEqual(three)
  })

  test('a job that throws leaves its worker; what the system refused is marked', async () => {
    open()
    const before = await pool.run('keeps', 1, limits, 'backlog')
    expect(await pool.run('throws', null, limits, 'backlog')).toEqual({ how: 'threw', message: 'this file is odd', system: false })
    expect(await pool.run('writes', join(folder, 'missing', 'file'), limits, 'backlog')).toMatchObject({ how: 'threw', system: true })
    expect(await pool.run('keeps', 1, limits, 'backlog')).toEqual(before)
  })

  test('a cancelled job ends in order; a deaf one is killed with all that it started', async () => {
    open()
    const cancel = new AbortController()
    const waiting = pool.run('waits', join(folder, 'waits'), limits, 'backlog', { signal: cancel.signal })
    const [worker = 0, program = 0] = await numbersIn(join(folder, 'waits'))
    cancel.abort()
    expect(await waiting).toEqual({ how: 'cancelled' })
    await until(() => isGone(program))
    expect(isGone(worker)).toBe(false)

    const cancelDeaf = new AbortController()
    const deaf = pool.run('deaf', join(folder, 'deaf'), limits, 'backlog', { signal: cancelDeaf.signal })
    expect(await numbersIn(join(folder, 'deaf'))).toEqual([worker])
    cancelDeaf.abort()
    expect(await deaf).toEqual({ how: 'cancelled' })
    expect(isGone(worker)).toBe(true)
    expect(await add()).toEqual(three)
  })

  test('what someone waits for goes first; a full queue refuses the newest of the backlog; a cancelled job leaves it', async () => {
    open({ queued: 3 })
    const done: string[] = []
    const cancel = new AbortController()
    const run = (name: string, priority: 'waiting' | 'backlog', signal?: AbortSignal): Promise<string> =>
      pool.run('add', [1, 2], limits, priority, { signal }).then(({ how }) => {
        done.push(name)
        return how
      })
    const all = [run('running', 'backlog'), run('b1', 'backlog'), run('b2', 'backlog', cancel.signal), run('b3', 'backlog'), run('w1', 'waiting'), run('w2', 'waiting')]
    expect(await all[3]).toBe('not_run')
    expect(await all[2]).toBe('not_run')
    cancel.abort()
    const last = run('b4', 'backlog', AbortSignal.abort())
    expect(await last).toBe('cancelled')
    expect(await Promise.all(all)).toEqual(['value', 'value', 'not_run', 'not_run', 'value', 'value'])
    expect(done.filter((name) => ['running', 'w1', 'w2', 'b1'].includes(name))).toEqual(['running', 'w1', 'w2', 'b1'])
  })

  test('an idle worker ends, and so does one that kept too much memory', async () => {
    open({ idleMilliseconds: 50 })
    await add()
    await until(() => ownChildren().length === 0)
    await pool.close()

    open()
    const first = await pool.run('keeps', 200 * 1024 ** 2, limits, 'backlog')
    const second = await pool.run('keeps', 1, limits, 'backlog')
    expect(first).toMatchObject({ how: 'value' })
    expect(second).not.toEqual(first)
  })

  test('close ends everything at once and answers everything', async () => {
    open()
    const running = pool.run('deaf', join(folder, 'deaf'), limits, 'backlog')
    const queued = add()
    const [worker = 0] = await numbersIn(join(folder, 'deaf'))
    await pool.close()
    expect(isGone(worker)).toBe(true)
    expect(await running).toMatchObject({ how: 'not_run' })
    expect(await queued).toMatchObject({ how: 'not_run' })
    expect(await add()).toMatchObject({ how: 'not_run' })
    expect(ownChildren()).toEqual([])
  })

  test('a module that cannot be loaded is nobody else’s fault', async () => {
    open({ module: new URL('testing/missing.ts', import.meta.url).href })
    expect(await add()).toEqual({ how: 'not_run', message: expect.stringContaining('did not start') as unknown })
  })

  test.each(['waits', 'deaf'])('workers end with a pool that is killed, though their job %s', async (job) => {
    const path = join(folder, 'pids')
    const parent = fork(fileURLToPath(new URL('testing/pool-process.ts', import.meta.url)), [job, path], { execArgv: [] })
    const pids = await numbersIn(path)
    open()
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    await until(() => pids.every(isGone))
    expect(pids.length).toBeGreaterThan(0)
  })

  test('200 jobs, 20 of which kill their worker, leave no process and no listener', async () => {
    const listeners = (): number => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
    const handles = (): number => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap' || name === 'PipeWrap').length
    const before = { listeners: listeners(), handles: handles() }
    open({ workers: 2 })
    const killers = [['killedBy', 'SIGKILL'], ['aborts', null], ['exits', null], ['throwsLater', null]] as const
    const { signal } = new AbortController()
    const ended = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const [name, argument] = index % 10 === 0 ? killers[(index / 10) % killers.length]! : (['add', [index, 1]] as const)
        return pool.run(name, argument, limits, index % 3 === 0 ? 'waiting' : 'backlog', { signal })
      }),
    )
    const count = (how: string): number => ended.filter((each) => each.how === how).length
    expect({ value: count('value'), broke: count('broke'), killed: count('killed') }).toEqual({ value: 180, broke: 15, killed: 5 })
    await pool.close()
    expect(ownChildren()).toEqual([])
    await until(() => handles() <= before.handles)
    expect(listeners()).toBe(before.listeners)
  })
})
