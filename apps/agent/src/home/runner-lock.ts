import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export interface RunnerLock {
  release(): void;
}

/** Whoever asks whether the lock is held is in its way for a moment: it is waited for. */
const ASKING_MAX_MS = 500;

/**
 * One process runs the engine of a home. The lock is SQLite's own on a file of its own: the kernel
 * gives it back when the process ends, in whatever way, so none can be left behind.
 * null: another process holds it.
 */
export function takeRunnerLock(path: string): RunnerLock | null {
  const file = new DatabaseSync(path, { timeout: ASKING_MAX_MS });
  try {
    file.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (error) {
    file.close();
    if (isBusy(error)) return null;
    throw error;
  }
  writeFileSync(`${path}.pid`, String(process.pid));
  return { release: () => file.close() };
}

/** Whether a process holds the lock now. It is asked without taking it. */
export function isRunnerLocked(path: string): boolean {
  if (!existsSync(path)) return false;
  const file = new DatabaseSync(path, { readOnly: true, timeout: 0 });
  try {
    file.exec('SELECT 1 FROM sqlite_schema');
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    file.close();
  }
}

/** For people only; the lock itself says whether it still runs. */
export function runnerProcess(path: string): number | null {
  try {
    return Number(readFileSync(`${path}.pid`, 'utf8')) || null;
  } catch {
    return null;
  }
}

/** SQLITE_BUSY, with its extended codes. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === 5;
}
