import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A process under measurement, started from a file of this folder that sends `ready` when it is. */
export interface Measured<Ready> {
  readonly child: ChildProcess;
  readonly ready: Ready;
  readonly pid: number;
  /** Of its own unless another was given. */
  readonly folder: string;
  /** User and system time so far, seconds, with that of the processes it started. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Data folder that is kept; absent: a temporary one, removed at the end. */
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Of Node. */
  readonly flags?: readonly string[];
  /** A session of its own, which the scheduler of Linux weighs by itself (sched(7), autogroup). */
  readonly detached?: boolean;
}

/** As the README tells a service to run the server. */
const NODE_FLAGS: readonly string[] = ['--max-semi-space-size=2'];
export const NODE_ENV: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '262144' };
/** As `everroll` runs on a device. */
export const DEVICE_FLAGS: readonly string[] = ['--no-allocation-site-pretenuring'];

export async function start<Ready>(file: string, words: readonly string[] = [], { folder: given, env = {}, flags = NODE_FLAGS, detached = false }: StartOptions = {}): Promise<Measured<Ready>> {
  const folder = given ?? (await temporaryFolder());
  const child = fork(join(import.meta.dirname, file), [folder, ...words], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [...flags], detached, env: { ...process.env, ...NODE_ENV, ...env } });
  const [ready] = (await Promise.race([once(child, 'message'), once(child, 'exit').then(() => Promise.reject(new Error(`${file} ended before it was ready`)))])) as [Ready];
  const pid = child.pid ?? 0;
  return {
    child,
    ready,
    pid,
    folder,
    cpuSeconds: () => cpuSeconds(pid),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      }
      if (given === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'everroll-bench-'));

/** A process and all that it started, directly or not. */
export function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? Number(statOf(Number(name))?.[1]) : Number.NaN;
    if (!Number.isNaN(parent)) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return below(root);
}

/** Fields of /proc/PID/stat (proc(5)) from the third, the state, on; undefined: it has ended. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Fields 14 to 17: user and system time, its own and of its children that ended, in ticks of 1/100 s on Linux. */
export function cpuSeconds(root: number): number {
  const ticks = processTree(root).flatMap((pid) => statOf(pid)?.slice(11, 15) ?? []);
  return ticks.reduce((sum, each) => sum + Number(each), 0) / 100;
}

/** Megabytes of a process and all that it started, or of those `pids` alone: `pss` counts what is shared by share (proc(5), smaps_rollup), `rss` in full. */
export function memoryOf(root: number, pids = processTree(root)): { readonly pss: number; readonly rss: number } {
  let [pss, rss] = [0, 0];
  for (const pid of pids) {
    const rollup = rollupOf(pid);
    const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0);
    pss += (kilobytes('Pss') * 1024) / 1e6;
    rss += (kilobytes('Rss') * 1024) / 1e6;
  }
  return { pss, rss };
}

function rollupOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  } catch {
    return '';
  }
}

export const openFilesOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

const LOOK_MS = 100;

/** Looks ten times a second until it is ended; the largest that was seen. */
export function watchMemory(root: number): { end(): { readonly pss: number; readonly rss: number } } {
  let most = memoryOf(root);
  const look = (): void => {
    const now = memoryOf(root);
    most = { pss: Math.max(most.pss, now.pss), rss: Math.max(most.rss, now.rss) };
  };
  const timer = setInterval(look, LOOK_MS);
  return {
    end() {
      clearInterval(timer);
      look();
      return most;
    },
  };
}

/** Time on a processor of the threads that a process has now, in nanoseconds' steps (Documentation/scheduler/sched-stats.rst), as seconds. */
export function threadSeconds(pid: number): number {
  return threadsOf(pid).reduce((sum, { seconds }) => sum + seconds, 0);
}

/** The same by what the threads are called, of a server by itself and of all that it started: `server node-MainThread`, `workers libvips worker`. */
export function secondsByThread(root: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const pid of processTree(root)) {
    for (const { name, seconds } of threadsOf(pid)) {
      const key = `${pid === root ? 'server' : 'workers'} ${name}`;
      found.set(key, (found.get(key) ?? 0) + seconds);
    }
  }
  return found;
}

function threadsOf(pid: number): readonly { readonly name: string; readonly seconds: number }[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => threadOf(`/proc/${pid}/task/${thread}`) ?? []);
  } catch {
    return [];
  }
}

/** Undefined: it ended meanwhile; those of a server stay. */
function threadOf(folder: string): { readonly name: string; readonly seconds: number } | undefined {
  try {
    return { name: readFileSync(`${folder}/comm`, 'utf8').trim(), seconds: Number(readFileSync(`${folder}/schedstat`, 'utf8').split(' ', 1)[0]) / 1e9 };
  } catch {
    return undefined;
  }
}

const QUIET_LOOK_MS = 500;
const QUIET_SHARE = 0.1;
const QUIET_AT_MOST_MS = 120_000;

/** Looks in a row: one that waits for a cold disk uses no processor either. */
const QUIET_LOOKS = 8;

/** Until what a server looks after at its start is done: it uses less than a tenth of a processor for a while, or two minutes have passed. */
export async function quiet(pid: number): Promise<void> {
  const until = performance.now() + QUIET_AT_MOST_MS;
  let looks = 0;
  for (let before = threadSeconds(pid); performance.now() < until && looks < QUIET_LOOKS; ) {
    await delay(QUIET_LOOK_MS);
    const now = threadSeconds(pid);
    looks = ((now - before) * 1000) / QUIET_LOOK_MS < QUIET_SHARE ? looks + 1 : 0;
    before = now;
  }
}
