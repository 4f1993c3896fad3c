import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A process under measurement, started from a file of this folder that sends `ready` when it is. */
export interface Measured<Ready> {
  readonly child: ChildProcess;
  readonly ready: Ready;
  readonly pid: number;
  /** User and system time so far, seconds. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

export async function start<Ready>(file: string, words: readonly string[] = []): Promise<Measured<Ready>> {
  const folder = await mkdtemp(join(tmpdir(), 'everroll-bench-'));
  const child = fork(join(import.meta.dirname, file), [folder, ...words], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [ready] = (await Promise.race([once(child, 'message'), once(child, 'exit').then(() => Promise.reject(new Error(`${file} ended before it was ready`)))])) as [Ready];
  const pid = child.pid ?? 0;
  return {
    child,
    ready,
    pid,
    cpuSeconds: () => cpuSeconds(pid),
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** proc(5): fields 14 and 15 of /proc/PID/stat, in ticks of 1/100 s on Linux. */
function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
