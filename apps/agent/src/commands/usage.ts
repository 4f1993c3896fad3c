import type { Engine } from '@everroll/engine';
import { type DeviceOverview, planOfBytes, type Usage } from '@everroll/protocol';
import { askDevices, askUsage } from '@everroll/engine/http';
import { bar } from '../output/bar.ts';
import { formatBytes, formatItems, formatSince } from '../output/format.ts';
import { indent, table, tone } from '../output/terminal.ts';
import { type Context, withLibrary } from './context.ts';
import { type Outcome, failedWith, succeeded } from './outcome.ts';

/** What waits on this device for room in the plan, and how much room it lacks. */
interface Waiting {
  readonly items: number;
  readonly bytes: number;
  readonly shortBytes: number;
}

/** Originals that another device holds and has not saved, as it last said. */
interface Elsewhere {
  readonly device: string;
  readonly items: number;
  readonly bytes: number;
  readonly lastSeenAt: number;
}

/** The storage plan and what it is used for. */
export function usageCommand(context: Context): Promise<Outcome> {
  return withLibrary(context, async ({ engine, connection }) => {
    const usage = await askUsage(connection, context.signal);
    if (!usage.ok) return failedWith(usage.failure);
    const devices = await askDevices(connection, context.now, context.signal);
    if (!devices.ok) return failedWith(devices.failure);
    const waiting = waitingFor(engine, usage.value);
    const elsewhere = waitingElsewhere(devices.value);
    return succeeded({ ...usage.value, planName: planOfBytes(usage.value.plan), waiting, elsewhere }, describe(usage.value, waiting, elsewhere, context.now()));
  });
}

function waitingFor(engine: Engine, { plan, used, reserved }: Usage): Waiting {
  const reasons = engine.status().reasons.filter(({ code }) => code === 'quota_full' || code === 'item_larger_than_plan');
  const items = reasons.reduce((sum, reason) => sum + reason.items, 0);
  const bytes = reasons.reduce((sum, reason) => sum + reason.bytes, 0);
  return { items, bytes, shortBytes: plan === null || items === 0 ? 0 : Math.max(0, used + reserved + bytes - plan) };
}

function waitingElsewhere(devices: readonly DeviceOverview[]): Elsewhere[] {
  return devices.flatMap(({ current, name, lastSeenAt, report }) => (current || report === null || report.atRisk.items === 0 ? [] : [{ device: name, items: report.atRisk.items, bytes: report.atRisk.bytes, lastSeenAt }]));
}

const kinds: readonly (readonly [kind: keyof Usage['byKind'], name: string])[] = [
  ['photos', 'Photos'],
  ['livePhotos', 'Live Photos'],
  ['videos', 'Videos'],
  ['raw', 'RAW'],
  ['edits', 'Edits'],
  ['recentlyDeleted', 'Recently Deleted'],
  ['other', 'Arriving'],
];

const BAR_COLUMNS = 30;

function describe({ plan, used, reserved, byKind }: Usage, waiting: Waiting, elsewhere: readonly Elsewhere[], now: number): string[] {
  const rows = kinds.filter(([kind]) => kind !== 'other' || byKind.other > 0).map(([kind, name]) => [name, formatBytes(byKind[kind]), used === 0 ? '' : bar(byKind[kind] / used, BAR_COLUMNS)]);
  const total = plan === null ? `${formatBytes(used)} used, of an unlimited plan` : `${formatBytes(used)} of ${formatBytes(plan)} used`;
  return [
    '',
    ...indent([tone(total, 'strong'), ...(plan === null ? [] : [`${bar((used + reserved) / plan, BAR_COLUMNS)}  ${tone(`${formatBytes(Math.max(0, plan - used - reserved))} free`, 'quiet')}`])]),
    '',
    ...indent(table([...rows, ...(reserved > 0 ? [['Reserved for uploads', formatBytes(reserved)]] : [])], [{}, { align: 'right' }])),
    ...(waiting.items === 0 ? [] : ['', ...indent([tone(`${formatItems(waiting.items)}, ${formatBytes(waiting.bytes)}, on this device wait for room: ${formatBytes(waiting.shortBytes)} are lacking.`, 'warn')])]),
    ...(elsewhere.length === 0 ? [] : ['', ...indent(elsewhere.map(({ device, items, bytes, lastSeenAt }) => `${formatItems(items)}, ${formatBytes(bytes)}, on ${device} are not saved yet ${tone(`(seen ${formatSince(lastSeenAt, now)})`, 'quiet')}`))]),
    '',
    ...indent([tone('Free up space: everroll space', 'quiet')]),
    '',
  ];
}
