import { type DeviceOverview, type DeviceSettings, pausing, resuming, SYNC_NOW_MS, syncingNow } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import { describeDevice, describeDevices, isInOrder } from '../output/devices.ts';
import { formatSpan, parseSpan } from '../output/format.ts';
import { askDevices, renameDevice, setElsewhere, settingsAt, signOutDevice } from '@everroll/engine/http';
import { parseChange } from '../settings/change.ts';
import { type Context, withLibrary } from './context.ts';
import { type Outcome, failedWith, succeeded, wrongUse } from './outcome.ts';

/** The devices of the account and how each stands; exit code 3 where something on one of them is not synced. */
export function listDevicesCommand(context: Context): Promise<Outcome> {
  return withLibrary(context, async (device) => {
    const devices = await askDevices(device.connection, context.now, context.signal);
    if (!devices.ok) return failedWith(devices.failure);
    return { exitCode: devices.value.every(isInOrder) ? 0 : 3, json: { devices: devices.value }, lines: describeDevices(devices.value, context.now()) };
  });
}

export function showDeviceCommand(context: Context, named: string): Promise<Outcome> {
  return withNamed(context, named, async (device, found) => {
    const document = await device.ports.server.settings(found.id, context.signal);
    if (!document.ok) return failedWith(document.failure);
    const settings = settingsAt(document.value, context.now());
    return { exitCode: isInOrder(found) ? 0 : 3, json: { device: found, settings }, lines: describeDevice(found, settings, context.now()) };
  });
}

/** Sets what is named for a device: it obeys at once where it is in touch, else as soon as it is. */
export function setDeviceCommand(context: Context, named: string, pairs: readonly string[]): Promise<Outcome> {
  const parsed = parsePairs(pairs, context.now());
  if (!parsed.ok) return Promise.resolve(wrongUse(parsed.sentence));
  return withNamed(context, named, async (device, found) => {
    if (found.current) {
      // It sends them itself; two writers of one device would not know of each other's changes.
      device.engine.set(parsed.settings);
      return succeeded({ settings: device.engine.settings() }, [`Set on ${found.name}, this device.`]);
    }
    const changed = await setElsewhere(device.ports, found.id, parsed.settings, context.signal);
    if (!changed.ok) return failedWith(changed.failure);
    const isAway = found.standing === 'away' || found.standing === 'not_seen';
    return succeeded({ settings: settingsAt(changed.value, context.now()), version: changed.value.version }, [`Set for ${found.name}. It obeys ${isAway ? 'as soon as it is in touch' : 'at once'}.`]);
  });
}

export function renameDeviceCommand(context: Context, named: string, name: string): Promise<Outcome> {
  return withNamed(context, named, async ({ connection }, found) => {
    const renamed = await renameDevice(connection, found.id, name, context.signal);
    return renamed.ok ? succeeded({ device: renamed.value }, [`${found.name} is now called ${renamed.value.name}.`]) : failedWith(renamed.failure);
  });
}

export function signOutDeviceCommand(context: Context, named: string): Promise<Outcome> {
  return withNamed(context, named, async ({ connection }, found) => {
    if (found.current) return wrongUse('This is the device that you use: everroll sign-out');
    const ended = await signOutDevice(connection, found.id, context.signal);
    return ended.ok ? succeeded({ signedOut: found.id }, [`${found.name} is signed out. What waits on it is kept for its next sign-in.`]) : failedWith(ended.failure);
  });
}

async function withNamed(context: Context, named: string, body: (device: Device, found: DeviceOverview) => Promise<Outcome>): Promise<Outcome> {
  return withLibrary(context, async (device) => {
    const devices = await askDevices(device.connection, context.now, context.signal);
    if (!devices.ok) return failedWith(devices.failure);
    const exactly = devices.value.filter(({ name }) => name === named);
    const alike = devices.value.filter(({ id, name }) => name.toLowerCase() === named.toLowerCase() || (named.length >= 4 && id.startsWith(named.toLowerCase())));
    const [found, ...others] = exactly.length > 0 ? exactly : alike;
    if (found === undefined) return wrongUse(`No device is called ${named}. There are: ${devices.value.map(({ name }) => name).join(', ')}.`);
    if (others.length > 0) return wrongUse(`Several devices are called ${named}; use the beginning of an id: ${[found, ...others].map(({ id }) => id.slice(0, 8)).join(', ')}.`);
    return await body(device, found);
  });
}

type ParsedSettings = { readonly ok: true; readonly settings: Partial<DeviceSettings> } | { readonly ok: false; readonly sentence: string };

/** Settings, and what has a command of its own on the device itself: `pause=2h`, `pause=off`, `sync-now=on`. */
function parsePairs(pairs: readonly string[], now: number): ParsedSettings {
  const times: Partial<DeviceSettings> = {};
  const others: string[] = [];
  for (const pair of pairs) {
    const [name, text = ''] = pair.split('=', 2);
    if (name === 'pause') {
      const span = text === 'off' || text === 'on' ? null : parseSpan(text);
      if (span === undefined) return { ok: false, sentence: 'pause is on, off or a time: 30m, 2h, 1d.' };
      Object.assign(times, text === 'off' ? resuming : pausing(span === null ? null : now + span, now));
    } else if (name === 'sync-now') {
      if (text !== 'on' && text !== 'off') return { ok: false, sentence: `sync-now is on (for ${formatSpan(SYNC_NOW_MS)}) or off.` };
      Object.assign(times, text === 'on' ? syncingNow(now) : { syncNowUntil: null });
    } else others.push(pair);
  }
  const parsed = parseChange(others);
  if (!parsed.ok) return parsed;
  // What a person says of a device's surroundings they say where they see them.
  const [condition] = others.filter((pair) => pair.startsWith('conditions.'));
  if (condition !== undefined) return { ok: false, sentence: `${condition.split('=', 1)[0] ?? condition} is set on the device itself: everroll set ${condition}` };
  return { ok: true, settings: { ...parsed.change.settings, ...times } };
}
