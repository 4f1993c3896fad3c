import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { interfaceKind } from './interface-kind.ts';
import { linuxReader } from './linux.ts';
import { networkManagerAnswer } from './network-manager.ts';
import { isPowerSaver } from './power-profile.ts';
import { powerOf } from './power-supply.ts';
import { defaultInterface } from './route.ts';
import { isHot, zoneOf } from './thermal.ts';

// Outputs as machines print them: a cloud machine's route, and those of the kernel's and the tools' documentation and bug reports.
const ROUTE_HEAD = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT                                                       \n';
const CABLE = 'enp3s0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n';
const WIFI = 'wlp2s0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n';
const SUBNET = 'wlp2s0\t0001A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0\n';
const NONE_V6 = '00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n';
const WWAN_V6 = '00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 000002bc 00000002 00000000 00000003 wwan0\n';

describe('the interface of the default route', () => {
  test.each([
    ['the smaller metric of two', ROUTE_HEAD + WIFI + CABLE + SUBNET, NONE_V6, 'enp3s0'],
    ['one', ROUTE_HEAD + SUBNET + WIFI, '', 'wlp2s0'],
    ['IPv6 alone', ROUTE_HEAD, NONE_V6 + WWAN_V6, 'wwan0'],
    ['none, and the kernel’s own refusal', ROUTE_HEAD + SUBNET, NONE_V6, null],
    ['nothing to read', '', '', null],
  ])('%s', (_name, v4, v6, expected) => {
    expect(defaultInterface(v4, v6)).toBe(expected);
  });
});

test.each([
  ['Wi-Fi', ['device', 'phy80211', 'wireless'], 'DEVTYPE=wlan\nINTERFACE=wlp2s0\nIFINDEX=3\n', '1', 'wifi'],
  ['a modem', ['device'], 'DEVTYPE=wwan\nINTERFACE=wwan0\nIFINDEX=5\n', '65534', 'mobile'],
  ['a cable', ['device', 'duplex'], 'INTERFACE=enp3s0\nIFINDEX=2\n', '1', 'wired'],
  ['a bridge, whose ports may be anything', ['bridge'], 'DEVTYPE=bridge\nINTERFACE=br0\nIFINDEX=6\n', '1', null],
  ['WireGuard', ['queues'], 'DEVTYPE=wireguard\nINTERFACE=wg0\nIFINDEX=7\n', '65534', null],
  ['a pair of a container', ['queues'], 'INTERFACE=eth0\nIFINDEX=2\n', '1', null],
])('an interface that is %s', (_name, entries, uevent, type, expected) => {
  expect(interfaceKind({ entries, uevent, type })).toBe(expected);
});

test.each([
  ['a phone’s hotspot', 'u 3\ns "802-11-wireless"\n', { metered: true, connection: 'wifi' }],
  ['set to metered by hand', 'u 1\ns "802-3-ethernet"\n', { metered: true, connection: 'wired' }],
  ['set to unmetered by hand', 'u 2\ns "gsm"\n', { metered: false, connection: 'mobile' }],
  ['no sign of it', 'u 4\ns "802-11-wireless"\n', { connection: 'wifi' }],
  ['no connection', 'u 0\ns ""\n', {}],
  ['a VPN', 'u 4\ns "vpn"\n', {}],
  ['another program’s words', 'nothing of the kind', {}],
])('NetworkManager: %s', (_name, answer, expected) => {
  expect(networkManagerAnswer(answer)).toEqual(expected);
});

describe('charger and battery', () => {
  const battery = (status: string, more = ''): string => `DEVTYPE=power_supply\nPOWER_SUPPLY_NAME=BAT0\nPOWER_SUPPLY_TYPE=Battery\nPOWER_SUPPLY_STATUS=${status}\nPOWER_SUPPLY_PRESENT=1\nPOWER_SUPPLY_TECHNOLOGY=Li-poly\nPOWER_SUPPLY_ENERGY_FULL=55500000\nPOWER_SUPPLY_ENERGY_NOW=32350000\nPOWER_SUPPLY_CAPACITY=58\nPOWER_SUPPLY_CAPACITY_LEVEL=Normal\n${more}`;
  const mains = (online: 0 | 1): string => `DEVTYPE=power_supply\nPOWER_SUPPLY_NAME=ACAD\nPOWER_SUPPLY_TYPE=Mains\nPOWER_SUPPLY_ONLINE=${online}\n`;
  const second = 'POWER_SUPPLY_TYPE=Battery\nPOWER_SUPPLY_STATUS=Unknown\nPOWER_SUPPLY_ENERGY_FULL=20000000\nPOWER_SUPPLY_ENERGY_NOW=0\nPOWER_SUPPLY_CAPACITY=0\n';
  const mouse = 'POWER_SUPPLY_NAME=hidpp_battery_0\nPOWER_SUPPLY_TYPE=Battery\nPOWER_SUPPLY_SCOPE=Device\nPOWER_SUPPLY_STATUS=Discharging\nPOWER_SUPPLY_CAPACITY=10\n';
  test.each([
    ['no battery', [], { charging: true }],
    ['a desktop with a mouse', [mouse], { charging: true }],
    ['on battery', [battery('Discharging'), mains(0), mouse], { charging: false, batteryPercent: 58 }],
    ['on a charger', [battery('Charging'), mains(1)], { charging: true, batteryPercent: 58 }],
    ['on a charger that holds the charge', [battery('Not charging')], { charging: true, batteryPercent: 58 }],
    ['no word of the charger', [battery('Unknown')], { batteryPercent: 58 }],
    ['an unplugged charger and no word of the battery', [battery('Unknown'), mains(0)], { charging: false, batteryPercent: 58 }],
    ['two batteries, each by its size', [battery('Discharging'), second, mains(0)], { charging: false, batteryPercent: 43 }],
    ['a bay without its battery', ['POWER_SUPPLY_TYPE=Battery\nPOWER_SUPPLY_PRESENT=0\n', mains(1)], { charging: true }],
  ])('%s', (_name, supplies, expected) => {
    expect(powerOf(supplies)).toEqual(expected);
  });
});

