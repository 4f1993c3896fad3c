import { type DeviceOverview, type DeviceReport, isReasonCode, type ReportedReason, reasons } from '@everroll/protocol';
import { formatAgo, formatBytes } from '../strings/format.ts';
import { strings } from '../strings/strings.ts';

const words = strings.health;

/** How a device stands, for the sign beside its name. `quiet`: it is away, and all that it said was good. */
export type DeviceTone = 'ok' | 'busy' | 'warn' | 'quiet';

export interface DeviceWords {
  readonly tone: DeviceTone;
  readonly state: string;
  /** What is not saved, fetched or sent there; each with its amount. */
  readonly open: readonly string[];
  /** Why, in the words of the table of reasons: what stops most. */
  readonly reason: ReportedReason | null;
}

const rank = ({ code }: ReportedReason): number => (isReasonCode(code) ? { blocked: 0, failed: 1, waiting: 2, excluded: 3, warning: 3 }[reasons[code].class] : 2);
const LEFT_OUT = 3;

/** What stops most comes first; what a rule leaves out is no problem and is not among them. */
export function problemsOf({ report }: DeviceOverview): readonly ReportedReason[] {
  return (report?.reasons ?? []).filter((reason) => rank(reason) < LEFT_OUT).toSorted((a, b) => rank(a) - rank(b) || b.items - a.items);
}

const unsaved = ({ waiting, uploading, failed }: DeviceReport['items']): number => waiting + uploading + failed;

/** Items that are not saved on the server, and their bytes. */
export function unsavedOf({ report }: DeviceOverview): { readonly items: number; readonly bytes: number } {
  if (report === null) return { items: 0, bytes: 0 };
  return { items: unsaved(report.items), bytes: unsaved(report.bytes) };
}

export function wordsOf(device: DeviceOverview, now: number): DeviceWords {
  const { report, standing, standingSince } = device;
  if (report === null) return { tone: standing === 'not_seen' ? 'warn' : 'quiet', state: standing === 'not_seen' ? words.notSeen(formatAgo(standingSince, now)) : words.noStatus, open: [], reason: null };
  const { items, bytes } = unsavedOf(device);
  const open = [
    ...(items > 0 ? [words.notSaved(items, formatBytes(bytes))] : []),
    ...(report.downloads.items > 0 ? [words.toFetch(report.downloads.items, formatBytes(report.downloads.bytes))] : []),
    ...(report.pendingChanges > 0 ? [words.changesToSend(report.pendingChanges)] : []),
    ...(report.atRisk.items > 0 ? [words.riskThere(report.atRisk.items, formatBytes(report.atRisk.bytes))] : []),
  ];
  const said = words.deviceStates[report.state];
  const isWell = report.state === 'idle' && report.atRisk.items === 0;
  const state = { in_touch: said, stalled: words.stalled(formatAgo(standingSince, now)), away: words.lastKnown(said), not_seen: words.notSeen(formatAgo(standingSince, now)) }[standing];
  const tone = standing === 'stalled' || standing === 'not_seen' ? 'warn' : report.state === 'syncing' ? 'busy' : !isWell ? 'warn' : standing === 'in_touch' ? 'ok' : 'quiet';
  return { tone, state, open, reason: problemsOf(device)[0] ?? null };
}

export const sentenceOf = ({ code }: ReportedReason): string => (isReasonCode(code) ? reasons[code].sentence : code);
