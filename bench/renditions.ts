import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDetails } from '@everroll/media';
import { defaultLimits, quickThumb, render } from '@everroll/media/renditions';
import { RenditionPool } from '@everroll/media/renditions/pool';
import sharp from 'sharp';
import { rgbaToThumbHash } from 'thumbhash';
import { decodeHeif } from '../packages/media/src/renditions/stills/heif/decode-heif.ts';
import { encode } from '../packages/media/src/renditions/stills/encode.ts';
import type { Table } from './measure.ts';
import { median } from './statistics.ts';

const ROUNDS = 9;
/** Of one file; the details of a file take less than the clock's step. */
const DETAILS_A_ROUND = 200;
const POOL_ROUNDS = 3;
const POOL_JOBS = 12;

/** Photos of 12 megapixels by iPhones, beside the repository. */
const shared = join(import.meta.dirname, '../../shared/media');
const files = {
  jpeg: join(shared, 'jpeg-12mp/IMG_9975.jpeg'),
  detailedJpeg: join(shared, 'jpeg-12mp/not_live.jpeg'),
  heic: join(shared, 'heic-iphone/IMG_2682.heic'),
  detailedHeic: join(shared, 'heic-iphone/heic-iphone.heic'),
};

type Work = () => Promise<unknown>;

/** CPU of preview, thumb and placeholder by kind of file, beside the same by sharp alone; and how two workers share the work. */
export async function renditions(): Promise<Table> {
  const folder = await mkdtemp(join(tmpdir(), 'everroll-bench-renditions-'));
  try {
    const present = existsSync(files.jpeg);
    const jpegs = present ? [files.jpeg, files.detailedJpeg] : [await madeJpeg(join(folder, 'made.jpg'))];
    const heics = present ? [files.heic, files.detailedHeic] : [];
    const out = join(folder, 'out');
    await mkdir(out);

    const work = new Map<string, Work>();
    for (const path of jpegs) {
      work.set(`JPEG ${megabytes(path)}: sharp alone`, () => bare(path));
      work.set(`JPEG ${megabytes(path)}: render`, () => render({ path, folder: out, limits: defaultLimits }));
    }
    for (const path of heics) {
      for (const step of ['node-av', 'libheif'] as const) {
        work.set(`HEIC ${megabytes(path)}: ${step}`, async () => {
          const decoded = await decodeHeif(path, defaultLimits, [step]);
          if (decoded.outcome !== 'reduced') throw new Error(`${step}: ${decoded.message}`);
          await encode(decoded, out);
        });
      }
      work.set(`HEIC ${megabytes(path)}: quick thumb`, () => quickThumb({ path, folder: out, limits: defaultLimits }));
    }
    for (const path of [...jpegs.slice(0, 1), ...heics.slice(0, 1)]) work.set(`details of ${path === jpegs[0] ? 'the JPEG' : 'the HEIC'}`, () => detailsOften(path));

    const cpu = await measured(work);
    const cpuOf = (name: string): number => median(cpu.get(name) ?? []) / (name.startsWith('details') ? DETAILS_A_ROUND : 1);
    const speedUp = await twoWorkersBesideOne(jpegs[0] ?? '', folder);
    const rows = [...work.keys()].map((name) => {
      const bareName = name.replace(': render', ': sharp alone');
      return [name, cpuOf(name).toFixed(2), bareName === name ? '' : (cpuOf(name) / cpuOf(bareName)).toFixed(2)];
    });
    return {
      title: `Renditions: preview, thumb and placeholder of 12 megapixels, CPU of the process, median of ${ROUNDS} turns`,
      columns: ['file and way', 'CPU ms/file', 'ratio to sharp alone'],
      rows: [...rows, [`${POOL_JOBS} JPEGs by two workers beside one (wall clock, times as fast)`, '', speedUp.toFixed(2)]],
      notes: [
        'Aims: ratio <= 1.15; HEIC with node-av <= 300 ms; details <= 1 ms; two workers >= 1.7. The strongest peer, measured elsewhere: 190 ms for a JPEG.',
        ...(present ? [] : ['There is no ../shared/media: the JPEG was made by sharp, and HEIC was not measured.']),
      ],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const megabytes = (path: string): string => `${(statSync(path).size / 1e6).toFixed(1)} MB`;

/** In turns; the first round warms up and is not counted. Milliseconds of user and system time. */
async function measured(work: ReadonlyMap<string, Work>): Promise<ReadonlyMap<string, number[]>> {
  const cpu = new Map<string, number[]>([...work.keys()].map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, run] of round % 2 === 0 ? [...work] : [...work].toReversed()) {
      const before = process.cpuUsage();
      await run();
      const { user, system } = process.cpuUsage(before);
      if (round > 0) cpu.get(name)?.push((user + system) / 1000);
    }
  }
  return cpu;
}

/** What sharp's documentation leads to for the same three results, in memory: one decode, the same sizes and formats, its defaults. */
async function bare(path: string): Promise<void> {
  const { data, info } = await sharp(path).autoOrient().resize(1440, 1440, { fit: 'inside', withoutEnlargement: true }).raw().toBuffer({ resolveWithObject: true });
  const raw = { raw: info };
  await sharp(data, raw).jpeg({ quality: 80 }).toBuffer();
  await sharp(data, raw).resize(250, 250, { fit: 'outside' }).webp().toBuffer();
  const small = await sharp(data, raw).resize(100, 100, { fit: 'inside' }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  rgbaToThumbHash(small.info.width, small.info.height, small.data);
}

async function detailsOften(path: string): Promise<void> {
  for (let count = 0; count < DETAILS_A_ROUND; count += 1) await readDetails(path);
}

async function twoWorkersBesideOne(path: string, folder: string): Promise<number> {
  const pools = [new RenditionPool({ workers: 1 }), new RenditionPool({ workers: 2 })] as const;
  const seconds: [number[], number[]] = [[], []];
  try {
    for (let round = 0; round <= POOL_ROUNDS; round += 1) {
      for (const which of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        const began = performance.now();
        await Promise.all(Array.from({ length: POOL_JOBS }, async (_, job) => {
          const own = join(folder, `pool-${which}-${round}-${job}`);
          await mkdir(own);
          const outcome = await pools[which].render({ path, folder: own, limits: defaultLimits });
          if (outcome.outcome !== 'made') throw new Error(outcome.message);
        }));
        if (round > 0) seconds[which].push(performance.now() - began);
      }
    }
  } finally {
    await Promise.all(pools.map((pool) => pool.close()));
  }
  return median(seconds[0]) / median(seconds[1]);
}

/** A picture with edges, areas and noise, as a camera's has. */
async function madeJpeg(path: string): Promise<string> {
  const small = await sharp({ create: { width: 504, height: 378, channels: 3, background: '#777', noise: { type: 'gaussian', mean: 128, sigma: 60 } } }).png().toBuffer();
  await sharp(small).resize(4032, 3024, { kernel: 'cubic' }).jpeg({ quality: 92 }).toFile(path);
  return path;
}
