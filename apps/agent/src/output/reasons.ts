import type { Failure, Status, StatusReason } from '@everroll/engine';
import { type Evidence, type ReasonCode, reasons } from '@everroll/protocol';
import { formatBytes, formatItems, formatSince, formatSpan } from './format.ts';
import { indent, table, tone } from './terminal.ts';

/** The table's sentence with its evidence, and what to do: for one failure. */
export function describeFailure({ code, evidence }: Failure): string[] {
  const reason = reasons[code];
  const facts = [...describeEvidence(code, evidence), ...(evidence.retryAfter === undefined ? [] : [`try again in ${formatSpan(evidence.retryAfter * 1000)}`])];
  const detail = facts.join('; ');
  return [tone(reason.sentence, 'bad'), ...indent([...(detail === '' ? [] : [tone(detail, 'quiet')]), ...reason.fixes])];
}

export function failureJson({ code, evidence }: Failure): Record<string, unknown> {
  return { error: { code, sentence: reasons[code].sentence, fixes: reasons[code].fixes, ...evidence } };
}

/** Each reason with what waits for it and what to do: the most items first. */
export function describeReasons(status: Status, now: number): string[] {
  return status.reasons
    .toSorted((a, b) => rank(a) - rank(b) || b.items - a.items)
    .flatMap((reason) => ['', ...describeReason(reason, now)])
    .slice(1);
}

function describeReason(reason: StatusReason, now: number): string[] {
  const { sentence, fixes } = reasons[reason.code];
  const size = reason.items === 0 ? 'all' : `${formatItems(reason.items)} · ${formatBytes(reason.bytes)}`;
  const when = [`since ${formatSince(reason.since, now)}`, ...(reason.nextAt !== null && reason.nextAt > now ? [describeEnd(reason, reason.nextAt, now)] : [])].join(', ');
  const detail = describeEvidence(reason.code, reason.evidence);
  const rows = [
    [tone(size, 'strong'), tone(sentence, reason.class === 'excluded' || reason.class === 'warning' ? 'quiet' : 'warn')],
    ['', tone(when, 'quiet')],
    ...detail.map((text) => ['', tone(text, 'quiet')]),
    ...fixes.map((fix) => ['', `→ ${fix}`]),
  ];
  return table(rows);
}

/** What policy holds ends at that time; what failed is tried again then. */
function describeEnd({ class: kind }: StatusReason, at: number, now: number): string {
  return kind === 'waiting' ? `goes on in ${formatSpan(at - now)} at the latest` : `tried again in ${formatSpan(at - now)}`;
}

/** What was measured: the inputs of the rule that holds something, and what a server or a disk said. */
export function describeEvidence(code: ReasonCode, evidence: Evidence): string[] {
  const { detail, shortBytes, gate, limitBytes, usedBytes, askedBytes, percent, floorPercent, freeBytes, floorBytes } = evidence;
  return [
    detail,
    shortBytes === undefined ? undefined : `${formatBytes(shortBytes)} are lacking`,
    gate === undefined ? undefined : gate === 'system' ? 'the switch is this system’s own' : 'the switch is Everroll’s own',
    askedBytes === undefined ? undefined : `${formatBytes(askedBytes)} were asked for`,
    code === 'metered_consent_needed' && limitBytes !== undefined ? `${formatBytes(limitBytes)} go without asking` : undefined,
    usedBytes === undefined || limitBytes === undefined ? undefined : `${formatBytes(usedBytes)} of ${formatBytes(limitBytes)} used today`,
    freeBytes === undefined || floorBytes === undefined ? undefined : `${formatBytes(freeBytes)} are free, ${formatBytes(floorBytes)} stay free`,
    percent === undefined ? undefined : `battery ${percent} %${floorPercent === undefined ? '' : `, floor ${floorPercent} %`}`,
  ].filter((fact) => fact !== undefined);
}

const order: Readonly<Record<StatusReason['class'], number>> = { blocked: 0, failed: 1, waiting: 2, warning: 3, excluded: 4 };
const rank = (reason: StatusReason): number => order[reason.class];

/** What is left out by a rule or by a person's will is not unsynced. */
export const isLeftOut = (code: ReasonCode): boolean => reasons[code].class === 'excluded' || reasons[code].class === 'warning';

/** Whether everything that should be on the server or in the folder is there, and nothing stands in the way. */
export function isSynced(status: Status): boolean {
  const { waiting, uploading, failed } = status.items;
  return waiting + uploading + failed + status.downloads.items + status.pendingChanges === 0 && status.reasons.every(({ code }) => isLeftOut(code));
}
