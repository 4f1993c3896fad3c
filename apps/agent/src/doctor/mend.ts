import { applyFix, done, failed, type Result } from '@everroll/engine';
import type { FixAction } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import { syncOnce } from '../device/sync-once.ts';

/**
 * Does one thing about a finding on a device whose database can be opened. What it started comes to
 * its end before it returns, so that the check that follows sees what came of it.
 */
export async function mend(device: Device, action: Exclude<FixAction, 'rebuild_database'>, signal: AbortSignal): Promise<Result<void>> {
  const applied = action === 'start_sync' ? done(undefined) : applyFix(device.engine, action);
  if (!applied.ok) return applied;
  await syncOnce(device, signal);
  return signal.aborted ? failed('internal_error', { detail: 'it was stopped' }) : applied;
}
