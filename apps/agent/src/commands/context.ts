import type { Failure, Timing } from '@everroll/engine';
import type { Device } from '../device/device.ts';
import { type Home, homeFrom } from '../home/home.ts';
import { type Outcome, failedWith } from './outcome.ts';

/** What every command is given. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: Home;
  readonly json: boolean;
  /** Aborted by SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
  readonly now: () => number;
}

export function contextFrom(env: Context['env'], json: boolean, signal: AbortSignal): Context {
  return { env, home: homeFrom(env), json, signal, now: () => Date.now() };
}

/** Opens the device for as long as the command takes. */
export async function withDevice(context: Context, body: (device: Device) => Promise<Outcome> | Outcome): Promise<Outcome> {
  const { isDatabaseFault, openDevice } = await import('../device/device.ts');
  const device = openDevice(context.home, timingFrom(context.env));
  if (!device.ok) return failedWith(device.failure);
  try {
    return await body(device.value);
  } catch (error) {
    if (isDatabaseFault(error)) return failedWith({ code: 'local_database_corrupt', evidence: { detail: `${context.home.database}: ${error.message}` } });
    throw error;
  } finally {
    await device.value.close();
  }
}

/** A command that needs to know the library; before the first sign-in there is none. */
export async function withLibrary(context: Context, body: (device: Device) => Promise<Outcome> | Outcome): Promise<Outcome> {
  return withDevice(context, (device) => (device.engine.identity() === null ? failedWith(signedOut) : body(device)));
}

const signedOut: Failure = { code: 'signed_out', evidence: {} };

/**
 * EVERROLL_SETTLE_SECONDS: how long a file must be left alone before it is read. EVERROLL_STALL_SECONDS:
 * after how long without progress the doctor looks by itself. EVERROLL_PATIENCE_SECONDS: how long a
 * `sync` that would end waits for what comes by itself.
 */
export function timingFrom(env: Context['env']): Partial<Timing> {
  const settleMs = milliseconds(env['EVERROLL_SETTLE_SECONDS']);
  const stallMs = milliseconds(env['EVERROLL_STALL_SECONDS']);
  const patienceMs = milliseconds(env['EVERROLL_PATIENCE_SECONDS']);
  return { ...(patienceMs === undefined ? {} : { patienceMs }), ...(settleMs === undefined ? {} : { settleMs }), ...(stallMs === undefined ? {} : { stallMs }) };
}

function milliseconds(seconds: string | undefined): number | undefined {
  return seconds && Number.isFinite(Number(seconds)) && Number(seconds) >= 0 ? Number(seconds) * 1000 : undefined;
}
