import type { Engine, Status } from '@everroll/engine';
import { isRunnerLocked } from '../home/runner-lock.ts';
import { formatBytes, formatCount, formatItems, formatSince } from '../output/format.ts';
import { describeCheck } from '../output/checks.ts';
import { describeReasons, isSynced } from '../output/reasons.ts';
import { indent, table, tone } from '../output/terminal.ts';
import { describeConditions, describeExceptions } from '../settings/describe.ts';
import { type Context, withDevice } from './context.ts';
import type { Outcome } from './outcome.ts';
import { describeSources } from './sources.ts';

export function statusCommand(context: Context): Promise<Outcome> {
  return withDevice(context, async ({ engine, surroundings }) => {
    await surroundings.first();
    return statusOutcome(engine, context.now(), { running: isRunnerLocked(context.home.runner) });
  });
}

/** How things stand; exit code 3 where something is not synced. */
export function statusOutcome(engine: Engine, now: number, more: Readonly<Record<string, unknown>> = {}): Outcome {
  const status = engine.status();
  return {
    exitCode: isSynced(status) ? 0 : 3,
    json: { ...status, sources: engine.sources(), settings: engine.settings(), conditions: engine.conditions(), diagnosis: engine.lastDiagnosis(), ...more },
    lines: describeStatus(status, engine, now),
  };
}

function describeStatus(status: Status, engine: Engine, now: number): string[] {
  const sources = engine.sources();
  return [
    '',
    ...indent(headline(status)),
    '',
    ...indent(table([...facts(status, now), ...surroundingsOf(engine)])),
    ...indent(describeExceptions(engine, now)),
    ...(sources.length === 0 ? [] : ['', ...indent(describeSources(sources, now))]),
    ...(status.reasons.length === 0 ? [] : ['', ...indent(describeReasons(status, now))]),
    ...diagnosisLines(status, engine, now),
    '',
  ];
}

/** What the doctor found when nothing moved; once all is well again it says nothing any more. */
function diagnosisLines(status: Status, engine: Engine, now: number): string[] {
  const diagnosis = engine.lastDiagnosis();
  const wrong = diagnosis?.results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn') ?? [];
  if (diagnosis === null || wrong.length === 0 || isSynced(status)) return [];
  return ['', ...indent([`Nothing moved, so the doctor looked ${formatSince(diagnosis.at, now)}:`, ...wrong.flatMap((result) => describeCheck(result, now))])];
}

function headline(status: Status): string[] {
  const { items, bytes, downloads, pendingChanges } = status;
  const open = items.waiting + items.uploading + items.failed;
  if (status.account === null) return [tone('Not signed in', 'warn')];
  if (isSynced(status)) return [`${tone('●', 'good')} ${tone(items.verified === 0 ? 'Everything is up to date' : `All ${formatItems(items.verified)} are saved`, 'strong')}  ${tone(formatBytes(bytes.verified), 'quiet')}`];
  const parts = [
    ...(open > 0 ? [`${formatItems(open)} not saved yet`] : []),
    ...(downloads.items > 0 ? [`${formatItems(downloads.items)} to fetch`] : []),
    ...(pendingChanges > 0 ? [`${formatCount(pendingChanges)} ${pendingChanges === 1 ? 'change' : 'changes'} to send`] : []),
  ];
  return [`${tone('●', 'warn')} ${tone(parts.join(' · ') || 'Something needs you', 'strong')}`];
}

function facts({ account, server, library, device, items, bytes, atRisk, downloads, evicted, cursor, head }: Status, now: number): string[][] {
  const counted = (['verified', 'uploading', 'waiting', 'failed', 'excluded'] as const).filter((state) => items[state] > 0).map((state) => `${formatCount(items[state])} ${state}`);
  return [
    [label('Account'), account === null ? 'none' : `${account.email}  ${label(`at ${server ?? ''}`)}`],
    ...(library === null || device === null ? [] : [[label('Library'), `${library.name}  ${label(`on ${device.name}`)}`]]),
    [label('Items'), items.found === 0 ? 'none on this device' : `${formatCount(items.found)} found: ${counted.join(', ')}  ${label(formatBytes(bytes.found))}`],
    [label('At risk'), atRisk.items === 0 ? 'nothing' : tone(`${formatItems(atRisk.items)}, ${formatBytes(atRisk.bytes)}${atRisk.oldest === null ? '' : `, the oldest seen ${formatSince(atRisk.oldest, now)}`}`, 'warn')],
    ...(downloads.items === 0 ? [] : [[label('To fetch'), `${formatItems(downloads.items)}, ${formatBytes(downloads.bytes)}`]]),
    ...(evicted.items === 0 ? [] : [[label('Previews'), `stand for ${formatItems(evicted.items)}, ${formatBytes(evicted.bytes)}  ${label('everroll open PHOTO')}`]]),
    [label('Log'), cursor === null ? 'the library is being read' : `${formatCount(cursor.seq)} of ${formatCount(Math.max(head, cursor.seq))}`],
  ];
}

function surroundingsOf(engine: Engine): string[][] {
  const known = describeConditions(engine.conditions());
  return known === '' ? [] : [[label('Device'), known]];
}

const label = (text: string): string => tone(text, 'quiet');