test.each([
  ['s "power-saver"\n', true],
  ['s "balanced"\n', false],
  ['', null],
])('the power profile %j', (answer, expected) => {
  expect(isPowerSaver(answer)).toBe(expected);
});

describe('heat', () => {
  const zone = (temp: string, ...trips: readonly (readonly [string, string])[]) => zoneOf(new Map([['temp', temp], ['mode', 'enabled'], ...trips.flatMap(([kind, at], n) => [[`trip_point_${n}_type`, kind] as const, [`trip_point_${n}_temp`, at] as const])]));
  test.each([
    ['below its passive trip point', zone('61000\n', ['critical\n', '105000\n'], ['passive\n', '95000\n']), false],
    ['at its passive trip point', zone('95000\n', ['critical\n', '105000\n'], ['passive\n', '95000\n']), true],
    ['close to where it switches off', zone('100500\n', ['critical\n', '105000\n']), true],
    ['a fan’s trip point is none', zone('80000\n', ['active\n', '70000\n'], ['critical\n', '105000\n']), false],
  ])('%s', (_name, read, expected) => {
    expect(isHot([read!], false)).toBe(expected);
  });
  test('a zone that tells nothing', () => {
    expect(zone('45000\n', ['passive\n', '-274000\n'])).toBeNull();
    expect(zone('45000\n', ['passive\n', '49000\n'])).toBeNull();
    expect(zone('')).toBeNull();
    expect(zoneOf(new Map([['temp', '45000'], ['mode', 'disabled'], ['trip_point_0_type', 'hot'], ['trip_point_0_temp', '90000']]))).toBeNull();
    expect(isHot([], false)).toBeNull();
  });
  test('what was hot is so until it has cooled down', () => {
    expect([91_000, 90_000, 89_999].map((temperature) => isHot([{ temperature, limit: 95_000 }], true))).toEqual([true, true, false]);
  });
});

describe('a whole machine', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'everroll-linux-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  test('a laptop without NetworkManager', async () => {
    put('proc/net/route', ROUTE_HEAD + WIFI);
    put('sys/class/net/wlp2s0/uevent', 'DEVTYPE=wlan\n');
    put('sys/class/net/wlp2s0/type', '1\n');
    put('sys/class/power_supply/BAT0/uevent', 'POWER_SUPPLY_TYPE=Battery\nPOWER_SUPPLY_STATUS=Discharging\nPOWER_SUPPLY_CAPACITY=17\n');
    put('sys/class/thermal/thermal_zone0/temp', '97000\n');
    put('sys/class/thermal/thermal_zone0/trip_point_0_type', 'passive\n');
    put('sys/class/thermal/thermal_zone0/trip_point_0_temp', '95000\n');
    const read = linuxReader({ root, run: () => Promise.resolve(null) });
    expect(await read()).toEqual({ connection: 'wifi', charging: false, batteryPercent: 17, hot: true });
  });

  test('NetworkManager’s word goes before what the kernel shows', async () => {
    put('proc/net/route', ROUTE_HEAD + CABLE);
    const read = linuxReader({ root, run: (_program, args) => Promise.resolve(args.includes('Metered') ? 'u 1\ns "gsm"\n' : 's "power-saver"\n') });
    expect(await read()).toEqual({ connection: 'mobile', metered: true, charging: true, lowPowerMode: true });
  });

  test('one that tells nothing at all', async () => {
    expect(await linuxReader({ root, run: () => Promise.resolve(null) })()).toEqual({ charging: true });
  });
});
