import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeJpeg } from '@everroll/media/samples';
import type { DeviceOverview, DeviceSettings } from '@everroll/protocol';
import { type RunningServer, createOwner, settingsFrom, startServer } from '@everroll/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeviceProcess } from './harness/device.ts';
import { OWNER, Stage, stopped } from './harness/processes.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const MINUTE = 60_000;

let stage: Stage;
let server: RunningServer;
/** How far the server's clock is ahead: time that a test need not wait for. */
let aheadMs: number;
let a: DeviceProcess;
let b: DeviceProcess;
let photos: string;

beforeEach(async () => {
  stage = await Stage.open();
  aheadMs = 0;
  server = await startServer(settingsFrom({ EVERROLL_DATA: join(stage.path, 'data'), EVERROLL_PORT: '0', EVERROLL_RENDITION_WORKERS: '0' }), { log: quiet, clock: { now: () => Date.now() + aheadMs } });
  await createOwner(server.services, { ...OWNER, name: 'Ada' });
  a = new DeviceProcess(stage, 'a');
  b = new DeviceProcess(stage, 'b');
  photos = join(stage.path, 'photos');
  await mkdir(photos);
  for (const [device, name] of [[a, 'laptop'], [b, 'phone']] as const) await device.ask(['sign-in', server.url, '--email', OWNER.email, '--device-name', name]);
  await a.addSource(photos);
});
afterEach(async () => {
  await stage.close();
  await server.close();
});

const addPhoto = (name: string): Promise<void> => writeFile(join(photos, name), makeJpeg({ seed: name }));

/** Bytes that the account may store; null: any number. */
const planOf = async (bytes: number | null): Promise<void> => void (await server.services.db.updateTable('account').set({ plan_bytes: bytes }).execute());

interface Shown {
  readonly device: DeviceOverview;
  readonly settings: DeviceSettings;
}

/** What B is shown of A, as soon as it is so. */
async function shown(so: (what: Shown) => boolean): Promise<Shown> {
  for (;;) {
    const { stdout } = await b.run('devices', 'show', 'laptop', '--json');
    const what = JSON.parse(stdout) as Shown;
    if (so(what)) return what;
  }
}

test('S1, S2 one device sees how another stands, and switches, pauses and restricts it', async () => {
  const watching = a.start('sync', '--watch');
  await addPhoto('IMG_1.JPG');
  expect((await shown(({ device }) => device.report?.items.verified === 1)).device).toMatchObject({ name: 'laptop', standing: 'in_touch', report: { atRisk: { items: 0 } } });
  expect(await b.ask(['devices'])).toMatchObject({ devices: expect.arrayContaining([expect.objectContaining({ name: 'laptop', current: false }), expect.objectContaining({ name: 'phone', current: true })]) as unknown });

  await planOf(700);
  await addPhoto('IMG_2.JPG');
  const full = await shown(({ device }) => device.report?.reasons.some(({ code }) => code === 'quota_full') === true);
  expect(full.device.report).toMatchObject({ state: 'blocked', items: { verified: 1, waiting: 1 }, atRisk: { items: 1 } });
  const listed = await b.run('devices');
  expect(listed.stdout).toMatch(/laptop.*needs you.*1 item not saved/);
  expect(listed.exitCode).toBe(3);
  await planOf(null);

  await b.ask(['devices', 'set', 'laptop', 'sync=off']);
  expect((await shown(({ device }) => device.report?.state === 'off')).device.report?.reasons.map(({ code }) => code)).toContain('sync_off');
  await b.ask(['devices', 'set', 'laptop', 'sync=on', 'pause=2h']);
  expect((await shown(({ device }) => device.report?.state === 'paused')).settings.sync).toBe(true);
  await b.ask(['devices', 'set', 'laptop', 'pause=off', 'power=wifi']);
  await shown(({ device, settings }) => settings.power === 'wifi' && device.report?.state !== 'paused');
  expect(await a.ask(['status'], 3)).toMatchObject({ settings: { sync: true, pausedUntil: null, power: 'wifi' } });

  await a.ask(['set', 'sync=off']);
  expect((await shown(({ device }) => device.report?.state === 'off')).settings).toMatchObject({ sync: false, power: 'wifi' });
  await stopped(watching);
});

test('S5 a device that was stopped with work left is away, and after days not seen', async () => {
  await planOf(100);
  await addPhoto('IMG_1.JPG');
  const watching = a.start('sync', '--watch');
  await shown(({ device }) => device.report?.state === 'blocked');
  watching.kill('SIGSTOP');
  aheadMs = 11 * MINUTE;
  const { device } = await shown(() => true);
  expect(device).toMatchObject({ standing: 'away', report: { atRisk: { items: 1 } } });
  expect((await b.run('devices')).stdout).toMatch(/laptop.*away, last needs you/);
  aheadMs = 3 * 24 * 60 * MINUTE + MINUTE;
  expect((await shown(() => true)).device.standing).toBe('not_seen');
  aheadMs = 0;
  watching.kill('SIGCONT');
  await b.ask(['devices', 'set', 'laptop', 'sync=off']);
  expect((await shown((now) => now.device.report?.state === 'off')).device.standing).toBe('in_touch');
});

test('devices are renamed and signed out, by a name or the beginning of an id', async () => {
  await b.ask(['devices', 'rename', 'laptop', 'old laptop']);
  const { device } = await b.ask<Shown>(['devices', 'show', 'OLD LAPTOP']);
  await b.ask(['devices', 'sign-out', device.id.slice(0, 8)]);
  expect(await b.ask<{ devices: DeviceOverview[] }>(['devices'])).toMatchObject({ devices: [{ name: 'phone' }] });
  expect(await a.ask(['sync'], 3)).toMatchObject({ reasons: [{ code: 'session_revoked' }] });
  for (const wrong of [['show', 'tablet'], ['set', 'phone', 'speed=1'], ['set', 'phone', 'pause=ever'], ['sign-out', 'phone']]) await b.ask(['devices', ...wrong], 2);
});
