import type { Failure, Status, StatusReason } from '@everroll/engine';
import { type ReasonCode, reasons } from '@everroll/protocol';
import { formatBytes, formatItems, formatSince, formatSpan } from './format.ts';
import { indent, table, tone } from './terminal.ts';

/** The table's sentence with its evidence, and what to do: for one failure. */
export function describeFailure({ code, evidence }: Failure): string[] {
  const reason = reasons[code];
  const facts = [evidence.detail, evidence.shortBytes === undefined ? undefined : `${formatBytes(evidence.shortBytes)} are lacking`, evidence.retryAfter === undefined ? undefined : `try again in ${formatSpan(evidence.retryAfter * 1000)}`];
  const detail = facts.filter((fact) => fact !== undefined).join('; ');
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
  const when = [`since ${formatSince(reason.since, now)}`, ...(reason.nextAt !== null && reason.nextAt > now ? [`tried again in ${formatSpan(reason.nextAt - now)}`] : [])].join(', ');
  const detail = [reason.evidence.detail, reason.evidence.shortBytes === undefined ? undefined : `${formatBytes(reason.evidence.shortBytes)} are lacking`].filter((text) => text !== undefined);
  const rows = [
    [tone(size, 'strong'), tone(sentence, reason.class === 'excluded' || reason.class === 'warning' ? 'quiet' : 'warn')],
    ['', tone(when, 'quiet')],
    ...detail.map((text) => ['', tone(text, 'quiet')]),
    ...fixes.map((fix) => ['', `→ ${fix}`]),
  ];
  return table(rows);
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
