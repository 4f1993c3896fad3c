import { runUntilIdle } from '../device/run.ts';
import { takeRunnerLock } from '../home/runner-lock.ts';
import { formatCount } from '../output/format.ts';
import { type Context, withDevice } from './context.ts';
import { failedWith, type Outcome } from './outcome.ts';
import { statusOutcome } from './status.ts';

/** Stops, checks the device's database, lets go of what is stuck, looks at every source again, and goes on. */
export function restartSyncCommand(context: Context): Promise<Outcome> {
  return withDevice(context, async (device) => {
    const restarted = device.engine.restartSync();
    if (!restarted.ok) return failedWith(restarted.failure);
    const lock = takeRunnerLock(context.home.runner);
    try {
      // A process that keeps this device in sync has stopped what it did and begun anew.
      if (lock !== null) await runUntilIdle(device, context.signal);
    } finally {
      lock?.release();
    }
    const { holds, items, uploads, sources } = restarted.value;
    const outcome = statusOutcome(device.engine, context.now(), { restarted: restarted.value, inAnotherProcess: lock === null });
    return {
      ...outcome,
      lines: [
        `The database is sound. Let go of: ${formatCount(holds)} holds, ${formatCount(items)} waiting items, ${formatCount(uploads)} uploads that no file wants. Sources looked at again: ${formatCount(sources)}.`,
        ...(lock === null ? ['The process that keeps this device in sync begins anew.'] : []),
        ...outcome.lines,
      ],
    };
  });
}
