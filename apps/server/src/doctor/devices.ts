import { allWell, type CheckResult, type DeviceOverview, found, reasons } from '@everroll/protocol';
import { overviewOf } from '../devices/status.ts';
import type { ServerExamination } from './examination.ts';

/**
 * Each device of the account, as it last said and by the server's clock (rule D5). One that stands
 * still is told, and one that nobody has seen for days with originals that are nowhere else.
 */
export async function checkDevicesOf({ services: { db }, session, now }: Pick<ServerExamination, 'services' | 'session' | 'now'>): Promise<CheckResult> {
  const { devices } = await overviewOf(db, session, now);
  const stalled = devices.filter(({ standing }) => standing === 'stalled');
  const lost = devices.filter((device) => device.standing === 'not_seen' && atRisk(device).items > 0);
  const concerned = stalled.length > 0 ? stalled : lost;
  const facts = { known: devices.length, silent: devices.filter(({ report }) => report === null).length, devices: (concerned.length > 0 ? concerned : devices).map((device) => factsOf(device, now)) };
  const [first] = concerned.map(({ standingSince }) => standingSince).toSorted((a, b) => a - b);
  if (first === undefined) return allWell('devices', facts);
  const code = stalled.length > 0 ? 'stalled' : 'not_running';
  const names = Object.fromEntries(concerned.map(({ id, name }) => [id.slice(0, 8), name]));
  const items = concerned.map(atRisk).reduce((sum, one) => ({ count: sum.count + one.items, bytes: sum.bytes + one.bytes }), { count: 0, bytes: 0 });
  const finding = found('devices', code, { since: first, verdict: 'warn', facts, names, items });
  // What software could do about it, only software on that device can.
  return { ...finding, fix: { kind: 'guided', actions: [], steps: reasons[code].fixes.map((step) => `On that device: ${step}`) } };
}

const atRisk = ({ report }: DeviceOverview): { readonly items: number; readonly bytes: number } => report?.atRisk ?? { items: 0, bytes: 0 };

function factsOf(device: DeviceOverview, now: number): Record<string, string | number | null> {
  const { id, standing, lastSeenAt, report } = device;
  return {
    device: id.slice(0, 8),
    standing,
    state: report?.state ?? null,
    sinceLastSeenMs: Math.max(0, now - lastSeenAt),
    sinceProgressMs: typeof report?.progressAt === 'number' ? Math.max(0, now - report.progressAt) : null,
    atRisk: atRisk(device).items,
    atRiskBytes: atRisk(device).bytes,
  };
}
