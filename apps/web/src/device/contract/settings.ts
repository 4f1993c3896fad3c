import type { Conditions } from '@everroll/engine';
import type { DeviceSettings } from '@everroll/protocol';
import type { Result, Watched } from './watched.ts';

export interface SettingsView {
  readonly settings: DeviceSettings;
  /** What this browser can tell of network and power; null is unknown to it. */
  readonly conditions: Conditions;
  /** Bytes of originals that went over a metered connection today. */
  readonly mobileUsedBytes: number;
}

export interface Settings {
  readonly view: Watched<SettingsView>;
  /** What is not named stays as it is. Fails with `invalid_request`. */
  set(change: Partial<DeviceSettings>): Promise<Result<void>>;
}
