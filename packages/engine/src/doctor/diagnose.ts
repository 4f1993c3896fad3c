import { cannotTell, type CheckName, type CheckResult, deeperChecks, found, reasons, sevenChecks, STALLED_MS } from '@everroll/protocol';
import type { Ports } from '../ports/world.ts';
import { checkConnection } from './checks/connection.ts';
import { checkClock, checkEpoch, checkItems, checkLocalDatabase, checkServer } from './checks/deeper.ts';
import { checkPower } from './checks/power.ts';
import { checkLeases, checkRestart } from './checks/restart.ts';
import { checkSettings } from './checks/settings.ts';
import { checkDeviceStorage, checkStoragePlan } from './checks/storage.ts';
import { checkUpdate } from './checks/update.ts';
import { type Examination, examine } from './examination.ts';
import { integrityOf } from './integrity.ts';
import type { Probes } from './probes.ts';

export interface DiagnoseOptions {
  readonly signal: AbortSignal;
  /** These alone, after something was mended; else all of them. */
  readonly only?: readonly CheckName[];
  /** What can go on and has made no progress for so long is stuck; else as long as the server and the other devices think so too. */
  readonly stallMs?: number;
  /** False: nobody outside this device is asked, as policy lets nothing move (I7). */
  readonly mayAsk?: boolean;
}

type DeviceCheck = (typeof sevenChecks)[number] | (typeof deeperChecks)[number] | 'server';

const checks: Readonly<Record<DeviceCheck, (exam: Examination) => Promise<CheckResult[]>>> = {
  settings: checkSettings,
  connection: checkConnection,
  storage_plan: checkStoragePlan,
  device_storage: checkDeviceStorage,
  restart: checkRestart,
  update: checkUpdate,
  power: checkPower,
  local_database: checkLocalDatabase,
  leases: checkLeases,
  clock: checkClock,
  epoch: checkEpoch,
  items: checkItems,
  server: checkServer,
};
const order: readonly DeviceCheck[] = [...sevenChecks, ...deeperChecks, 'server'];

/**
 * Goes through the seven checks in their order and then the deeper ones, and says each result as
 * soon as it is there. A check that cannot run gives `unknown` and keeps no other from running.
 */
export async function* diagnose(ports: Ports, probes: Probes, { signal, only, stallMs = STALLED_MS, mayAsk = true }: DiagnoseOptions): AsyncGenerator<CheckResult> {
  let exam: Examination | undefined;
  for (const name of order) {
    if (only !== undefined && !isAsked(name, only)) continue;
    if (signal.aborted) return;
    let results: CheckResult[];
    try {
      exam ??= examine(ports, probes, { signal, stallMs, mayAsk });
      results = await checks[name](exam);
    } catch (error) {
      if (signal.aborted) return;
      results = [broken(name, ports, error)];
    }
    yield* results;
  }
}

/** A damaged database breaks any check at any place; it is told as what it is, once. */
function broken(check: DeviceCheck, { driver, clock }: Ports, error: unknown): CheckResult {
  const { state, detail } = integrityOf(driver, 'quick');
  if (state !== 'damaged') return cannotTell(check, `The check itself failed (${error instanceof Error ? error.name : 'no error'}).`);
  return check === 'local_database' ? found(check, 'local_database_corrupt', { since: clock.now(), names: { detail: detail.slice(0, 1000) } }) : cannotTell(check, reasons.local_database_corrupt.sentence);
}

/** The server's own checks are told all together. */
function isAsked(name: DeviceCheck, only: readonly CheckName[]): boolean {
  return only.includes(name) || (name === 'server' && only.some((check) => !(check in checks)));
}
