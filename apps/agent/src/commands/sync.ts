import { DriverFull, type Engine } from '@everroll/engine';
import { runUntilIdle, runUntilStopped } from '../device/run.ts';
import type { Device } from '../device/device.ts';
import { isRunnerLocked, runnerProcess, takeRunnerLock } from '../home/runner-lock.ts';
import { showProgress } from '../output/progress-line.ts';
import { isSynced } from '../output/reasons.ts';
import { type Context, withDevice } from './context.ts';
import { failedWith, type Outcome } from './outcome.ts';
import { statusOutcome } from './status.ts';

export interface SyncOptions {
  readonly watch?: boolean;
  readonly retry?: boolean;
  readonly now?: boolean;
}

/** Runs until nothing more can be done, or with `--watch` until it is stopped. */
export function syncCommand(context: Context, options: SyncOptions): Promise<Outcome> {
  return withDevice(context, async (device) => {
    if (options.retry === true) device.engine.retry();
    if (options.now === true) device.engine.syncNow();
    const lock = takeRunnerLock(context.home.runner);
    if (lock === null) return anotherRuns(context, device, options);
    const endDisplay = context.json ? () => undefined : showProgress(process.stderr, () => device.engine.progress());
    try {
      const run = options.watch === true ? runUntilStopped : runUntilIdle;
      await run(device, context.signal);
    } catch (error) {
      if (error instanceof DriverFull) return failedWith({ code: 'device_full', evidence: { detail: context.home.path } });
      throw error;
    } finally {
      endDisplay();
      lock.release();
    }
    const outcome = statusOutcome(device.engine, context.now());
    // Whoever stops a watching sync gets what they asked for, whatever waits.
    return options.watch === true ? { ...outcome, exitCode: 0 } : outcome;
  });
}

/** The process that runs is told to look at everything, and its work is waited for. */
async function anotherRuns(context: Context, device: Device, options: SyncOptions): Promise<Outcome> {
  const runner = runnerProcess(context.home.runner);
  const sentence = `Another process${runner === null ? '' : ` (${runner})`} keeps this device in sync already; it was told to look again.`;
  const askedAt = context.now();
  device.engine.rescan();
  if (options.watch !== true) await waitForOther(context, device, askedAt);
  const outcome = statusOutcome(device.engine, context.now(), { runner, detail: sentence });
  return { ...outcome, exitCode: options.watch === true ? 1 : outcome.exitCode, lines: [sentence, ...outcome.lines] };
}

const LOOK_MS = 250;
/** A runner that changes nothing for so long has done what it can for now. */
const STILL_MS = 15_000;

async function waitForOther({ signal, now, home }: Context, { engine, ports }: Device, askedAt: number): Promise<void> {
  let seen = '';
  let stillSince = now();
  while (!signal.aborted) {
    const state = fingerprint(engine);
    if (state !== seen) {
      seen = state;
      stillSince = now();
    }
    const isScanned = engine.sources().every(({ lastScanAt, state: code }) => code !== null || (lastScanAt ?? 0) >= askedAt);
    if ((isScanned && isSynced(engine.status())) || now() - stillSince > STILL_MS) return;
    if (!isRunnerLocked(home.runner)) return;
    await ports.clock.sleep(LOOK_MS, signal);
  }
}

function fingerprint(engine: Engine): string {
  const { items, downloads, pendingChanges, cursor } = engine.status();
  return JSON.stringify([items, downloads, pendingChanges, cursor, engine.sources().map(({ lastScanAt }) => lastScanAt)]);
}
