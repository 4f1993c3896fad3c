import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SignedIn } from '@everroll/protocol';
import { makeJpeg } from '@everroll/media/samples';
import type { Kysely } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../database/open.ts';
import type { Database } from '../database/schema.ts';
import { send } from '../testing/live-server.ts';
import { Photographer, until } from '../testing/rendition-server.ts';
import type { TestDevice } from '../testing/test-server.ts';

const OWNER = { EVERROLL_OWNER_EMAIL: 'someone@example.com', EVERROLL_OWNER_PASSWORD: 'a long password' };
const PHOTOS = 40;

let folder: string;
let db: Kysely<Database>;
let running: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-killed-'));
  db = await openDatabase(`sqlite:${join(folder, 'everroll.db')}`);
});
afterEach(async () => {
  for (const child of running) await kill(child);
  running = [];
  await db.destroy();
  await rm(folder, { recursive: true, force: true });
});

const start = async (workers: number): Promise<{ readonly child: ChildProcess; readonly port: number }> => {
  const child = fork(join(import.meta.dirname, '../testing/server-process.ts'), {
    env: { ...process.env, ...OWNER, EVERROLL_DATA: folder, EVERROLL_PORT: '0', EVERROLL_RENDITION_WORKERS: String(workers) },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  running.push(child);
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return { child, port: Number(new URL(url).port) };
};
const kill = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
};

const signIn = async (port: number): Promise<TestDevice> => {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: OWNER.EVERROLL_OWNER_EMAIL, password: OWNER.EVERROLL_OWNER_PASSWORD, device: { name: 'test', kind: 'agent' } }),
  });
  const { token, libraries } = (await answer.json()) as SignedIn;
  const { id, epoch } = libraries[0]!;
  const request: TestDevice['request'] = async (method, path, body) =>
    await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { token, libraryId: id, epoch, request } as TestDevice;
};
const addsPhotos = async (port: number) => {
  const me = new Photographer({ port } as never, await signIn(port));
  const ids = [];
  for (let seed = 0; seed < PHOTOS; seed += 1) ids.push(await me.adds(makeJpeg({ seed })));
  return { me, ids };
};
const described = async () => (await db.selectFrom('asset').select('id').where('described', '>', 0).execute()).length;
/** As the time does that a killed process's leases last. */
const endLeases = async () => await db.updateTable('rendition').set({ lease_until: 0 }).where('lease_holder', 'is not', null).execute();
const isWhole = async (port: number, { me, ids }: Awaited<ReturnType<typeof addsPhotos>>) => {
  for (const id of ids) {
    const answer = await send({ port }, me.device, 'GET', me.address(id));
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/webp']);
    expect(answer.body.subarray(8, 12).toString()).toBe('WEBP');
  }
};

test('of two server processes one is killed in the midst: the other one does all of the work', async () => {
  const { port: asked } = await start(0);
  const photos = await addsPhotos(asked);
  const [first, second] = [await start(1), await start(1)];
  await until(async () => expect(await described()).toBeGreaterThan(3));
  await kill(first.child);
  await endLeases();
  await until(async () => expect(await described()).toBe(PHOTOS));
  await isWhole(second.port, photos);
}, 180_000);

test('kill -9 again and again: whoever comes next goes on, and nothing is lost or left over', async () => {
  const { port: asked } = await start(0);
  const photos = await addsPhotos(asked);
  for (let round = 1; round <= 3; round += 1) {
    const before = await described();
    const { child } = await start(2);
    await until(async () => expect(await described()).toBeGreaterThan(Math.min(before + 2, PHOTOS - 1)));
    await kill(child);
    await endLeases();
  }
  const { port } = await start(2);
  await until(async () => expect(await described()).toBe(PHOTOS));
  await isWhole(port, photos);
  expect(await db.selectFrom('rendition').select('sha256').where('attempts', '>', 0).execute()).toEqual([]);
  // Each photo has its two files, and no third one of an earlier making.
  const files = (await readdir(join(folder, 'renditions'), { recursive: true })).filter((name) => /\.(webp|jpg)$/.test(name) && !name.startsWith('work'));
  expect(files).toHaveLength(2 * PHOTOS);
}, 180_000);
