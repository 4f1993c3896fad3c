import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemRandom } from '../context.ts';
import { nodeDiskFs } from '../originals/node-disk-fs.ts';
import { sha256Of } from '../testing/test-library.ts';
import { LocalRenditionStore } from './local-disk.ts';

const sha256 = sha256Of('one');
let root: string;
let store: LocalRenditionStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'everroll-renditions-'));
  store = new LocalRenditionStore(nodeDiskFs, root, systemRandom);
});
afterEach(async () => await rm(root, { recursive: true }));

const put = async (text: string, file = 'thumb.webp') => {
  const folder = await store.workFolder();
  await writeFile(join(folder, file), text);
  const name = await store.put(sha256, folder, file);
  await store.discard(folder);
  return name;
};
const read = async (name: string) => {
  const opened = await store.open(sha256, name);
  return opened && (await new Response(opened.stream(0, opened.bytes)).text());
};

test('a file lies under its hash, and no name stands for other bytes later', async () => {
  const first = await put('first');
  const second = await put('second');
  expect(first).toMatch(/^thumb-[0-9a-f]{8}\.webp$/);
  expect(await readFile(join(root, 'renditions', sha256.slice(0, 2), sha256.slice(2, 4), sha256, first), 'utf8')).toBe('first');
  expect([await read(first), await read(second)]).toEqual(['first', 'second']);
});

test('who reads a file that is replaced reads it to its end', async () => {
  const name = await put('first');
  const opened = await store.open(sha256, name);
  await store.keep(sha256, async () => new Set([await put('second')]));
  expect(await new Response(opened!.stream(0, opened!.bytes)).text()).toBe('first');
  expect(await read(name)).toBeUndefined();
});

test('what is kept of a hash is what is named', async () => {
  const [first, second] = [await put('first'), await put('second')];
  await store.keep(sha256, async () => new Set([second]));
  expect([await store.has(sha256, first), await store.has(sha256, second)]).toEqual([false, true]);
  expect(await Array.fromAsync(store.list())).toEqual([sha256]);
  await store.keep(sha256, async () => new Set());
  expect(await Array.fromAsync(store.list())).toEqual([]);
});

test('what comes while somebody asks what is named stays, and where nobody can tell all stays', async () => {
  const first = await put('first');
  let second = '';
  await store.keep(sha256, async () => {
    second = await put('second');
    return new Set(['another']);
  });
  expect([await store.has(sha256, first), await store.has(sha256, second)]).toEqual([false, true]);
  await store.keep(sha256, async () => null);
  expect(await store.has(sha256, second)).toBe(true);
});

test('all of it may be gone at any time', async () => {
  const name = await put('first');
  await rm(join(root, 'renditions'), { recursive: true });
  expect([await store.has(sha256, name), await store.open(sha256, name), await Array.fromAsync(store.list())]).toEqual([false, undefined, []]);
  await store.keep(sha256, async () => new Set());
  expect(await read(await put('again'))).toBe('again');
});

test('what a killed process was making goes once nobody can be at it any more', async () => {
  const folder = await store.workFolder();
  await writeFile(join(folder, 'thumb.webp'), 'half');
  expect(await store.removeWorkBefore(0)).toBe(0);
  expect(await store.removeWorkBefore(Date.now() + 60_000)).toBe(1);
  expect(await readdir(join(root, 'renditions', 'work'))).toEqual([]);
});
