import type { Progress, Status, Why } from '@everroll/engine';
import type { AssetId, CheckResult, Device as DeviceRow, DeviceId, FixAction } from '@everroll/protocol';
import type { Result, Watched } from './watched.ts';

/** One device of the account, as the server knows it. */
export interface DeviceSummary {
  readonly device: DeviceRow;
  /** What it last said of itself; null: it said nothing yet, or its program is too old for that. */
  readonly status: DeviceStatus | null;
}

/** Of a device elsewhere: as of `at`, and no later. */
export interface DeviceStatus {
  readonly at: number;
  readonly items: Status['items'];
  readonly atRisk: Status['atRisk'];
  readonly reasons: Status['reasons'];
}

export interface Fixed {
  /** The checks that it was for, run again. */
  readonly results: readonly CheckResult[];
}

export interface Health {
  /** This device: states, reasons, what is at risk. `found` is the sum of the other counts. */
  readonly status: Watched<Status>;
  readonly progress: Watched<Progress>;
  /** What waits or failed on this device, the oldest first. */
  waiting(from: number, count: number): Promise<readonly Why[]>;
  /** "Why is this photo not here?", of one photo or of a file's name. */
  why(query: { readonly assetId: AssetId } | { readonly name: string }): Promise<readonly Why[]>;
  /** The seven checks, the deeper ones, and the server's own; each result as soon as it is there. */
  diagnose(onResult: (result: CheckResult) => void): Promise<Result<readonly CheckResult[]>>;
  fix(action: FixAction, retest: readonly CheckResult['check'][]): Promise<Result<Fixed>>;
  /** For someone who helps: no pictures, names, places or secrets. Shown before it is saved. */
  supportBundle(): Promise<Result<{ readonly fileName: string; readonly text: string }>>;

  devices(): Promise<Result<readonly DeviceSummary[]>>;
  renameDevice(id: DeviceId, name: string): Promise<Result<void>>;
  /** Ends its session: it keeps what it has and can sign in again. */
  signOutDevice(id: DeviceId): Promise<Result<void>>;
}
