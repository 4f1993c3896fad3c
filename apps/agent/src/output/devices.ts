import { type DeviceOverview, type DeviceSettings, isReasonCode, type ReportedReason, reasons } from '@everroll/protocol';
import { formatBytes, formatCount, formatItems, formatSince, formatSpan } from './format.ts';
import { indent, table, tone } from './terminal.ts';

const states = { idle: 'up to date', syncing: 'syncing', waiting: 'waiting', blocked: 'needs you', paused: 'paused', off: 'switched off' } as const;
const standings = { in_touch: '', stalled: 'stalled', away: 'away', not_seen: 'not seen for days' } as const;

/** Whether nothing on that device waits, is at risk or stands still, as far as it has said. */
export function isInOrder({ standing, report }: DeviceOverview): boolean {
  return standing !== 'stalled' && (report === null || openItems(report) + report.downloads.items + report.atRisk.items + report.pendingChanges === 0);
}

/** One line a device, and under it the main reason for what waits there. */
export function describeDevices(devices: readonly DeviceOverview[], now: number): string[] {
  const rows = devices.map((device) => [device.name + (device.current ? tone(' (this one)', 'quiet') : ''), device.kind, stateOf(device), waitingOf(device), tone(`seen ${formatSince(device.lastSeenAt, now)}`, 'quiet')]);
  const lines = table(rows);
  return devices.flatMap((device, at) => [lines[at] ?? '', ...indent(problemsOf(device, now))]);
}

export function describeDevice(device: DeviceOverview, settings: DeviceSettings, now: number): string[] {
  const { report } = device;
  const facts = [
    [label('Device'), `${device.name}  ${label(`${device.kind}, ${device.id.slice(0, 8)}`)}`],
    [label('State'), stateOf(device)],
    [label('Seen'), formatSince(device.lastSeenAt, now)],
    ...(report === null
      ? []
      : [
          [label('Progress'), report.progressAt === null ? 'none known' : formatSince(report.progressAt, now)],
          [label('Items'), `${formatCount(report.items.found)} found, ${formatCount(report.items.verified)} verified  ${label(formatBytes(report.bytes.found))}`],
          [label('At risk'), report.atRisk.items === 0 ? 'nothing' : tone(`${formatItems(report.atRisk.items)}, ${formatBytes(report.atRisk.bytes)}${report.atRisk.oldest === null ? '' : `, the oldest seen ${formatSince(report.atRisk.oldest, now)}`}`, 'warn')],
          [label('Log'), report.behind === null ? 'the library is being read' : report.behind === 0 ? 'read to its end' : `${formatCount(report.behind)} changes behind`],
          [label('Free'), report.storage.freeBytes === null ? 'unknown' : formatBytes(report.storage.freeBytes)],
          [label('Version'), `${report.versions.program}, protocol ${report.versions.protocol}`],
        ]),
    [label('Settings'), `sync ${settings.sync ? 'on' : 'off'}, power ${settings.power.replaceAll('_', '-')}, mobile data ${settings.mobileData ? 'on' : 'off'}`],
  ];
  return ['', ...indent(table(facts)), ...(report === null ? [] : indent(['', ...report.reasons.flatMap((reason) => reasonLines(reason, now))])), ''];
}

const label = (text: string): string => tone(text, 'quiet');

const openItems = ({ items }: NonNullable<DeviceOverview['report']>): number => items.waiting + items.uploading + items.failed;
const openBytes = ({ bytes }: NonNullable<DeviceOverview['report']>): number => bytes.waiting + bytes.uploading + bytes.failed;

function stateOf({ standing, report }: DeviceOverview): string {
  const said = report === null ? 'has not reported' : states[report.state];
  const text = standing === 'in_touch' ? said : report === null ? standings[standing] : `${standings[standing]}, last ${said}`;
  return tone(text, standing === 'in_touch' && (report?.state === 'idle' || report?.state === 'syncing') ? 'good' : 'warn');
}

function waitingOf({ report }: DeviceOverview): string {
  if (report === null) return '';
  const parts = [
    ...(openItems(report) > 0 ? [`${formatItems(openItems(report))} not saved, ${formatBytes(openBytes(report))}`] : []),
    ...(report.downloads.items > 0 ? [`${formatItems(report.downloads.items)} to fetch, ${formatBytes(report.downloads.bytes)}`] : []),
    ...(report.pendingChanges > 0 ? [`${formatCount(report.pendingChanges)} to send`] : []),
  ];
  return parts.join('; ') || 'nothing waits';
}

function problemsOf({ standing, standingSince, report }: DeviceOverview, now: number): string[] {
  const [main] = report?.reasons.toSorted((a, b) => rank(a) - rank(b) || b.items - a.items).filter((reason) => rank(reason) < LEFT_OUT) ?? [];
  return [
    ...(standing === 'stalled' ? [tone(`It is in touch and has made no progress for ${formatSpan(now - standingSince)}.`, 'warn')] : []),
    ...(report !== null && report.atRisk.items > 0 ? [`${formatItems(report.atRisk.items)}, ${formatBytes(report.atRisk.bytes)} at risk`] : []),
    ...(main === undefined ? [] : reasonLines(main, now)),
  ];
}

function reasonLines({ code, items, bytes, since, nextAt }: ReportedReason, now: number): string[] {
  const known = isReasonCode(code) ? reasons[code] : { sentence: code, fixes: [] };
  const size = items === 0 ? '' : ` ${formatItems(items)}, ${formatBytes(bytes)}.`;
  const next = nextAt === null || nextAt <= now || nextAt >= Number.MAX_SAFE_INTEGER ? '' : ` Tried again in ${formatSpan(nextAt - now)}.`;
  return [`${tone(known.sentence, 'warn')}${size} ${label(`Since ${formatSince(since, now)}.${next}`)}`, ...known.fixes.slice(0, 1).map((fix) => `→ ${fix}`)];
}

/** What stops most comes first; what is left out by a rule is no problem. */
const order = { blocked: 0, failed: 1, waiting: 2, excluded: 3, warning: 3 } as const;
const LEFT_OUT = order.excluded;
const rank = ({ code }: ReportedReason): number => (isReasonCode(code) ? order[reasons[code].class] : order.waiting);
