import { describe, expect, test } from 'vitest';
import { macosReader } from './macos.ts';
import { interfaceFlags, interfaceOfRoute, portKind } from './network.ts';
import { batteryOf, isLowPowerMode, isThrottled } from './pmset.ts';

// Outputs as they stand in pmset(1), networksetup(8) and in bug reports of programs that read them.
const ROUTE = '   route to: default\ndestination: default\n       mask: default\n    gateway: 192.168.1.1\n  interface: en0\n      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>\n';
const PORTS = `
Hardware Port: Wi-Fi
Device: en0
Ethernet Address: 3c:22:fb:00:00:01

Hardware Port: iPhone USB
Device: en7
Ethernet Address: 6e:5a:6b:12:34:56

Hardware Port: Thunderbolt Bridge
Device: bridge0
Ethernet Address: 36:21:bb:3a:7a:40

Hardware Port: USB 10/100/1000 LAN
Device: en6
Ethernet Address: 3a:3e:fc:1e:ab:41

Hardware Port: com.wireguard.macos
Device:

VLAN Configurations
===================
`;

test.each([
  ['en0', 'wifi'],
  ['en7', 'mobile'],
  ['en6', 'wired'],
  ['utun4', null],
])('the port of %s', (device, expected) => {
  expect(portKind(PORTS, device)).toBe(expected);
});

test('the interface of the default route', () => {
  expect(interfaceOfRoute(ROUTE)).toBe('en0');
  expect(interfaceOfRoute('route: writing to routing socket: not in table\n')).toBeNull();
});

test('a personal hotspot, and Low Data Mode', () => {
  const head = 'en0: flags=8863<UP,BROADCAST,SMART,RUNNING,SIMPLEX,MULTICAST> mtu 1500 index 15\n';
  expect(interfaceFlags(`${head}\teflags=41200980<AUTOCONFIGURING,TXSTART,EXPENSIVE,ARPLL>\n\txflags=204<NOAUTONX,CONSTRAINED>\n`)).toEqual({ metered: true, lowDataMode: true });
  expect(interfaceFlags(`${head}\teflags=41200880<TXSTART,NOACKPRIO,ARPLL>\n\txflags=4<NOAUTONX>\n`)).toEqual({});
  expect(interfaceFlags(head)).toEqual({});
});

test.each([
  ["Now drawing from 'Battery Power'\n -InternalBattery-0 (id=24313955)\t19%; discharging; 2:01 remaining present: true\n", { charging: false, batteryPercent: 19 }],
  ["Now drawing from 'AC Power'\n -InternalBattery-0 (id=28442723)\t7%; AC attached; not charging present: true\n", { charging: true, batteryPercent: 7 }],
  ["Now drawing from 'AC Power'\n -InternalBattery-0 (id=22675555)\t100%; charged; 0:00 remaining present: true\n", { charging: true, batteryPercent: 100 }],
  ["Now drawing from 'AC Power'\n", { charging: true }],
  ['', {}],
])('pmset -g batt: %j', (output, expected) => {
  expect(batteryOf(output)).toEqual(expected);
});

test.each([
  ['System-wide power settings:\nCurrently in use:\n standby              1\n lowpowermode         1\n womp                 1\n', true],
  ['System-wide power settings:\nCurrently in use:\n lowpowermode         0\n', false],
  ['Currently in use:\n powermode            1\n sleep                1\n', true],
  ['Currently in use:\n powermode            2\n', false],
  ['Currently in use:\n standbydelaylow      10800\n sleep                1\n', null],
])('pmset -g: %j', (output, expected) => {
  expect(isLowPowerMode(output)).toBe(expected);
});

test.each([
  ['Note: No thermal warning level has been recorded\nNote: No performance warning level has been recorded\n2020-11-24 13:10:40 +0100 CPU Power notify\n\tCPU_Scheduler_Limit \t= 100\n\tCPU_Available_CPUs \t= 8\n\tCPU_Speed_Limit \t= 35\n', true],
  ['2020-11-24 13:10:40 +0100 CPU Power notify\n\tCPU_Scheduler_Limit \t= 100\n\tCPU_Speed_Limit \t= 100\n', false],
  ['Note: No thermal warning level has been recorded\nNote: No performance warning level has been recorded\nNote: No CPU power status has been recorded\n', false],
  ['', null],
])('pmset -g therm: %j', (output, expected) => {
  expect(isThrottled(output)).toBe(expected);
});

describe('a whole Mac', () => {
  test('on a phone’s connection and its battery', async () => {
    const calls: string[] = [];
    const answers: Readonly<Record<string, string>> = {
      '-n get default': ROUTE.replace('en0', 'en7'),
      '-g batt': "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=1)\t64%; discharging; (no estimate) present: true\n",
      '-g': ' lowpowermode         1\n',
      '-g therm': 'Note: No thermal warning level has been recorded\n',
      '-listallhardwareports': PORTS,
    };
    const read = macosReader((_program, args) => {
      calls.push(args.join(' '));
      return Promise.resolve(answers[args.join(' ')] ?? null);
    });
    const expected = { connection: 'mobile', charging: false, batteryPercent: 64, lowPowerMode: true, hot: false };
    expect([await read(), await read()]).toEqual([expected, expected]);
    expect(calls.filter((call) => call === '-listallhardwareports')).toHaveLength(1);
  });

  test('one whose tools answer nothing', async () => {
    expect(await macosReader(() => Promise.resolve(null))()).toEqual({});
  });
});
