import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasons } from '@everroll/protocol';
import { expect, test } from 'vitest';
import { countingProxy } from './harness/counting-proxy.ts';
import { DeviceProcess } from './harness/device.ts';
import { hashesIn } from './harness/files.ts';
import { Stage } from './harness/processes.ts';
import { ServerProcess } from './harness/server.ts';

/** Files of many cameras, kept beside the repository; they are too large to be in it. */
const media = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'shared', 'media');

test.skipIf(!existsSync(join(media, 'MANIFEST.tsv')))('what cameras make: every file is verified or has a true reason, and arrives byte for byte', async () => {
  const manifest = (await readFile(join(media, 'MANIFEST.tsv'), 'utf8'))
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
  const expected = new Map(manifest.map(([path = '', , sha256 = '']) => [path, sha256]));
  const empty = manifest.filter(([, bytes]) => bytes === '0').map(([path]) => path);
  const stage = await Stage.open();
  const server = await ServerProcess.start(stage);
  const proxy = await countingProxy(() => server.port);
  const [a, b] = [new DeviceProcess(stage, 'a'), new DeviceProcess(stage, 'b')];
  await a.signIn(proxy.url);
  await a.ask(['source', 'add', media]);
  await b.signIn(proxy.url);
  const library = join(stage.path, 'library');
  await b.ask(['folder', library]);

  const status = await a.sync();
  const { found, verified, excluded, waiting, uploading, failed } = status.items;
  expect([waiting, uploading, failed]).toEqual([0, 0, 0]);
  expect(verified + excluded).toBe(found);
  expect(status.reasons.every(({ code }) => reasons[code].class === 'excluded')).toBe(true);

  // What was left out by a rule is what is no media, the list itself, and what holds no byte.
  const inLibrary = new Set((await a.assets()).flatMap((asset) => asset.resources.map((resource) => resource.sha256 as string)));
  const leftOut = [...expected].filter(([, sha256]) => !inLibrary.has(sha256)).map(([path]) => path);
  expect(leftOut).toEqual(empty);
  for (const [path, code] of [...leftOut.map((empties) => [empties, 'empty_file'] as const), ['MANIFEST.tsv', 'excluded_by_rule'] as const]) {
    expect(await a.ask(['why', join(media, path)])).toMatchObject({ files: [{ state: 'excluded', localId: path, reason: { code } }] });
  }

  await b.sync();
  const arrived = new Set((await hashesIn(library)).values());
  expect([...expected].filter(([path, sha256]) => !arrived.has(sha256) && !empty.includes(path))).toEqual([]);
  // A Live Photo lies in these folders as two files of one name.
  const movies = [...expected.keys()].filter((path) => /^livephoto.*\.mov$/i.test(path));
  const pairs = movies.map((movie) => [...expected].filter(([path]) => stem(path) === stem(movie)).map(([, sha256]) => sha256).toSorted());
  const assets = (await b.assets()).map((asset) => asset.resources.map((resource) => resource.sha256 as string).toSorted());
  expect(pairs.length).toBeGreaterThan(0);
  expect(pairs.filter((pair) => !assets.some((asset) => asset.join() === pair.join()))).toEqual([]);

  const uploads = proxy.uploads();
  await a.sync();
  await a.forget();
  await a.signIn(proxy.url);
  await a.ask(['source', 'add', media]);
  await a.sync();
  expect(proxy.uploads()).toBe(uploads);

  await proxy.close();
  await server.stop();
  await stage.close();
});

const stem = (path: string): string => path.slice(0, path.lastIndexOf('.'));
