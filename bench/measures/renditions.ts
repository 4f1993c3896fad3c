import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocator } from '../../packages/media/src/renditions/pool/worker-process.ts';
import { scaled, type Options, type Table } from '../measure.ts';
import { madeJpeg } from '../stand/made-jpeg.ts';
import { type Asked, ask, startAsked } from '../stand/asked.ts';
import { median, spread } from '../statistics.ts';
import { twoWorkersBesideOne } from './two-workers.ts';

const ROUNDS = 11;
/** Until the engine has compiled what is used often, and is not counted. */
const WARM_UP_ROUNDS = 2;

/** Photos of 12 megapixels by iPhones, beside the repository. */
const shared = join(import.meta.dirname, '../../../shared/media');
const files = {
  jpeg: join(shared, 'jpeg-12mp/IMG_9975.jpeg'),
  detailedJpeg: join(shared, 'jpeg-12mp/not_live.jpeg'),
  heic: join(shared, 'heic-iphone/IMG_2682.heic'),
  middlingHeic: join(shared, 'heic-iphone/1_portrait.heic'),
  detailedHeic: join(shared, 'heic-iphone/heic-iphone.heic'),
};

interface Row {
  readonly name: string;
  /** Program of the process; absent: rendition-way.ts, as a worker runs. */
  readonly file?: string;
  readonly words: readonly string[];
  /** The row whose CPU it is divided by. */
  readonly limit?: string;
}

/** CPU of preview, thumb and placeholder by kind of file, beside the same by sharp alone; and how two workers share the work. */
export async function renditions(options: Options): Promise<Table> {
  const folder = await mkdtemp(join(tmpdir(), 'everroll-bench-renditions-'));
  try {
    const present = existsSync(files.jpeg);
    const jpegs = present ? [files.jpeg, files.detailedJpeg] : [await madeJpeg(join(folder, 'made.jpg'))];
    const heics = present ? [files.heic, files.middlingHeic, files.detailedHeic] : [];
    const rows: readonly Row[] = [...jpegs.flatMap((path) => rowsOfJpeg(path, heics[0])), ...heics.flatMap(rowsOfHeic), ...heics.slice(0, 1).flatMap(otherRowsOfHeic), ...[...jpegs.slice(0, 1), ...heics.slice(0, 1)].map((path) => ({ name: `details of ${name(path)}`, words: ['details', path] }))];
    const cpu = await measured(rows, scaled(ROUNDS, options));
    const cpuOf = (row: string): readonly number[] => cpu.get(row) ?? [];
    const shares = await twoWorkersBesideOne(jpegs[0] ?? '', folder);
    return {
      title: `Renditions: preview, thumb and placeholder of 12 megapixels, CPU of a process for each row, medians of ${scaled(ROUNDS, options)} turns`,
      columns: ['file and way', 'CPU ms/file', 'quarters', 'ratio to its limit'],
      rows: [
        ...rows.map(({ name: row, limit }) => [row, median(cpuOf(row)).toFixed(2), spread(cpuOf(row), 1), limit === undefined ? '' : (median(cpuOf(row)) / median(cpuOf(limit))).toFixed(2)]),
        ...shares.rows,
      ],
      notes: [
        'Aims: JPEG <= 1.15 times sharp alone; HEIC with node-av <= 300 ms; details <= 1 ms; two workers >= 1.7 times one. The strongest peer, measured elsewhere: 190 ms for a JPEG.',
        ...shares.notes,
        ...(present ? [] : ['There is no ../shared/media: the JPEG was made by sharp, and HEIC was not measured.']),
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const name = (path: string): string => `${path.toLowerCase().endsWith('heic') ? 'HEIC' : 'JPEG'} ${(statSync(path).size / 1e6).toFixed(1)} MB`;

function rowsOfJpeg(path: string, heic: string | undefined): readonly Row[] {
  const limit = `${name(path)}: sharp alone (limit)`;
  return [
    { name: limit, file: 'bare-renditions.ts', words: [path] },
    { name: `${name(path)}: everything`, words: ['render', path], limit },
    ...(heic === undefined ? [] : [{ name: `${name(path)}: everything, each after a HEIC in the same process`, words: ['mixed', path, heic], limit }]),
  ];
}

function rowsOfHeic(path: string): readonly Row[] {
  const limit = `${name(path)}: its tiles decoded by node-av, nothing else (limit)`;
  return [
    { name: limit, words: ['decoder alone', path] },
    { name: `${name(path)}: everything, with node-av`, words: ['render', path], limit },
  ];
}

const otherRowsOfHeic = (path: string): readonly Row[] => [
  { name: `${name(path)}: renditions, with libheif-js`, words: ['libheif', path] },
  { name: `${name(path)}: quick thumb`, words: ['quick thumb', path] },
];

/** In turns, each row in a process of its own. Milliseconds. */
async function measured(rows: readonly Row[], rounds: number): Promise<ReadonlyMap<string, number[]>> {
  const processes: (readonly [row: string, process: Asked])[] = [];
  const cpu = new Map<string, number[]>(rows.map(({ name: row }) => [row, []]));
  try {
    for (const { name: row, file, words } of rows) processes.push([row, await startAsked(file ?? 'rendition-way.ts', words, file === undefined ? { env: allocator } : {})]);
    for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
      for (const [row, each] of round % 2 === 0 ? processes : processes.toReversed()) {
        // A worker that has work finds its own in the caches; here others had them meanwhile.
        await ask(each);
        const { cpuMs } = await ask(each);
        if (round >= 0) cpu.get(row)?.push(cpuMs);
      }
    }
  } finally {
    for (const [, each] of processes) await each.stop();
  }
  return cpu;
}
