import { type DeviceSettings, defaultSettings, type ReasonCode, SYNC_NOW_MS } from '@everroll/protocol';
import { describe, expect, test } from 'vitest';
import { type Conditions, unknownConditions } from '../ports/conditions.ts';
import { scheduleBeginsAt, startOfDay, startOfNextDay } from './local-time.ts';
import { CONSENT_BYTES, type Limit, type MobileUse, type WorkClass, workLimits } from './policy.ts';

const noon = new Date(2026, 4, 17, 12, 0).getTime();
const any = Number.MAX_SAFE_INTEGER;

function limits(settings: Partial<DeviceSettings>, conditions: Partial<Conditions>, mobileUse: MobileUse = { day: 0, bytes: 0 }): Record<WorkClass, Limit> {
  return workLimits({ settings: { ...defaultSettings, ...settings }, conditions: { ...unknownConditions, ...conditions }, mobileUse, now: noon });
}

const mobile = { connection: 'mobile' } as const;
const onBattery = { charging: false, batteryPercent: 80 } as const;
const nothing = (code: ReasonCode) => ({ upTo: 0, beyond: { code } });
const everything = { upTo: any, beyond: null };

describe('what may move now', () => {
  test('on a good connection and a charger everything does, and so it does where nothing is known', () => {
    for (const conditions of [{}, { connection: 'wifi', charging: true, batteryPercent: 5 }] as const) {
      for (const limit of Object.values(limits({}, conditions))) expect(limit).toEqual(everything);
    }
  });

  const cases: readonly (readonly [name: string, settings: Partial<DeviceSettings>, conditions: Partial<Conditions>, expected: Partial<Record<WorkClass, object>>])[] = [
    ['mobile data off: nothing but what is asked for', { mobileData: false }, mobile, { metadata: nothing('mobile_data_off'), fresh: nothing('mobile_data_off'), backlog: nothing('mobile_data_off'), asked: { upTo: CONSENT_BYTES }, consented: everything }],
    ['mobile data off holds nothing on Wi-Fi', { mobileData: false }, { connection: 'wifi' }, { backlog: everything }],
    ['a metered Wi-Fi is a metered connection', { mobileData: false }, { connection: 'wifi', metered: true }, { backlog: nothing('mobile_data_off') }],
    ['a mobile connection that the system calls unmetered is none', { mobileData: false }, { connection: 'mobile', metered: false }, { backlog: everything }],
    ['the system’s own switch is told apart', {}, { ...mobile, mobileDataAllowed: false }, { metadata: { upTo: 0, beyond: { code: 'mobile_data_off', evidence: { gate: 'system' } } } }],
    ['an unknown connection counts as metered where the person chose so', { mobileData: false, unknownConditions: 'bad' }, {}, { backlog: nothing('mobile_data_off') }],
    ['unlimited updates: everything', { unlimitedUpdates: true }, mobile, { metadata: everything, fresh: everything, backlog: everything }],
    ['without them: the log, and small originals', {}, mobile, { metadata: everything, backlog: { upTo: CONSENT_BYTES, beyond: { code: 'mobile_allowance_used' } } }],
    ['Low Data Mode holds originals on any connection, unless asked for', {}, { connection: 'wifi', lowDataMode: true }, { metadata: everything, fresh: nothing('low_data_mode'), backlog: nothing('low_data_mode'), asked: everything }],
    ['Wi-Fi only: originals wait, the log does not', { power: 'wifi', unlimitedUpdates: true }, mobile, { metadata: everything, fresh: nothing('waiting_for_wifi'), backlog: nothing('waiting_for_wifi'), asked: { upTo: CONSENT_BYTES } }],
    ['Wi-Fi and charging: the backlog waits for the charger, a fresh photo does not', { power: 'wifi_and_charging' }, { connection: 'wifi', ...onBattery }, { fresh: everything, backlog: nothing('not_charging'), asked: everything }],
    ['a fresh photo waits too where the person chose so', { power: 'wifi_and_charging', freshFirst: false }, { connection: 'wifi', ...onBattery }, { fresh: nothing('not_charging') }],
    ['an unknown charger counts as one', { power: 'wifi_and_charging' }, { connection: 'wifi' }, { backlog: everything }],
    ['… unless the person chose otherwise', { power: 'wifi_and_charging', unknownConditions: 'bad', unlimitedUpdates: true }, { connection: 'wifi' }, { backlog: nothing('not_charging') }],
    ['Low Power Mode', {}, { lowPowerMode: true, charging: true }, { fresh: everything, backlog: nothing('low_power_mode') }],
    ['a low battery', {}, { charging: false, batteryPercent: 19 }, { fresh: everything, backlog: { upTo: 0, beyond: { code: 'battery_low', evidence: { percent: 19, floorPercent: 20 } } } }],
    ['a low battery that is being charged', {}, { charging: true, batteryPercent: 3 }, { backlog: everything }],
    ['a battery at the floor is not below it', {}, { charging: false, batteryPercent: 20 }, { backlog: everything }],
    ['heat', {}, { hot: true }, { fresh: everything, backlog: nothing('too_hot'), asked: everything }],
    ['outside the schedule', { power: 'schedule' }, {}, { fresh: everything, backlog: { upTo: 0, beyond: { code: 'outside_schedule', until: new Date(2026, 4, 17, 22, 0).getTime() } } }],
    ['within the schedule', { power: 'schedule', schedule: { fromMinute: 11 * 60, toMinute: 13 * 60 } }, {}, { backlog: everything }],
    ['what is named is what forbids most', { mobileData: false, power: 'wifi_and_charging' }, { ...mobile, ...onBattery, lowDataMode: true }, { backlog: nothing('mobile_data_off') }],
    ['“Sync now” passes every power policy', { power: 'wifi_and_charging', syncNowUntil: noon + SYNC_NOW_MS }, { connection: 'wifi', charging: false, batteryPercent: 4, hot: true, lowPowerMode: true }, { backlog: everything }],
    ['… and is no consent to pay for mobile data', { mobileData: false, syncNowUntil: noon + 1 }, mobile, { backlog: nothing('mobile_data_off') }],
    ['… and ends', { power: 'wifi_and_charging', syncNowUntil: noon }, { connection: 'wifi', ...onBattery }, { backlog: nothing('not_charging') }],
    ['… and one of a clock that ran a year ahead holds nothing open', { power: 'wifi_and_charging', syncNowUntil: noon + 365 * 86_400_000 }, { connection: 'wifi', ...onBattery }, { backlog: nothing('not_charging') }],
  ];
  test.each(cases)('%s', (_name, settings, conditions, expected) => {
    expect(limits(settings, conditions)).toMatchObject(expected);
  });

  test('the allowance counts down over the day and is whole again on the next', () => {
    const used = (bytes: number, day = startOfDay(noon)) => limits({}, mobile, { day, bytes }).backlog;
    expect(used(190_000_000)).toEqual({ upTo: 10_000_000, beyond: { code: 'mobile_allowance_used', evidence: { limitBytes: 200_000_000, usedBytes: 190_000_000 }, until: startOfNextDay(noon) } });
    expect(used(300_000_000).upTo).toBe(0);
    expect(used(300_000_000, startOfDay(noon - 86_400_000))).toMatchObject({ upTo: CONSENT_BYTES });
    // With nothing used, waiting for tomorrow would bring no more: there is no time to name.
    expect(used(0).beyond?.until).toBeNull();
  });
});

describe('the schedule', () => {
  const at = (hour: number, minute = 0) => new Date(2026, 4, 17, hour, minute).getTime();
  const night = { fromMinute: 22 * 60, toMinute: 6 * 60 };
  test('one that goes over midnight is on in the evening and in the morning', () => {
    for (const on of [at(22), at(23, 59), at(0), at(5, 59)]) expect(scheduleBeginsAt(night, on)).toBeNull();
    for (const off of [at(6), at(12), at(21, 59)]) expect(scheduleBeginsAt(night, off)).toBe(at(22));
  });
  test('one that is over for today begins tomorrow', () => {
    expect(scheduleBeginsAt({ fromMinute: 60, toMinute: 120 }, at(12))).toBe(new Date(2026, 4, 18, 1, 0).getTime());
  });
  test('equal ends are the whole day', () => {
    expect(scheduleBeginsAt({ fromMinute: 60, toMinute: 60 }, at(12))).toBeNull();
  });
});
