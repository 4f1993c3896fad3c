import type { Conditions } from '@everroll/engine';
import type { DeviceSettings } from '@everroll/protocol';
import { settingsOf } from '../checks/policy.ts';
import type { Device } from '../device/device.ts';
import { noteSettings } from './permission.ts';
import { chosen, type Handlers } from './handler.ts';

/** What happens to a device's network and power; photos here have some hundred bytes. */
const CHANGES: readonly Partial<Conditions>[] = [
  { metered: true },
  { metered: true, charging: false, batteryPercent: 50 },
  { metered: false },
  { metered: null, connection: 'mobile' },
  { metered: null, connection: 'mobile', charging: false, batteryPercent: 15 },
  { metered: null, connection: 'wifi' },
  { metered: null, connection: null },
  { lowDataMode: true },
  { lowDataMode: false },
  { mobileDataAllowed: false },
  { mobileDataAllowed: null },
  { charging: false, batteryPercent: 60 },
  { charging: false, batteryPercent: 7 },
  { charging: true, batteryPercent: 30 },
  { charging: null, batteryPercent: null },
  { lowPowerMode: true },
  { lowPowerMode: false },
  { hot: true },
  { hot: false },
];

const SETTINGS: readonly Partial<DeviceSettings>[] = [
  { mobileData: false },
  { mobileData: false, freshFirst: false },
  { mobileData: true },
  { unlimitedUpdates: true },
  { unlimitedUpdates: false, mobileAllowanceBytes: 700 },
  { unlimitedUpdates: false, mobileAllowanceBytes: 1_200 },
  { unlimitedUpdates: false, mobileAllowanceBytes: 0 },
  { power: 'always' },
  { power: 'wifi' },
  { power: 'wifi_and_charging' },
  { power: 'wifi_and_charging', freshFirst: false },
  { power: 'wifi_and_charging', freshFirst: false },
  { power: 'schedule', schedule: { fromMinute: 22 * 60, toMinute: 6 * 60 } },
  { power: 'schedule', schedule: { fromMinute: 11 * 60, toMinute: 15 * 60 } },
  { freshFirst: true },
  { batteryFloorPercent: 70, freshFirst: false },
  { unknownConditions: 'bad' },
  { unknownConditions: 'good' },
];

/** Chance alone would seldom pull the charger of just the device that is to wait for it. */
function whatHurts(device: Device): Partial<Conditions> | undefined {
  const { power, mobileData, mobileAllowanceBytes } = settingsOf(device);
  if (power === 'wifi_and_charging' && device.surroundings.charging !== false) return { charging: false };
  return !mobileData || mobileAllowanceBytes < 2_000 ? { metered: true } : undefined;
}

export const surroundingsHandlers: Handlers = {
  'surroundings': (world, device, action) => {
    const change = (action.y % 2 === 0 ? whatHurts(device) : undefined) ?? chosen(CHANGES, action.x) ?? {};
    device.surroundings = { ...device.surroundings, ...change };
    world.struck('surroundings');
    device.ask((engine) => engine.wake());
    return `is told ${JSON.stringify(change)}`;
  },
  'policy': (_world, device, action) => {
    const change = chosen(SETTINGS, action.x) ?? {};
    return device.ask((engine) => {
      engine.set(change);
      return `is set to ${JSON.stringify(change)}`;
    }) ?? null;
  },
  'sync now': (world, device) => {
    device.followed.syncNow = true;
    const done = device.ask((engine) => {
      engine.syncNow();
      return 'is to sync now';
    });
    noteSettings(world, device);
    return done ?? null;
  },
  'ask': (_world, device, action) => {
    const waiting = device.database.rows("SELECT id, local_id FROM item WHERE stage IN ('settling', 'inspect', 'ask', 'send') ORDER BY id");
    const item = chosen(waiting, action.x);
    if (!item) return null;
    device.followed.asked = true;
    return device.ask((engine) => `is asked for ${String(item['local_id'])}: ${engine.ask({ itemId: Number(item['id']) }, action.y % 2 === 0)}`) ?? null;
  },
};
