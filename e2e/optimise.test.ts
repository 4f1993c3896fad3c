import { existsSync, readdirSync, statSync } from 'node:fs';
import { cp, mkdir, open, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Status, StorageState } from '@everroll/engine';
import { makeJpeg, writeSampleLibrary } from '@everroll/media/samples';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DeviceProcess, type ShownAsset } from './harness/device.ts';
import { hashesIn } from './harness/files.ts';
import { killed, Stage } from './harness/processes.ts';
import { ServerProcess } from './harness/server.ts';

/** Files of many cameras, kept beside the repository; where they are not there, generated ones of the same size. */
const media = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'shared', 'media');
const LIMIT_BYTES = 20_000_000;
/** What is large in it, some 70 MB: the pictures of the whole set take a minute to make. */
const FOLDERS = ['heic-iphone', 'jpeg-12mp', 'livephoto'];

let stage: Stage;
let server: ServerProcess;
let a: DeviceProcess;
let b: DeviceProcess;
let c: DeviceProcess;
let library: string;
/** Of every file in the library: its hash and bytes. */
let originals: Map<string, number>;

beforeAll(async () => {
  stage = await Stage.open();
  server = await ServerProcess.start(stage, null);
  [a, b, c] = [new DeviceProcess(stage, 'a'), new DeviceProcess(stage, 'b'), new DeviceProcess(stage, 'c')];
  library = join(stage.path, 'library');
  const photos = join(stage.path, 'photos');
  if (existsSync(join(media, 'MANIFEST.tsv'))) for (const folder of FOLDERS) await cp(join(media, folder), join(photos, folder), { recursive: true, preserveTimestamps: true });
  else await writeSampleLibrary(photos, { photos: 30, livePhotos: 2, videos: 2, photoBytes: 1_500_000, videoBytes: 2_000_000 });
  for (const device of [a, b]) await device.signIn(server.url);
  for (const device of [b, c]) device.environment['EVERROLL_PATIENCE_SECONDS'] = '2';
  await a.ask(['source', 'add', photos]);
  await a.sync();
  originals = new Map((await a.assets()).flatMap(({ resources }) => resources.map(({ sha256, bytes }) => [sha256 as string, bytes] as const)));
  await b.ask(['set', 'originals=optimise', `storage-limit=${LIMIT_BYTES / 1e6}MB`]);
  await b.ask(['folder', library]);
  // The server makes the pictures while they are asked for.
  const untilHere = async (): Promise<void> => {
    const { downloads } = await statusAfterSync(b);
    if (downloads.items > 0) throw new Error(`${downloads.items} are still to come`);
  };
  await vi.waitFor(untilHere, { timeout: 240_000, interval: 500 });
}, 300_000);

afterAll(async () => {
  await server.stop();
  await stage.close();
});

const statusAfterSync = async (device: DeviceProcess): Promise<Status> => JSON.parse((await device.run('sync', '--json')).stdout) as Status;
const storageOf = (device: DeviceProcess): Promise<StorageState> => device.ask<StorageState & Record<string, unknown>>(['free', '--dry-run']);

/** Bytes of originals that lie in B's folder, by their content. */
async function originalBytes(): Promise<number> {
  const hashes = await hashesIn(library);
  return [...hashes.values()].reduce((sum, sha256) => sum + (originals.get(sha256) ?? 0), 0);
}

async function evictedAssets(): Promise<ShownAsset[]> {
  const here = new Set((await hashesIn(library)).values());
  return (await b.assets()).filter(({ resources }) => resources.some(({ sha256 }) => !here.has(sha256)));
}

test('I6 with a limit of 20 MB a new device stays under it, and a preview stands for each of the rest', async () => {
  const status = await b.sync();
  expect(await originalBytes()).toBeLessThanOrEqual(LIMIT_BYTES);
  expect(await originalBytes()).toBeGreaterThan(LIMIT_BYTES / 2);
  expect(status.evicted.items).toBeGreaterThan(0);
  expect(status.items.verified).toBe(originals.size);
  expect(status.atRisk.items).toBe(0);
  const files = await hashesIn(library);
  expect(files.size).toBe(originals.size);
  expect([...files.keys()].filter((name) => /\.preview(?: \(\d+\))?\.(?:jpg|webp)$/.test(name))).toHaveLength(status.evicted.items);
});

test('a photo that is put into the folder has the least recently used give way, and stays under the limit', async () => {
  const content = makeJpeg({ seed: 'new', bytes: 12_000_000, capturedAt: Date.UTC(2026, 0, 1) });
  await writeFile(join(library, 'new.jpg'), content);
  await vi.waitFor(async () => {
    const { items, evicted } = await statusAfterSync(b);
    expect([items.waiting, items.uploading, evicted.items > 0]).toEqual([0, 0, true]);
    expect((await storageOf(b)).held).toBeLessThanOrEqual(LIMIT_BYTES);
  }, { timeout: 120_000, interval: 500 });
  expect(await originalBytes()).toBeLessThanOrEqual(LIMIT_BYTES - content.length);
}, 150_000);

