import type { Engine, Whereabouts, Why } from '@everroll/engine';
import { type Asset, type AssetId, reasons, type MediaDetails } from '@everroll/protocol';
import { join } from 'node:path';
import { formatBytes, formatSince, formatSpan } from '../output/format.ts';
import { describeEvidence } from '../output/reasons.ts';
import { indent, table, tone } from '../output/terminal.ts';
import { type Context, withLibrary } from './context.ts';
import { filesNamed } from './named-assets.ts';
import { type Outcome, failedWith, succeeded, wrongUse } from './outcome.ts';

/** "Why is this photo not here?" for a file of this device or an asset of the library. */
export function whyCommand(context: Context, named: string, options: { readonly addAgain?: boolean }): Promise<Outcome> {
  return withLibrary(context, async ({ engine, surroundings }) => {
    await surroundings.first();
    const files = filesOf(engine, named);
    const [asset] = /^[0-9a-f]{6,32}$/.test(named) ? engine.assetsByPrefix(named, 1) : [];
    if (files.length === 0 && asset === undefined) return wrongUse(`Neither this device nor the library knows ${named}. A new file is found by: everroll sync`);
    if (options.addAgain === true) return addAgain(engine, files);
    const assetId = asset?.id ?? files.find((file) => file.assetId !== null)?.assetId ?? null;
    const places = assetId === null ? [] : engine.whereabouts(assetId);
    const problem = assetId === null ? undefined : engine.assetsByPrefix(assetId, 1)[0]?.details?.problem;
    const found = { asset: asset ?? null, files, whereabouts: places, problem: problem ?? null };
    return succeeded(found, [...(asset === undefined ? [] : describeAsset(asset)), ...(problem === undefined ? [] : describeProblem(problem)), ...files.flatMap((file) => ['', ...describeFile(file, context.now())]), ...describePlaces(places, context.now())]);
  });
}

function filesOf(engine: Engine, named: string): Why[] {
  if (/^[0-9a-f]{6,32}$/.test(named)) {
    const [asset] = engine.assetsByPrefix(named, 1);
    if (asset !== undefined) return engine.why({ assetId: asset.id });
  }
  const byPath = filesNamed(engine, named);
  // Both halves of a Live Photo are one answer.
  const ids = new Set(byPath.flatMap(({ assetId }) => (assetId === null ? [] : [assetId])));
  const siblings = [...ids].flatMap((assetId: AssetId) => engine.why({ assetId }));
  return [...new Map([...byPath, ...siblings].map((file) => [file.itemId, file])).values()];
}

function addAgain(engine: Engine, files: readonly Why[]): Outcome {
  const deleted = files.filter(({ reason }) => reason?.code === 'deleted_from_library');
  if (deleted.length === 0) return wrongUse('Nobody deleted this file from the library: it needs no adding again.');
  for (const file of deleted) {
    const again = engine.again(file.itemId);
    if (!again.ok) return failedWith(again.failure);
  }
  return succeeded({ added: deleted.map(({ itemId, localId }) => ({ itemId, localId })) }, [`${deleted.map(({ name }) => name).join(', ')} is added again with the next sync.`]);
}

function describeAsset(asset: Asset): string[] {
  const lost = asset.wanted?.length ?? 0;
  const where = lost > 0 ? reasons.bit_rot.sentence : asset.state === 'live' ? 'The server holds it, verified.' : 'It lies in Recently Deleted.';
  return [tone(asset.id, 'strong'), ...indent([where, ...asset.resources.map(({ role, name, bytes }) => tone(`${role} ${name}, ${formatBytes(bytes)}`, 'quiet'))])];
}

/** Why no picture of it is shown: its bytes are kept all the same. */
function describeProblem(problem: NonNullable<MediaDetails['problem']>): string[] {
  const { sentence, fixes } = reasons[problem];
  return indent([tone(sentence, 'warn'), ...fixes.map((fix) => `→ ${fix}`)]);
}

