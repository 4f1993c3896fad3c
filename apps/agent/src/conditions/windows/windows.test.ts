import { expect, test } from 'vitest';
import { readingOf } from './answer.ts';

// Names and values of the enumerations NetworkCostType, BatteryStatus, PowerSupplyStatus and EnergySaverStatus (learn.microsoft.com, Windows.Networking.Connectivity and Windows.System.Power).
const wifi = '{"isWwan":false,"isWlan":true,"interfaceType":71,"cost":"Unrestricted","roaming":false,"overDataLimit":false,"backgroundRestricted":false}';
const onBattery = '"battery":"Discharging","supply":"NotPresent","percent":17,"saver":"On"';
const desktop = '"battery":"NotPresent","supply":"Adequate","percent":100,"saver":"Disabled"';

test.each([
  ['a laptop on Wi-Fi and its battery', `{"network":${wifi},${onBattery}}\r\n`, { connection: 'wifi', metered: false, lowDataMode: false, charging: false, batteryPercent: 17, lowPowerMode: true }],
  ['a Wi-Fi that was set to metered', `{"network":${wifi.replace('Unrestricted', 'Fixed')},${desktop}}`, { connection: 'wifi', metered: true, lowDataMode: false, charging: true, lowPowerMode: false }],
  ['a modem abroad', `{"network":{"isWwan":true,"isWlan":false,"interfaceType":243,"cost":"Unrestricted","roaming":true,"overDataLimit":false,"backgroundRestricted":true},${onBattery.replace('"On"', '"Off"')}}`, { connection: 'mobile', metered: true, lowDataMode: true, charging: false, batteryPercent: 17, lowPowerMode: false }],
  ['a cable of which no cost is known', `{"network":{"isWwan":false,"isWlan":false,"interfaceType":6,"cost":"Unknown","roaming":false,"overDataLimit":false,"backgroundRestricted":false},${desktop}}`, { connection: 'wired', lowDataMode: false, charging: true, lowPowerMode: false }],
  ['no connection', `{"network":null,${desktop}}`, { charging: true, lowPowerMode: false }],
  ['another answer', 'Unable to find type [Windows.System.Power.PowerManager].', {}],
])('%s', (_name, output, expected) => {
  expect(readingOf(output)).toEqual(expected);
});
