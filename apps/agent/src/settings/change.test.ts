import { defaultSettings } from '@everroll/protocol';
import { expect, test } from 'vitest';
import { entriesOf, parseChange } from './change.ts';
import { settingNames } from './names.ts';

test.each([
  ['sync=off', { sync: false }],
  ['mobile-data=on', { mobileData: true }],
  ['unlimited-updates=on', { unlimitedUpdates: true }],
  ['mobile-allowance=200MB', { mobileAllowanceBytes: 200_000_000 }],
  ['mobile-allowance=1.5 gb', { mobileAllowanceBytes: 1_500_000_000 }],
  ['mobile-allowance=0', { mobileAllowanceBytes: 0 }],
  ['mobile-allowance=64k', { mobileAllowanceBytes: 64_000 }],
  ['power=wifi-and-charging', { power: 'wifi_and_charging' }],
  ['schedule=22:00-6:00', { schedule: { fromMinute: 1320, toMinute: 360 } }],
  ['schedule=0:00-24:00', { schedule: { fromMinute: 0, toMinute: 0 } }],
  ['battery-floor=20%', { batteryFloorPercent: 20 }],
  ['fresh-first=off', { freshFirst: false }],
  ['unknown-conditions=bad', { unknownConditions: 'bad' }],
])('%s', (pair, settings) => {
  expect(parseChange([pair])).toEqual({ ok: true, change: { settings, conditions: {} } });
});

test.each([
  ['conditions.metered=yes', { metered: true }],
  ['conditions.connection=mobile', { connection: 'mobile' }],
  ['conditions.charging=no', { charging: false }],
  ['conditions.battery=35', { batteryPercent: 35 }],
  ['conditions.battery=auto', { batteryPercent: null }],
  ['conditions.online=no', { online: false }],
])('%s', (pair, conditions) => {
  expect(parseChange([pair])).toEqual({ ok: true, change: { settings: {}, conditions } });
});

test.each([
  ['power=sometimes', 'always, wifi, wifi-and-charging, schedule'],
  ['schedule=25:00-6:00', '22:00-06:00'],
  ['schedule=22:60-6:00', '22:00-06:00'],
  ['mobile-allowance=much', '200MB'],
  ['mobile-allowance=-5MB', '200MB'],
  ['battery-floor=101', '0 to 100'],
  ['conditions.metered=maybe', 'yes, no, auto'],
  ['conditions.metered', 'yes, no, auto'],
  ['sync=auto', 'on, off'],
  ['speed=1', 'mobile-allowance, power, schedule'],
  ['pausedUntil=5', 'mobile-allowance, power, schedule'],
])('%s is wrong, and what is possible is listed', (pair, possible) => {
  expect(parseChange(['sync=off', pair])).toMatchObject({ ok: false, sentence: expect.stringContaining(possible) });
});

test('what is shown can be typed', () => {
  const shown = entriesOf(settingNames).map(({ name, key, form }) => `${name}=${form.write(defaultSettings[key as keyof typeof defaultSettings])}`);
  const parsed = parseChange(shown.map((pair) => pair.replace(' %', '%')));
  if (!parsed.ok) return expect.fail(parsed.sentence);
  expect(Object.keys(parsed.change.settings)).toHaveLength(shown.length);
  expect({ ...defaultSettings, ...parsed.change.settings }).toEqual(defaultSettings);
});
