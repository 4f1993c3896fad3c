import { execFile } from 'node:child_process';

/** What prints a line of facts takes some milliseconds; one that hangs is ended. */
const LIMIT_MS = 2000;
/** What is not there, or has no service to ask, seldom comes while a device runs. */
const FAILED_FOR_MS = 5 * 60_000;

/** Runs a program of the system. @returns what it printed; null: it is not there, failed or took too long */
export type RunProgram = (program: string, args: readonly string[], limitMs?: number) => Promise<string | null>;

/**
 * One that has failed is not tried again for some minutes: a machine without NetworkManager is not asked
 * for it every few seconds. Those that run when the signal comes are ended.
 */
export function programs(signal: AbortSignal, now: () => number = () => performance.now()): RunProgram {
  const failedAt = new Map<string, number>();
  return (program, args, limitMs = LIMIT_MS) => {
    const key = [program, ...args].join(' ');
    const failed = failedAt.get(key);
    if (failed !== undefined && now() - failed < FAILED_FOR_MS) return Promise.resolve(null);
    return new Promise((resolve) => {
      // The words that are parsed are those of no language.
      execFile(program, args, { signal, timeout: limitMs, killSignal: 'SIGKILL', encoding: 'utf8', windowsHide: true, env: { ...process.env, LC_ALL: 'C' } }, (error, stdout) => {
        if (error === null) failedAt.delete(key);
        else failedAt.set(key, now());
        resolve(error === null ? stdout : null);
      });
    });
  };
}
