import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { readFacts } from '@everroll/media';
import { reasons, type Resource } from '@everroll/protocol';
import sharp from 'sharp';
import { readSession } from '../apps/agent/src/home/session-file.ts';
import { differences } from '../packages/media/src/oracle/differences.ts';
import { DeviceProcess, type ShownAsset } from './harness/device.ts';
import { Stage } from './harness/processes.ts';
import { ServerProcess } from './harness/server.ts';

/**
 * `npm run media:table`: puts the media set through a real device and a real server, and writes into
 * docs/media.md what became of each file. What stands above the mark in that file is written by hand.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const media = join(root, '..', 'shared', 'media');
const document = join(root, 'docs', 'media.md');
const MARK = '<!-- below this line: npm run media:table -->';

if (!existsSync(join(media, 'MANIFEST.tsv'))) {
  process.stderr.write(`The media set is not at ${media}.\n`);
  process.exit(1);
}
const stage = await Stage.open();
const server = await ServerProcess.start(stage, null);
try {
  const device = new DeviceProcess(stage, 'device');
  await device.signIn(server.url);
  await device.addSource(media);
  await device.sync();
  let assets = await device.assets();
  // The server reads and draws them while nobody waits for it.
  while (assets.some(({ details }) => details === null)) {
    await delay(2000);
    await device.sync();
    assets = await device.assets();
  }
  const rows = await tableOf(assets, device);
  const above = (await readFile(document, 'utf8')).split(MARK)[0] ?? '';
  await writeFile(document, `${above}${MARK}\n\n${rows.join('\n')}\n`);
  process.stdout.write(`${rows.length} lines in docs/media.md\n`);
} finally {
  await server.stop();
  await stage.close();
}

async function tableOf(assets: readonly ShownAsset[], device: DeviceProcess): Promise<string[]> {
  const files = (await readFile(join(media, 'MANIFEST.tsv'), 'utf8')).trimEnd().split('\n').slice(1).map((line) => line.split('\t'));
  const lines = ['## The media set', '', '| file | kind | group | taken | place | size | renditions, or the reason |', '|---|---|---|---|---|---|---|'];
  const problems = new Map<string, number>();
  let shown = 0;
  for (const [path = '', , sha256 = ''] of files) {
    const asset = assets.find(({ resources }) => resources.some((resource) => resource.sha256 === sha256));
    if (!asset) {
      const { files: found } = await device.ask<{ files: { reason: { code: keyof typeof reasons } | null }[] }>(['why', join(media, path)]);
      const code = found[0]?.reason?.code;
      lines.push(row([path, '', '', '', '', '', code === undefined ? 'not found' : `\`${code}\`: ${reasons[code].sentence}`]));
      problems.set(code ?? 'not found', (problems.get(code ?? 'not found') ?? 0) + 1);
      continue;
    }
    const { details } = asset;
    const resource = asset.resources.find((held) => held.sha256 === sha256);
    const isPrimary = sha256 === asset.primary;
    const drawn = isPrimary ? await renditionsOf(asset, device) : '';
    if (drawn.startsWith('thumb')) shown += 1;
    if (details?.problem && isPrimary) problems.set(details.problem, (problems.get(details.problem) ?? 0) + 1);
    const size = details?.width === undefined ? '' : `${details.width} x ${details.height ?? ''}`;
    lines.push(
      row([
        path,
        resource?.mediaType ?? '',
        groupOf(asset, resource),
        // A file that does not say when it was taken has the time of the file, which is another on each machine.
        isPrimary && (await readFacts(join(media, path))).capturedAt !== null ? takenAt(asset) : '',
        isPrimary && asset.place ? `${asset.place.latitude.toFixed(4)}, ${asset.place.longitude.toFixed(4)}${details?.zone === undefined ? '' : ` (${details.zone})`}` : '',
        isPrimary ? [size, details?.durationMs === undefined ? '' : `${(details.durationMs / 1000).toFixed(1)} s`, details?.hdr ?? '', ...(details?.marks ?? [])].filter(Boolean).join(', ') : '',
        isPrimary ? [drawn, details?.problem ? `\`${details.problem}\`` : ''].filter(Boolean).join(' ') : 'with its photo',
      ]),
    );
  }
  lines.splice(1, 0, '', `${files.length} files are ${assets.length} assets; ${shown} of them have a thumbnail and a preview. Reasons: ${[...problems].map(([code, count]) => `${count} \`${code}\``).join(', ')}.`);
  lines.push('', '## Where ExifTool says otherwise', '', '| file | fields | why |', '|---|---|---|', ...differences.map(({ file, fields, reason }) => row([file, fields.join(', '), reason])));
  return lines;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function groupOf(asset: ShownAsset, resource: Resource | undefined): string {
  const burst = asset.details?.burstId === undefined ? '' : ' of a burst';
  const motion = asset.details?.motionPhoto === undefined ? '' : ', with a motion photo’s video';
  const others = asset.resources.length - 1;
  if (resource?.sha256 !== asset.primary) return `${(resource?.role ?? '').replaceAll('_', ' ')} of ${asset.resources.find(({ sha256 }) => sha256 === asset.primary)?.name ?? ''}`;
  return `${asset.mediaKind.replaceAll('_', ' ')}${burst}${motion}${others > 0 ? ` (${asset.resources.map(({ role }) => role.replaceAll('_', ' ')).join(' + ')})` : ''}`;
}

/** The wall clock of the place, with its offset where the file says it. */
function takenAt({ capture: { at, offsetMinutes } }: ShownAsset): string {
  const wall = new Date(at + (offsetMinutes ?? 0) * 60_000).toISOString().replace('T', ' ').replace(/\.000Z$|Z$/, '');
  if (offsetMinutes === null) return wall;
  const minutes = Math.abs(offsetMinutes);
  return `${wall} ${offsetMinutes < 0 ? '-' : '+'}${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** As any device gets them, over HTTP. */
async function renditionsOf(asset: ShownAsset, device: DeviceProcess): Promise<string> {
  const session = readSession(join(device.home, 'session.json'));
  const { library } = await device.ask<{ library: { id: string } }>(['status']);
  const found: string[] = [];
  for (const name of ['thumb', 'preview']) {
    const answer = await fetch(`${server.url}/api/v1/libraries/${library.id}/assets/${asset.id}/renditions/${name}`, { headers: { authorization: `Bearer ${session?.token ?? ''}` } });
    if (answer.status !== 200) continue;
    const { width, height, format } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    found.push(`${name} ${width} x ${height} ${format}`);
  }
  return found.join(', ');
}
