import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Whether a program is installed. */
export function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Runs a program to its end; throws where it fails. Its output is read and given up. */
export async function run(program: string, words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<{ readonly seconds: number; readonly cpuSeconds: number }> {
  // The shell tells what its child took; Node does not.
  const began = performance.now();
  const child = spawn('bash', ['-c', `TIMEFORMAT='%U %S'; time "$@" > /dev/null 2> >(cat >&3)`, 'bash', program, ...words], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const [times, errors] = await Promise.all([textOf(child, 2), textOf(child, 3), once(child, 'close')]);
  if (child.exitCode !== 0) throw new Error(`${program} ended with ${child.exitCode}: ${errors.slice(-500)}`);
  const [user = 0, system = 0] = (times.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { seconds: (performance.now() - began) / 1000, cpuSeconds: user + system };
}

async function textOf(child: ChildProcess, place: number): Promise<string> {
  let text = '';
  const stream = child.stdio[place];
  if (stream && 'setEncoding' in stream) for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
  return text;
}
