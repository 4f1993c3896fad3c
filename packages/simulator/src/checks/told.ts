import { moveSettings, type DeviceReport, type DeviceSettings } from '@everroll/protocol';
import type { Device } from '../device/device.ts';
import type { World } from '../world/world.ts';
import { settingsOf } from './policy.ts';

/** I10 for what devices and their server tell of one another (rules D1 to D3). */
export function checkTold(world: World, device: Device): void {
  checkSettings(world, device);
  checkReport(world, device);
}

/** Each register that the server keeps holds on the device, and nothing that was set there is only there. */
function checkSettings(world: World, device: Device): void {
  const [row] = world.machine.database.rows('SELECT version, settings FROM device_settings WHERE device_id = ?', device.credentials.deviceId);
  const kept = row ? (JSON.parse(String(row['settings'])) as Partial<DeviceSettings>) : {};
  const here = settingsOf(device);
  const byMs = device.clock.now() - world.machine.clock();
  for (const [name, value] of Object.entries(moveSettings(kept, byMs))) {
    const own = here[name as keyof DeviceSettings];
    // Times are moved from clock to clock, and clocks step.
    if (typeof own === 'number' && typeof value === 'number' && name.endsWith('At')) continue;
    if (JSON.stringify(own) !== JSON.stringify(value)) world.fail('I10', `${device.name} has ${name} ${JSON.stringify(own)}; the server keeps ${JSON.stringify(value)} for it`);
  }
  const [sync] = device.database.rows("SELECT value FROM meta WHERE key = 'settingsSync'");
  const { pending, sending } = JSON.parse(String(sync?.['value'] ?? '{"pending":{},"sending":null}')) as { pending: object; sending: object | null };
  if (sending !== null || Object.keys(pending).length > 0) world.fail('I12', `${device.name} has not sent ${Object.keys(sending ?? pending).join(', ')}, which were set on it`);
}

/** What the others are shown of a device at rest is how it stands. */
function checkReport(world: World, device: Device): void {
  // Two installations with one identity are told apart when both change something (M2); until then the later one's word stands.
  if (world.devices.some((other) => other !== device && other.credentials.deviceId === device.credentials.deviceId)) return;
  const [row] = world.machine.database.rows('SELECT report FROM device_status WHERE device_id = ?', device.credentials.deviceId);
  if (!row) return world.fail('I10', `${device.name} has said nothing of itself`);
  const told = JSON.parse(String(row['report'])) as DeviceReport;
  const status = device.ask((engine) => engine.status());
  if (!status) return;
  const pairs = [
    [told.items, status.items],
    [told.bytes, status.bytes],
    [told.atRisk.items, status.atRisk.items],
    [told.downloads, status.downloads],
    [told.pendingChanges, status.pendingChanges],
    [told.reasons.map(({ code }) => code).toSorted(), status.reasons.map(({ code }) => code).toSorted()],
  ];
  const wrong = pairs.find(([said, holds]) => JSON.stringify(said) !== JSON.stringify(holds));
  if (wrong) world.fail('I10', `${device.name} is shown as ${JSON.stringify(wrong[0])}; it stands at ${JSON.stringify(wrong[1])}`);
}
