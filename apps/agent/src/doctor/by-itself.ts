import { diagnose, type Engine } from '@everroll/engine';
import { type CheckResult, STALLED_MS } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import { probesOf } from './probes.ts';

/** A device that stands still for days is not examined more often than this. */
const AGAIN_AFTER_MS = 60 * 60_000;
const LOOK_EVERY_MS = 60_000;

/**
 * While a device is kept in sync: with work left and no progress for ten minutes the doctor
 * looks by itself, once an hour at most. What it finds is kept and shown by the status; it mends nothing.
 */
export async function examineByItself(device: Device, signal: AbortSignal, stallMs: number = STALLED_MS): Promise<void> {
  const { engine, ports } = device;
  while (!signal.aborted) {
    await ports.clock.sleep(Math.min(LOOK_EVERY_MS, stallMs / 4), signal);
    if (signal.aborted) return;
    const now = ports.clock.now();
    if (!isDue(engine, now, stallMs)) continue;
    const results: CheckResult[] = [];
    // Where policy lets nothing move, the doctor sends nothing either (I7).
    for await (const result of diagnose(ports, probesOf(device), { signal, stallMs, mayAsk: engine.maySend() })) results.push(result);
    if (!signal.aborted) engine.keepDiagnosis({ at: now, results });
  }
}

function isDue(engine: Engine, now: number, stallMs: number): boolean {
  const last = engine.lastDiagnosis()?.at;
  if (last !== undefined && now >= last && now - last < Math.min(AGAIN_AFTER_MS, 4 * stallMs)) return false;
  const { lastProgressAt, isWorkLeft } = engine.standing();
  // Who is paused, switched off or signed out stands still by a person's will.
  return isWorkLeft && engine.mayWork() && lastProgressAt > 0 && now - lastProgressAt >= stallMs;
}
