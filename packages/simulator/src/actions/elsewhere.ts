import { type DeviceSettings, markOf, PROTOCOL, PROTOCOL_HEADER, SettingsDocument } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import type { ServerProcess } from '../server/process.ts';
import type { World } from '../world/world.ts';
import { chosen, type Handlers } from './handler.ts';

/** What a person sets for a device; times are of the clock that they see. */
const CHANGES: readonly ((now: number) => Partial<DeviceSettings>)[] = [
  () => ({ sync: false }),
  () => ({ sync: false }),
  () => ({ sync: true }),
  () => ({ sync: true, pausedUntil: null, pausedAt: null }),
  (now) => ({ pausedUntil: Number.MAX_SAFE_INTEGER, pausedAt: now }),
  (now) => ({ pausedUntil: now + 120_000, pausedAt: now }),
  () => ({ pausedUntil: null, pausedAt: null }),
  () => ({ power: 'wifi' }),
  () => ({ power: 'always', mobileData: true }),
  () => ({ mobileData: false, freshFirst: false }),
  () => ({ batteryFloorPercent: 70 }),
];

export const elsewhereHandlers: Handlers = {
  /** A person in front of another device of the account, or of a browser: rules D2 and D3 from the other side. */
  'set elsewhere': async (world, device, action) => {
    const process = world.machine.process();
    const token = sessionOf(world, device, action.y);
    if (!process || token === undefined) return null;
    // Their clock may be as wrong as any.
    const clock = world.timeline.now + (action.y % 3 === 0 ? 30 * 86_400_000 : 0);
    const settings = chosen(CHANGES, action.x)?.(clock) ?? {};
    const { deviceId } = device.credentials;
    const document = SettingsDocument.safeParse(await asked(process, token, 'GET', deviceId));
    if (!document.success) return null;
    const change = action.salt.toString(16).padStart(32, '0');
    const changed = SettingsDocument.safeParse(await asked(process, token, 'PATCH', deviceId, { clock, base: document.data.version, after: markOf(document.data).change, change, settings }));
    if (!changed.success) return null;
    // Half of the devices hold a stream of events open.
    if (device.watches) device.ask((engine) => engine.settingsChanged(markOf(changed.data)));
    return `is set from elsewhere to ${JSON.stringify(settings)}: version ${changed.data.version}`;
  },
};

/** Of another device of the account where there is one. */
function sessionOf(world: World, device: Device, number: number): string | undefined {
  const others = world.devices.filter((other) => other.account === device.account && other.credentials.token !== null);
  return chosen(others.filter((other) => other !== device), number)?.credentials.token ?? device.credentials.token ?? undefined;
}

async function asked(process: ServerProcess, token: string, method: 'GET' | 'PATCH', device: string, json?: object): Promise<unknown> {
  const headers = { [PROTOCOL_HEADER]: String(PROTOCOL.max), 'authorization': `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await process.answer(new Request(`http://server.example/api/v1/devices/${device}/settings`, { method, headers, ...(json && { body: JSON.stringify(json) }) }));
  return await process.during<unknown>(response.json());
}
