import type { Progress, Status, Why } from '@everroll/engine';
import type { AssetId, CheckResult, DeviceId, DeviceOverview, DeviceSettings, FixAction } from '@everroll/protocol';
import type { Result, Watched } from './watched.ts';

/** A photo that somebody misses: by its file, or by a part of its name. */
export type Missed = { readonly file: Blob } | { readonly name: string };

/** What the library has of it. */
export interface Found {
  readonly asset: AssetId;
  /** Of the file that was asked for; empty where the library has forgotten it. */
  readonly name: string;
  /** As `AssetView.shown`. */
  readonly shown: string;
  /** Where it is to be seen; `purged`: a person deleted it for good. */
  readonly place: 'timeline' | 'archive' | 'hidden' | 'deleted' | 'purged';
  readonly onServer: boolean;
  /** Of what is in Recently Deleted: when it goes for good. */
  readonly purgedAt: number | null;
  /** Why this browser's file of it is not saved yet. */
  readonly reason: Why['reason'];
}

export interface Sought {
  /** A bounded number, the newest first. */
  readonly found: readonly Found[];
  /** Files of this browser that are no photo of the library yet. */
  readonly waiting: readonly Why[];
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
  /** "Why is this photo not here?" */
  seek(missed: Missed): Promise<Result<Sought>>;
  /** The seven checks, the deeper ones, and the server's own; each result as soon as it is there. */
  diagnose(onResult: (result: CheckResult) => void): Promise<Result<readonly CheckResult[]>>;
  fix(action: FixAction, retest: readonly CheckResult['check'][]): Promise<Result<Fixed>>;
  /** For someone who helps: no pictures, names, places or secrets. Shown before it is saved. */
  supportBundle(): Promise<Result<{ readonly fileName: string; readonly text: string }>>;

  /** All of the account, as each last told of itself. Times are of this device's clock. */
  readonly devices: Watched<Result<readonly DeviceOverview[]>>;
  settingsOf(id: DeviceId): Promise<Result<DeviceSettings>>;
  /** It obeys at once where it is in touch, else as soon as it is. @returns all of its settings. */
  setDevice(id: DeviceId, change: Partial<DeviceSettings>): Promise<Result<DeviceSettings>>;
  renameDevice(id: DeviceId, name: string): Promise<Result<void>>;
  /** Ends its session: it keeps what it has and can sign in again. */
  signOutDevice(id: DeviceId): Promise<Result<void>>;
}
