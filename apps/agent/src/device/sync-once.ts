import { isRunnerLocked, takeRunnerLock } from '../home/runner-lock.ts';
import type { Device } from './device.ts';
import { runUntilIdle } from './run.ts';

/** Works until nothing more can be done; another process that keeps this device in sync sees at once what was changed. */
export async function syncOnce(device: Device, signal: AbortSignal): Promise<void> {
  if (isRunnerLocked(device.home.runner)) return;
  const lock = takeRunnerLock(device.home.runner);
  if (lock === null) return;
  try {
    await runUntilIdle(device, signal);
  } finally {
    lock.release();
  }
}