test('I6 nothing is evicted that the server does not hold whole: what it finds damaged is sent again first', async () => {
  await flipOriginals('whole');
  const before = new Set((await hashesIn(library)).values());
  await b.ask(['set', 'storage-limit=0']);
  await statusAfterSync(b);
  const [after, whole] = [new Set((await hashesIn(library)).values()), await wholeOriginals()];
  const held = [...before].filter((sha256) => originals.has(sha256));
  expect(held.filter((sha256) => !after.has(sha256) && !whole.has(sha256))).toEqual([]);
  expect(held.filter((sha256) => whole.has(sha256)).length).toBeGreaterThan(0);
  await flipOriginals('damaged');
  await b.ask(['set', `storage-limit=${LIMIT_BYTES / 1e6}MB`]);
});

test('every evicted file comes back byte for byte when it is asked for', async () => {
  const wanted = await evictedAssets();
  expect(wanted.length).toBeGreaterThan(0);
  const { files } = await b.ask<{ files: { sha256: string; path: string }[] }>(['open', ...wanted.map(({ id }) => id)]);
  const expected = wanted.flatMap(({ resources }) => resources.map(({ sha256 }) => sha256 as string));
  expect(files.map(({ sha256 }) => sha256).toSorted()).toEqual(expected.toSorted());
  const hashes = await hashesIn(library);
  const here = new Set(hashes.values());
  expect([...originals.keys()].filter((sha256) => !here.has(sha256))).toEqual([]);
  expect([...hashes.keys()].filter((name) => name.includes('.preview.'))).toEqual([]);
}, 150_000);

test('kill -9 in the middle of evictions loses nothing and deletes nothing', async () => {
  const folder = join(stage.path, 'c-library');
  await mkdir(folder);
  await c.signIn(server.url);
  await c.ask(['folder', folder]);
  await c.sync();
  await c.ask(['set', 'originals=optimise', 'storage-limit=0']);
  const originalsIn = async (): Promise<number> => [...(await hashesIn(folder)).values()].filter((sha256) => originals.has(sha256)).length;
  for (let round = 0; round < 4; round += 1) {
    const before = await originalsIn();
    const child = c.start('sync', '--watch');
    while (namesIn(folder).filter((name) => name.includes('.preview.')).length < (originals.size - before) + 3 && child.exitCode === null) await delay(5);
    await killed(child);
  }
  await statusAfterSync(c);
  const status = await statusAfterSync(c);
  expect(status.items.verified).toBe(status.items.found);
  expect(status.evicted.items + (await originalsIn())).toBeGreaterThanOrEqual(originals.size);
  expect(namesIn(folder).length).toBe(status.items.found);
  await a.sync();
  expect(await a.assets('--deleted')).toEqual([]);
}, 150_000);

test('"Remove from this device" takes what is saved from this device and from nowhere else', async () => {
  const folder = join(stage.path, 'c-library');
  await writeFile(join(folder, 'unsaved.jpg'), makeJpeg({ seed: 'unsaved' }));
  expect((await c.run('remove-from-device')).exitCode).toBe(2);
  await c.ask(['sync']);
  await c.ask(['remove-from-device', '--yes']);
  expect(namesIn(folder)).toEqual([]);
  await c.sync();
  await a.sync();
  expect(await a.assets('--deleted')).toEqual([]);
  expect(new Set((await a.assets()).flatMap(({ resources }) => resources.map(({ sha256 }) => sha256 as string))).isSupersetOf(new Set(originals.keys()))).toBe(true);
});

const namesIn = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !name.startsWith('.everroll') && statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true);

/** The originals of which the server has every byte as it was saved. */
const wholeOriginals = async (): Promise<ReadonlySet<string>> => new Set([...(await hashesIn(join(server.data, 'originals')))].flatMap(([name, sha256]) => (basename(name) === sha256 ? [sha256] : [])));

/** One byte of each of the server's originals that is so is another one afterwards, as a failing disk has it; of a damaged one: the byte that it was. */
async function flipOriginals(which: 'whole' | 'damaged'): Promise<void> {
  const folder = join(server.data, 'originals');
  for (const [name, sha256] of await hashesIn(folder)) {
    if ((basename(name) === sha256) !== (which === 'whole')) continue;
    const path = join(folder, name);
    const file = await open(path, 'r+');
    const at = Math.floor(statSync(path).size / 2);
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, at);
    await file.write(Buffer.from([byte.readUInt8() ^ 1]), 0, 1, at);
    await file.close();
  }
}
