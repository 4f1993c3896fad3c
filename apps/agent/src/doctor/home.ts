import { diagnose, failed, type Result } from '@everroll/engine';
import { cannotTell, type CheckName, checkNames, type CheckResult, deeperChecks, type FixAction, found, reasons, sevenChecks } from '@everroll/protocol';
import { type Context, timingFrom } from '../commands/context.ts';
import { openDevice } from '../device/device.ts';
import { mend } from './mend.ts';
import { probesOf } from './probes.ts';
import { rebuildDatabase } from './rebuild.ts';

/** The doctor of one home: it has something to say even where the device's database cannot be opened. */
export async function* diagnoseHome(context: Context, only?: readonly CheckName[]): AsyncGenerator<CheckResult> {
  const timing = timingFrom(context.env);
  const opened = openDevice(context.home, timing);
  if (!opened.ok) {
    yield* unopened(opened.failure, context.now(), only);
    return;
  }
  const device = opened.value;
  try {
    // What the system tells of the network and power is measured before anything is said of them.
    await device.surroundings.first();
    yield* diagnose(device.ports, probesOf(device), { signal: context.signal, ...(timing.stallMs === undefined ? {} : { stallMs: timing.stallMs }), ...(only === undefined ? {} : { only }) });
  } finally {
    await device.close();
  }
}

function* unopened({ code, evidence }: Extract<ReturnType<typeof openDevice>, { ok: false }>['failure'], now: number, only: readonly CheckName[] = checkNames): Generator<CheckResult> {
  const where = code === 'replica_newer_than_program' ? 'update' : 'local_database';
  for (const check of [...sevenChecks, ...deeperChecks]) {
    if (!only.includes(check)) continue;
    yield check === where ? found(check, code, { since: now, names: evidence.detail === undefined ? {} : { detail: evidence.detail } }) : cannotTell(check, reasons[code].sentence);
  }
}

/** Does one thing; a damaged database is set aside where that is what is to be done. */
export async function mendHome(context: Context, action: FixAction): Promise<Result<void>> {
  if (action === 'rebuild_database') {
    const rebuilt = await rebuildDatabase(context.home, context.now(), context.signal);
    if (!rebuilt.ok) return rebuilt;
    return mendHome(context, 'start_sync');
  }
  const opened = openDevice(context.home, timingFrom(context.env));
  if (!opened.ok) return opened;
  const device = opened.value;
  try {
    return await mend(device, action, context.signal);
  } catch (error) {
    if (context.signal.aborted) return failed('internal_error', { detail: 'it was stopped' });
    throw error;
  } finally {
    await device.close();
  }
}
