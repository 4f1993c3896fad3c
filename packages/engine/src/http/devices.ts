import { defaultSettings, Device, type DeviceId, DeviceList, type DeviceOverview, type DeviceSettings, markOf, moveReport, moveSettings, type SettingsDocument } from '@everroll/protocol';
import { type Result, done } from '../ports/failure.ts';
import type { Ports } from '../ports/world.ts';
import { readNothing } from './answer.ts';
import { type Connection, faultOf } from './connection.ts';
import { askFor } from './server-client.ts';

/**
 * The devices of the account, the one last seen first. Times are the server's: they are moved to the
 * clock of this device, on which "ago" is reckoned.
 */
export async function askDevices(connection: Connection, now: () => number, signal: AbortSignal): Promise<Result<DeviceOverview[]>> {
  const answer = await askFor(connection, DeviceList, { method: 'GET', path: '/api/v1/devices', signal });
  if (!answer.ok) return answer;
  const { devices, clock } = answer.value;
  const by = now() - clock;
  const move = (at: number | null): number | null => (at === null ? null : at + by);
  return done(
    devices.map((one) => ({
      ...one,
      createdAt: one.createdAt + by,
      lastSeenAt: one.lastSeenAt + by,
      standingSince: one.standingSince + by,
      reportedAt: move(one.reportedAt),
      report: one.report === null ? null : moveReport(one.report, by),
    })),
  );
}

export function renameDevice(connection: Connection, device: DeviceId, name: string, signal: AbortSignal): Promise<Result<Device>> {
  return askFor(connection, Device, { method: 'PATCH', path: `/api/v1/devices/${device}`, json: { name }, signal });
}

/** Ends the sessions of a device. What waits in it is kept for its next sign-in. */
export async function signOutDevice(connection: Connection, device: DeviceId, signal: AbortSignal): Promise<Result<void>> {
  const answer = await connection.call({ method: 'DELETE', path: `/api/v1/devices/${device}`, signal });
  if (!answer.ok) return answer;
  try {
    const read = await readNothing(answer.value);
    return read.ok ? done(undefined) : read;
  } catch (error) {
    return { ok: false, failure: faultOf(connection, error, signal) };
  }
}

/** Others may write at the same time: each try begins from what holds then. */
const TRIES = 5;

/** Sets registers of another device (rule D3). Fails with `settings_changed` where others write all the time. */
export async function setElsewhere({ server, clock, random }: Pick<Ports, 'server' | 'clock' | 'random'>, device: DeviceId, settings: Partial<DeviceSettings>, signal: AbortSignal): Promise<Result<SettingsDocument>> {
  const change = random.id();
  for (let tries = 1; ; tries += 1) {
    const holds = await server.settings(device, signal);
    if (!holds.ok) return holds;
    const changed = await server.changeSettings(device, { clock: clock.now(), base: holds.value.version, after: markOf(holds.value).change, change, settings }, signal);
    if (changed.ok || changed.failure.code !== 'settings_changed' || tries >= TRIES) return changed;
  }
}

/** All settings of a document, with times of the clock that shows `now`. */
export function settingsAt({ clock, settings }: SettingsDocument, now: number): DeviceSettings {
  return { ...defaultSettings, ...moveSettings(settings, now - clock) };
}
