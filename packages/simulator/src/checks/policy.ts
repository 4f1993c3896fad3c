import { type DeviceSettings, defaultSettings } from '@everroll/protocol';
import type { Call } from '@everroll/engine/http';
import { noteSettings } from '../actions/permission.ts';
import type { Device } from '../device/device.ts';
import type { World } from '../world/world.ts';

/**
 * I7, by a model of its own: what a person's settings and the surroundings of a device forbid, read from
 * the device's disk and from the world, never asked of the engine.
 */
export type Traffic = 'log' | 'uploads' | 'downloads';

/** An effect that was begun before may end; what begins so long after it was forbidden does not. */
const GRACE_MS = 10_000;

/** What policy is followed by: since when each kind of traffic is forbidden, and what went over metered connections. */
export class Followed {
  readonly since: Record<Traffic, number | null> = { log: null, uploads: null, downloads: null };
  /** What decides, as text, and since when it is so. */
  inputs = '';
  inputsSince = 0;
  metered: { day: number; bytes: number } = { day: 0, bytes: 0 };
  /** A person asked for something by name, or for all of it at once: that passes what is forbidden. */
  asked = false;
  syncNow = false;
  /** Its count of bytes went back, or its day is another: a kill, a restore, a clock that was set. */
  countLost = false;
  /** The settings as they were last read, and the text that was read. */
  read: { readonly text: string; readonly settings: DeviceSettings } = { text: '{}', settings: defaultSettings };
}

/** After each action: what is forbidden from now on, whoever has set it. */
export function notePolicy(world: World): void {
  for (const device of world.devices) {
    noteSettings(world, device);
    const { followed } = device;
    const settings = settingsOf(device);
    const inputs = JSON.stringify([settings, device.surroundings]);
    if (inputs !== followed.inputs) {
      followed.inputs = inputs;
      followed.inputsSince = world.timeline.now;
    }
    const forbidden = forbiddenNow(device, settings);
    for (const traffic of ['log', 'uploads', 'downloads'] as const) followed.since[traffic] = forbidden[traffic] ? (followed.since[traffic] ?? world.timeline.now) : null;
  }
}

/** Before anything of a call leaves the device. */
export function judgeTraffic(world: World, device: Device, call: Call): void {
  const { followed } = device;
  if (followed.asked) return;
  const traffic = trafficOf(call);
  const settings = settingsOf(device);
  const since = followed.since[traffic];
  if (since !== null && world.timeline.now - since > GRACE_MS && forbiddenNow(device, settings)[traffic]) {
    world.fail('I7', `${device.name} begins ${call.method} ${call.path.slice(0, 60)} ${world.timeline.now - since} ms after ${traffic} were forbidden: ${followed.inputs}`);
  }
  if (traffic !== 'log') judgeAllowance(world, device, settings, bytesOf(world, device, call));
}

/** No original begins over a metered connection that the rest of the day's allowance does not cover. */
function judgeAllowance(world: World, device: Device, settings: DeviceSettings, bytes: number): void {
  const { followed } = device;
  if (!isMetered(device, settings) || settings.unlimitedUpdates || followed.countLost || world.timeline.now - followed.inputsSince <= GRACE_MS) return;
  const used = followed.metered.day === dayOf(device) ? followed.metered.bytes : 0;
  if (used + bytes > settings.mobileAllowanceBytes) world.fail('I7', `${device.name} begins an original of ${bytes} bytes; ${used} of ${settings.mobileAllowanceBytes} are used today`);
}

/** Bytes of an original pass. */
export function countTraffic(device: Device, bytes: number): void {
  if (!isMetered(device, settingsOf(device))) return;
  const { metered } = device.followed;
  const day = dayOf(device);
  device.followed.metered = { day, bytes: (metered.day === day ? metered.bytes : 0) + bytes };
}

function trafficOf(call: Call): Traffic {
  if (call.body !== undefined) return 'uploads';
  return call.method === 'GET' && originalIn(call.path) !== undefined ? 'downloads' : 'log';
}

function bytesOf(world: World, device: Device, call: Call): number {
  const sha256 = originalIn(call.path);
  return call.body?.bytes ?? (sha256 === undefined ? 0 : (world.model.photo(device.account.libraryId, sha256)?.bytes ?? 0));
}

const originalIn = (path: string): string | undefined => /\/resources\/([0-9a-f]{64})$/.exec(path)?.[1];

const dayOf = (device: Device): number => new Date(device.clock.now()).setHours(0, 0, 0, 0);

/** As they lie on the device's disk. */
export function settingsOf(device: Device): DeviceSettings {
  const [row] = device.database.rows("SELECT value FROM meta WHERE key = 'settings'");
  const text = row === undefined ? '{}' : String(row['value']);
  const { read } = device.followed;
  if (read.text !== text) device.followed.read = { text, settings: Object.freeze({ ...defaultSettings, ...(JSON.parse(text) as Partial<DeviceSettings>) }) };
  return device.followed.read.settings;
}

function isMetered({ surroundings }: Device, { unknownConditions }: DeviceSettings): boolean {
  if (surroundings.metered !== null) return surroundings.metered;
  return surroundings.connection === null ? unknownConditions === 'bad' : surroundings.connection === 'mobile';
}

function forbiddenNow(device: Device, settings: DeviceSettings): Record<Traffic, boolean> {
  const { surroundings, followed } = device;
  const metered = isMetered(device, settings);
  const noMobile = metered && (!settings.mobileData || surroundings.mobileDataAllowed === false);
  const noOriginals = noMobile || surroundings.lowDataMode === true || (!followed.syncNow && metered && settings.power.startsWith('wifi'));
  const noBacklog = noOriginals || (!followed.syncNow && isUnpowered(device, settings));
  // A photo that was just taken may go earlier, where the person lets it; which ones these are is the engine's to know.
  return { log: noMobile, uploads: settings.freshFirst ? noOriginals : noBacklog, downloads: noBacklog };
}

/** The schedule is left to the clock of the device, which may step: nobody judges it here. */
function isUnpowered({ surroundings }: Device, settings: DeviceSettings): boolean {
  const charging = surroundings.charging ?? settings.unknownConditions === 'good';
  const low = surroundings.batteryPercent !== null && surroundings.batteryPercent < settings.batteryFloorPercent;
  return surroundings.lowPowerMode === true || surroundings.hot === true || (!charging && (low || settings.power === 'wifi_and_charging'));
}
