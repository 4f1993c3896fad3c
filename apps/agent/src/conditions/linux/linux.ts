import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunProgram } from '../program.ts';
import type { Read, Reading } from '../reading.ts';
import { interfaceKind } from './interface-kind.ts';
import { NETWORK_MANAGER, networkManagerAnswer } from './network-manager.ts';
import { powerOf } from './power-supply.ts';
import { POWER_PROFILES, isPowerSaver } from './power-profile.ts';
import { defaultInterface } from './route.ts';
import { isHot, zoneOf, type ThermalZone } from './thermal.ts';

/** Linux: the kernel's files below `/proc` and `/sys`, and what NetworkManager and power-profiles-daemon answer over D-Bus. */
export function linuxReader({ root, run }: { readonly root: string; readonly run: RunProgram }): Read {
  let wasHot = false;
  return async () => {
    const [network, power, zones, profile] = await Promise.all([readNetwork(root, run), readPower(root), readZones(root), readProfile(run)]);
    const hot = isHot(zones, wasHot);
    wasHot = hot === true;
    return { ...network, ...power, ...(hot !== null && { hot }), ...(profile !== null && { lowPowerMode: profile }) };
  };
}

async function readNetwork(root: string, run: RunProgram): Promise<Reading> {
  const [v4, v6, answer] = await Promise.all([text(join(root, 'proc/net/route')), text(join(root, 'proc/net/ipv6_route')), run('busctl', NETWORK_MANAGER)]);
  const told = answer === null ? {} : networkManagerAnswer(answer);
  const name = defaultInterface(v4 ?? '', v6 ?? '');
  if (told.connection !== undefined || name === null) return told;
  const folder = join(root, 'sys/class/net', name);
  const [entries, uevent, type] = await Promise.all([names(folder), text(join(folder, 'uevent')), text(join(folder, 'type'))]);
  const connection = interfaceKind({ entries, uevent: uevent ?? '', type: type ?? '' });
  return { ...told, ...(connection !== null && { connection }) };
}

async function readPower(root: string): Promise<Reading> {
  const folder = join(root, 'sys/class/power_supply');
  const supplies = await Promise.all((await names(folder)).map((name) => text(join(folder, name, 'uevent'))));
  return powerOf(supplies.filter((supply) => supply !== null));
}

async function readZones(root: string): Promise<ThermalZone[]> {
  const folder = join(root, 'sys/class/thermal');
  const zones = (await names(folder)).filter((name) => name.startsWith('thermal_zone'));
  const read = await Promise.all(
    zones.map(async (zone) => {
      const wanted = (await names(join(folder, zone))).filter((name) => /^(?:temp|mode|trip_point_\d+_(?:type|temp))$/.test(name));
      return zoneOf(new Map(await Promise.all(wanted.map(async (name) => [name, (await text(join(folder, zone, name))) ?? ''] as const))));
    }),
  );
  return read.filter((zone) => zone !== null);
}

async function readProfile(run: RunProgram): Promise<boolean | null> {
  for (const query of POWER_PROFILES) {
    const answer = await run('busctl', query);
    if (answer !== null) return isPowerSaver(answer);
  }
  return null;
}

const text = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);
const names = (path: string): Promise<string[]> => readdir(path).catch(() => []);
