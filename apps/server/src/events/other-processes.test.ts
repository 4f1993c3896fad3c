import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reportOf } from '../testing/reports.ts';
import { albumId, newId, Outbox } from '../testing/test-library.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';
import { watchOtherProcesses } from './other-processes.ts';

let folder: string;
/** Two processes on one database, as their connections see it. */
let here: TestServer;
let there: TestServer;
let reader: TestDevice;
/** The account's other device, which speaks with the other process. */
let other: TestDevice;
let look: () => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-processes-'));
  const databaseUrl = `sqlite:${join(folder, 'everroll.sqlite')}`;
  here = await testServer({ databaseUrl });
  there = await testServer({ databaseUrl });
  reader = await here.person('a@example.com');
  const phone = await reader.another('phone');
  const request: TestDevice['request'] = async (method, path, body) =>
    await there.app.request(path, { method, headers: { 'authorization': `Bearer ${phone.token}`, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  other = { ...phone, request };
  watchOtherProcesses({ ...here.services, timers: { every: (_milliseconds, run) => ((look = run), () => undefined) } });
});
afterEach(async () => {
  await there.closeSound();
  await here.closeSound();
  await rm(folder, { recursive: true, force: true });
});

/** One look notes where the database stands, and each later one whether others have written since. */
async function lookingUntil<T>(waited: Promise<T>): Promise<T> {
  for (;;) {
    look();
    const come = await Promise.race([waited.then((value) => ({ value })), new Promise<null>((resolve) => setTimeout(() => resolve(null), 10))]);
    if (come !== null) return come.value;
  }
}

test('what was done through another process is told by this one: heads, settings, reports, room in the plan', async () => {
  const stream = (await reader.request('GET', '/api/v1/events')).body!.pipeThrough(new TextDecoderStream()).getReader();
  const told = async (): Promise<unknown[]> => {
    const text = await lookingUntil(stream.read());
    return (text.value ?? '').split('\n\n').filter(Boolean).map((lines) => [lines.split('\n')[0]?.slice('event: '.length), JSON.parse(lines.split('data: ')[1] ?? 'null')]);
  };
  const head = (at: number): unknown => ['head', { library: reader.libraryId, epoch: reader.epoch, head: at }];
  expect(await told()).toEqual([head(0)]);
  look();

  await new Outbox(other).do({ op: 'album.create', albumId: albumId(), name: 'a' });
  expect(await told()).toEqual([head(1)]);
  const change = newId();
  await other.request('PATCH', `/api/v1/devices/${reader.deviceId}/settings`, { clock: 0, base: 0, change, settings: { sync: false } });
  expect(await told()).toEqual([['device', { device: reader.deviceId, changed: 'settings', version: 1, change }]]);
  await other.request('PUT', `/api/v1/devices/${other.deviceId}/status`, reportOf());
  expect(await told()).toEqual([['device', { device: other.deviceId, changed: 'status' }]]);
  await other.request('PATCH', `/api/v1/accounts/${reader.accountId}`, { plan: '2TB' });
  expect(await told()).toEqual([['plan', { account: reader.accountId }]]);
  // What was done here is told once, though others write at the same time.
  await new Outbox(reader).do({ op: 'album.create', albumId: albumId(), name: 'b' });
  expect(await told()).toEqual([head(2)]);
  await other.request('PUT', `/api/v1/devices/${other.deviceId}/status`, reportOf({ pendingChanges: 1 }));
  there.clock.time += 5000;
  await other.request('PUT', `/api/v1/devices/${other.deviceId}/status`, reportOf({ pendingChanges: 2 }));
  expect(await told()).toEqual([['device', { device: other.deviceId, changed: 'status' }]]);
  await there.services.db.deleteFrom('session').where('device_id', '=', reader.deviceId).execute();
  for (let end = await lookingUntil(stream.read()); !end.done; ) end = await lookingUntil(stream.read());
});
