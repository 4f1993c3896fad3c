import type { Operation } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import { isRunnerLocked } from '../home/runner-lock.ts';
import { type Outcome, failedWith, succeeded } from './outcome.ts';

/** Carries out a person's changes in order, here and at once; the server gets them with the next sync. */
export function act(device: Device, operations: readonly Operation[], json: Readonly<Record<string, unknown>>, sentence: string): Outcome {
  for (const operation of operations) {
    const done = device.engine.act(operation);
    if (!done.ok) return failedWith(done.failure);
  }
  const { pendingChanges } = device.engine.status();
  return succeeded({ ...json, pendingChanges }, [isRunnerLocked(device.home.runner) ? sentence : `${sentence} It goes to the other devices with the next: everroll sync`]);
}
