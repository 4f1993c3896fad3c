import type { Conditions } from '@everroll/engine';
import type { DeviceSettings } from '@everroll/protocol';
import { type Form, onOff, or, percent, size, span, words, yesNo } from './form.ts';

/** What a person may set, by the names of the command line. A pause and "Sync now" have commands of their own. */
export type SettingKey = Exclude<keyof DeviceSettings, 'pausedUntil' | 'pausedAt' | 'syncNowUntil'>;

export interface Named<Key, Value> {
  readonly name: string;
  readonly key: Key;
  readonly form: Form<Value>;
}

type SettingNames = { readonly [Key in SettingKey]: Named<Key, DeviceSettings[Key]> };
type ConditionNames = { readonly [Key in keyof Conditions]: Named<Key, NonNullable<Conditions[Key]>> };

export const settingNames: SettingNames = {
  sync: { name: 'sync', key: 'sync', form: onOff },
  mobileData: { name: 'mobile-data', key: 'mobileData', form: onOff },
  unlimitedUpdates: { name: 'unlimited-updates', key: 'unlimitedUpdates', form: onOff },
  mobileAllowanceBytes: { name: 'mobile-allowance', key: 'mobileAllowanceBytes', form: size },
  power: { name: 'power', key: 'power', form: words({ 'always': 'always', 'wifi': 'wifi', 'wifi-and-charging': 'wifi_and_charging', 'schedule': 'schedule' }) },
  schedule: { name: 'schedule', key: 'schedule', form: span },
  batteryFloorPercent: { name: 'battery-floor', key: 'batteryFloorPercent', form: percent },
  freshFirst: { name: 'fresh-first', key: 'freshFirst', form: onOff },
  originals: { name: 'originals', key: 'originals', form: words({ keep: 'keep', optimise: 'optimise' }) },
  storageLimitBytes: { name: 'storage-limit', key: 'storageLimitBytes', form: or('none', size) },
  freeFloorBytes: { name: 'free-floor', key: 'freeFloorBytes', form: or('auto', size) },
  unknownConditions: { name: 'unknown-conditions', key: 'unknownConditions', form: words({ good: 'good', bad: 'bad' }) },
};

export const conditionNames: ConditionNames = {
  online: { name: 'conditions.online', key: 'online', form: yesNo },
  connection: { name: 'conditions.connection', key: 'connection', form: words({ wifi: 'wifi', wired: 'wired', mobile: 'mobile' }) },
  metered: { name: 'conditions.metered', key: 'metered', form: yesNo },
  lowDataMode: { name: 'conditions.low-data-mode', key: 'lowDataMode', form: yesNo },
  mobileDataAllowed: { name: 'conditions.mobile-data-allowed', key: 'mobileDataAllowed', form: yesNo },
  charging: { name: 'conditions.charging', key: 'charging', form: yesNo },
  batteryPercent: { name: 'conditions.battery', key: 'batteryPercent', form: percent },
  lowPowerMode: { name: 'conditions.low-power-mode', key: 'lowPowerMode', form: yesNo },
  hot: { name: 'conditions.hot', key: 'hot', form: yesNo },
};