/** Where the bytes are, which of them this device has, and what those that it lacks wait for. */
function describePlaces(places: readonly Whereabouts[], now: number): string[] {
  if (places.length === 0) return [];
  return ['', tone('Where its bytes are', 'strong'), ...indent(table(places.flatMap((place) => describePlace(place, now))))];
}

function describePlace({ role, name, bytes, onServer, lostSince, here, previews, wanted }: Whereabouts, now: number): string[][] {
  const rows = [
    [label(role), `${name}, ${formatBytes(bytes)}`],
    ['', onServer ? 'on the server, verified' : lostSince === null ? 'on their way to the server' : tone(`lost on the server; this device heard of it ${formatSince(lostSince, now)}`, 'warn')],
    ['', here.length === 0 ? 'not on this device' : `on this device: ${here.map(({ source, localId }) => join(source, localId)).join(', ')}`],
  ];
  for (const { source, localId } of previews) rows.push(['', `a preview stands for it: ${join(source, localId)}`]);
  if (wanted === null) return rows;
  rows.push(['', wanted.reason === null ? 'to be fetched into the library folder' : tone(reasons[wanted.reason.code].sentence, 'warn')]);
  if (wanted.reason !== null && wanted.reason.since !== null) rows.push(['', `waits since ${formatSince(wanted.reason.since, now)}`]);
  if (wanted.attempts > 0) rows.push(['', wanted.attempts === 1 ? 'tried once' : `tried ${wanted.attempts} times`]);
  if (wanted.nextAt !== null && wanted.nextAt > now) rows.push(['', `tried again in ${formatSpan(wanted.nextAt - now)}`]);
  return rows;
}

function describeFile(file: Why, now: number): string[] {
  return [tone(join(file.source, file.localId), 'strong'), ...indent(table(factsOf(file, now)))];
}

function factsOf(file: Why, now: number): string[][] {
  const rows = [[label('State'), `${file.state}, ${formatBytes(file.bytes)}`]];
  if (file.reason !== null) {
    const { sentence, fixes } = reasons[file.reason.code];
    rows.push([label('Reason'), tone(sentence, 'warn')], [label('Since'), formatSince(file.reason.since, now)]);
    for (const fact of describeEvidence(file.reason.code, file.reason.evidence)) rows.push([label('Detail'), fact]);
    for (const fix of fixes) rows.push([label('Fix'), fix]);
  }
  if (file.attempts > 0) rows.push([label('Tried'), file.attempts === 1 ? 'once' : `${file.attempts} times`]);
  if (file.uploadedBytes !== null) rows.push([label('Sent'), `${formatBytes(file.uploadedBytes)} of ${formatBytes(file.bytes)}`]);
  rows.push([label('Next'), next(file, now)], [label('Bytes'), whereBytesAre(file)]);
  if (file.assetId !== null) rows.push([label('Asset'), file.assetId]);
  return rows;
}

const steps: Readonly<Record<Why['stage'], string>> = {
  settling: 'it is read when it was left alone for a moment',
  inspect: 'it is read and its hash is made',
  ask: 'the server is asked whether it has it',
  send: 'its bytes are sent',
  commit: 'it is added to the library',
  committing: 'its addition is confirmed by the server',
  verified: 'nothing: it is saved',
  evicted: 'nothing: its original comes when it is opened (everroll open)',
  excluded: 'nothing, unless you change that',
  vanished: 'nothing, unless it comes back',
  missing: 'a person says whether it was deleted',
  remove: 'it is removed here, as it was deleted from the library',
};

function next({ stage, nextAt }: Why, now: number): string {
  return nextAt !== null && nextAt > now ? `${steps[stage]}, in ${formatSpan(nextAt - now)}` : steps[stage];
}

function whereBytesAre({ stage, state }: Why): string {
  if (stage === 'evicted') return 'the original on the server, verified; a preview of it on this device';
  return state === 'verified' ? 'on this device and, verified, on the server' : 'on this device';
}

const label = (text: string): string => tone(text, 'quiet');
