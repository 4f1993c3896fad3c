import type { ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeJpeg } from '@everroll/media/samples';
import type { DeviceOverview, DeviceReport, DeviceSettings } from '@everroll/protocol';
import { type RunningServer, createOwner, settingsFrom, startServer } from '@everroll/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DeviceProcess } from './harness/device.ts';
import { OWNER, Stage, stopped } from './harness/processes.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const MINUTE = 60_000;

let stage: Stage;
let server: RunningServer;
/** How far the server's clock is ahead: time that a test need not wait for. */
let aheadMs = 0;
let a: DeviceProcess;
let b: DeviceProcess;
let photos: string;
/** A, which stays in sync for all of this file. */
let watching: ChildProcess;

beforeAll(async () => {
  stage = await Stage.open();
  server = await startServer(settingsFrom({ EVERROLL_DATA: join(stage.path, 'data'), EVERROLL_PORT: '0', EVERROLL_RENDITION_WORKERS: '0' }), { log: quiet, clock: { now: () => Date.now() + aheadMs } });
  await createOwner(server.services, { ...OWNER, name: 'Ada' });
  a = new DeviceProcess(stage, 'a');
  b = new DeviceProcess(stage, 'b');
  photos = join(stage.path, 'photos');
  await mkdir(photos);
  await Promise.all(([[a, 'laptop'], [b, 'phone']] as const).map(([device, name]) => device.ask(['sign-in', server.url, '--email', OWNER.email, '--device-name', name])));
  await a.addSource(photos);
  watching = a.start('sync', '--watch');
});
afterAll(async () => {
  await stage.close();
  await server.close();
});

const addPhoto = (name: string): Promise<void> => writeFile(join(photos, name), makeJpeg({ seed: name }));

interface Shown {
  readonly device: DeviceOverview;
  readonly settings: DeviceSettings;
}

/** What B is shown of A, once A has said what is waited for. */
async function shownOnce(so: (report: DeviceReport) => boolean): Promise<Shown> {
  for (;;) {
    const said = await server.services.db.selectFrom('device').innerJoin('device_status', 'device_id', 'id').select('report').where('name', '=', 'laptop').executeTakeFirst();
    if (said && so(JSON.parse(said.report) as DeviceReport)) return JSON.parse((await b.run('devices', 'show', 'laptop', '--json')).stdout) as Shown;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('D1 one device sees how another stands, and why something waits there', async () => {
  await addPhoto('IMG_1.JPG');
  expect((await shownOnce(({ items }) => items.verified === 1)).device).toMatchObject({ name: 'laptop', current: false, standing: 'in_touch', report: { atRisk: { items: 0 } } });
  await server.services.db.updateTable('account').set({ plan_bytes: 700 }).execute();
  await addPhoto('IMG_2.JPG');
  const { device } = await shownOnce(({ reasons }) => reasons.some(({ code }) => code === 'quota_full'));
  expect(device.report).toMatchObject({ state: 'blocked', items: { verified: 1, waiting: 1 }, atRisk: { items: 1 } });
  const listed = await b.run('devices');
  expect(listed.stdout).toMatch(/laptop.*needs you.*1 item not saved, \d+ bytes/);
  expect(listed.exitCode).toBe(3);
  expect(await b.ask(['usage'])).toMatchObject({ elsewhere: [{ device: 'laptop', items: 1, bytes: device.report?.atRisk.bytes }] });
});

test('D5 a device that is stopped with work left is away, and after days not seen', async () => {
  watching.kill('SIGSTOP');
  aheadMs = 11 * MINUTE;
  expect((await b.run('devices')).stdout).toMatch(/laptop.*away, last needs you/);
  aheadMs = 3 * 24 * 60 * MINUTE + 11 * MINUTE;
  expect((await shownOnce(() => true)).device).toMatchObject({ standing: 'not_seen', report: { atRisk: { items: 1 } } });
  aheadMs = 0;
  watching.kill('SIGCONT');
});

test('D2 one device switches, pauses and restricts another, which obeys at once', async () => {
  await b.ask(['accounts', 'plan', OWNER.email, 'unlimited']);
  await b.ask(['devices', 'set', 'laptop', 'sync=off']);
  expect((await shownOnce(({ state }) => state === 'off')).device.report?.reasons.map(({ code }) => code)).toContain('sync_off');
  await b.ask(['devices', 'set', 'laptop', 'sync=on', 'pause=2h', 'power=wifi']);
  expect((await shownOnce(({ state }) => state === 'paused')).settings).toMatchObject({ sync: true, power: 'wifi' });
  await b.ask(['devices', 'set', 'laptop', 'pause=off', 'power=always']);
  await shownOnce(({ items }) => items.verified === 2);
  await a.ask(['set', 'sync=off']);
  expect((await shownOnce(({ state }) => state === 'off')).settings).toMatchObject({ sync: false, power: 'always', pausedUntil: null });
});

test('devices are renamed and signed out, by a name or the beginning of an id', async () => {
  await stopped(watching);
  await b.ask(['devices', 'rename', 'laptop', 'old laptop']);
  const { device } = await b.ask<Shown>(['devices', 'show', 'OLD LAPTOP']);
  for (const wrong of [['show', 'tablet'], ['set', 'phone', 'speed=1'], ['set', 'phone', 'pause=ever'], ['set', 'phone', 'conditions.metered=yes'], ['sign-out', 'phone']]) await b.ask(['devices', ...wrong], 2);
  await b.ask(['devices', 'sign-out', device.id.slice(0, 8)]);
  expect(await b.ask<{ devices: DeviceOverview[] }>(['devices'])).toMatchObject({ devices: [{ name: 'phone' }] });
});
