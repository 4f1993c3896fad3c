import { openNodeDriver } from '@everroll/agent';
import { defaultSettings, type SettingsDocument } from '@everroll/protocol';
import { expect, test } from 'vitest';
import { readSettings } from '../src/database/meta.ts';
import { migrate } from '../src/database/schema.ts';
import { changeToSend, observeSettings, observeTaken, setLocally } from '../src/devices/settings.ts';

const id = (digit: string): string => digit.repeat(32);
const document = (version: number, settings: Partial<SettingsDocument['settings']>, ...changes: string[]): SettingsDocument => ({
  version,
  settings: { ...defaultSettings, ...settings },
  clock: 0,
  changes: changes.map((change, at) => ({ version: at + 1, change, registers: ['batteryFloorPercent'] })),
});

test('D3 a change that is sent again is answered with what others have set since, and that holds here', () => {
  const driver = openNodeDriver(':memory:');
  migrate(driver);
  let given = 0;
  const random = { id: () => id(String((given += 1))), fraction: () => 0 };
  observeSettings(driver, document(0, {}), 0);
  setLocally(driver, { sync: false });
  const sent = changeToSend(driver, random)!;
  // It arrived, and its answer was lost. Somebody switched it on again, and this device heard of that before it sent its change once more.
  observeSettings(driver, document(2, { sync: true }, sent.change, id('b')), 0);
  const again = changeToSend(driver, random)!;
  expect([again.change, again.base]).toEqual([sent.change, 2]);
  observeTaken(driver, again, document(3, { sync: true, batteryFloorPercent: 70 }, sent.change, id('b'), id('c')), 0);
  expect(readSettings(driver)).toMatchObject({ sync: true, batteryFloorPercent: 70 });
});
