import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Conditions, Status, StatusReason } from '@everroll/engine';
import { makeJpeg } from '@everroll/media/samples';
import type { DeviceSettings, ReasonCode } from '@everroll/protocol';
import { type RunningServer, createOwner, settingsFrom, startServer } from '@everroll/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeviceProcess } from './harness/device.ts';
import { OWNER, Stage, stopped } from './harness/processes.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const DAY_MS = 86_400_000;

describe('what may move, set and asked on the command line', () => {
  let stage: Stage;
  let server: RunningServer;
  let device: DeviceProcess;
  let photos: string;

  beforeEach(async () => {
    stage = await Stage.open();
    const dataFolder = join(stage.path, 'data');
    server = await startServer(settingsFrom({ EVERROLL_DATA: dataFolder, EVERROLL_PORT: '0', EVERROLL_RENDITION_WORKERS: '0' }), { log: quiet });
    await createOwner(server.services, { ...OWNER, name: 'Ada' });
    device = new DeviceProcess(stage, 'device');
    photos = join(stage.path, 'photos');
    await device.signIn(server.url);
    await device.addSource(photos);
    await mkdir(photos, { recursive: true });
  });
  afterEach(async () => {
    await stage.close();
    await server.close();
  });

  /** An old photo, of the backlog: one that was just taken may go earlier. */
  const addPhoto = async (name: string, bytes?: number): Promise<void> => {
    const path = join(photos, name);
    const jpeg = makeJpeg({ seed: name });
    await writeFile(path, bytes === undefined ? jpeg : Buffer.concat([jpeg, Buffer.alloc(bytes - jpeg.length, name)]));
    const taken = new Date(Date.now() - 30 * DAY_MS);
    await utimes(path, taken, taken);
  };
  const set = (...pairs: string[]): Promise<{ settings: DeviceSettings }> => device.ask(['set', ...pairs]);
  const until = async (condition: (status: Status) => boolean): Promise<Status> => {
    for (;;) {
      const status = JSON.parse((await device.run('status', '--json')).stdout) as Status;
      if (condition(status)) return status;
    }
  };
  const reason = (status: Status, code: ReasonCode): StatusReason | undefined => status.reasons.find((one) => one.code === code);
  const waits = (code: ReasonCode) => until((status) => reason(status, code)?.items === 1);
  const saved = (items: number) => until((status) => status.items.verified === items);

  test('a device that runs waits with the true reason at each change, and goes on at the next', async () => {
    const watching = device.start('sync', '--watch');
    const cases: readonly (readonly [code: ReasonCode, bad: readonly string[], good: readonly string[], evidence: object])[] = [
      ['mobile_data_off', ['mobile-data=off', 'conditions.metered=yes'], ['conditions.metered=auto'], { gate: 'everroll' }],
      ['mobile_data_off', ['conditions.connection=mobile', 'conditions.mobile-data-allowed=no'], ['conditions.connection=auto'], { gate: 'system' }],
      ['low_data_mode', ['conditions.low-data-mode=yes'], ['conditions.low-data-mode=no'], {}],
      ['waiting_for_wifi', ['power=wifi', 'mobile-data=on', 'conditions.mobile-data-allowed=auto', 'conditions.connection=mobile'], ['conditions.connection=wifi'], {}],
      ['not_charging', ['power=wifi-and-charging', 'conditions.charging=no', 'conditions.battery=64'], ['conditions.charging=yes'], { percent: 64 }],
      ['battery_low', ['power=always', 'conditions.charging=no', 'conditions.battery=17'], ['battery-floor=15'], { percent: 17, floorPercent: 20 }],
      ['low_power_mode', ['conditions.low-power-mode=yes'], ['conditions.low-power-mode=auto'], {}],
      ['too_hot', ['conditions.hot=yes'], ['conditions.hot=no'], {}],
      ['offline', ['conditions.online=no'], ['conditions.online=auto'], {}],
      ['sync_off', ['sync=off'], ['sync=on'], {}],
    ];
    for (const [at, [code, bad, good, evidence]] of cases.entries()) {
      await set(...bad);
      await addPhoto(`IMG_${at}.JPG`);
      // A device that a person switched off does not look for files either: the next run finds the photo.
      if (code !== 'sync_off') expect(reason(await waits(code), code)).toMatchObject({ items: 1, evidence });
      else expect(reason(await until((status) => reason(status, code) !== undefined), code)).toMatchObject({ evidence });
      await set(...good);
      await saved(at + 1);
    }
    expect(await stopped(watching)).toBe(0);
  });

  test('the day’s allowance is counted; what it does not cover goes when it is asked for', async () => {
    await set('conditions.metered=yes', 'mobile-allowance=100kB');
    await addPhoto('IMG_1.JPG', 60_000);
    await device.sync();
    await addPhoto('IMG_2.JPG', 50_000);
    const status = await device.sync(3);
    expect(reason(status, 'mobile_allowance_used')).toMatchObject({ items: 1, bytes: 50_000, evidence: { limitBytes: 100_000, usedBytes: 60_000 } });
    const { stdout } = await device.run('status');
    expect(stdout).toContain('60 kB of 100 kB used today');
    expect(stdout).toMatch(/goes on in .* at the latest/);
    expect((await device.run('why', 'IMG_2.JPG')).stdout).toContain('60 kB of 100 kB used today');
    expect(await device.ask(['ask', join(photos, 'IMG_2.JPG')])).toMatchObject({ items: 1, bytes: 50_000 });
    expect((await device.sync()).items).toMatchObject({ verified: 2 });
    expect(await device.ask(['ask', 'IMG_2.JPG'])).toMatchObject({ items: 0 });
  });

  test('above 50 MB on a metered connection nothing goes that was asked for without consent', async () => {
    await addPhoto('LARGE.JPG', 51_000_000);
    await set('conditions.metered=yes', 'unlimited-updates=off');
    expect(reason(await device.sync(3), 'mobile_allowance_used')).toMatchObject({ items: 1 });
    expect(await device.ask(['ask', 'LARGE.JPG'], 1)).toMatchObject({ error: { code: 'metered_consent_needed', askedBytes: 51_000_000, limitBytes: 50_000_000 } });
    expect(reason(await device.sync(3), 'mobile_allowance_used')).toMatchObject({ items: 1 });
    await device.ask(['ask', 'LARGE.JPG', '--consent']);
    expect((await device.sync()).items).toMatchObject({ verified: 1 });

    const to = join(stage.path, 'fetched');
    expect(await device.ask(['fetch', 'LARGE.JPG', '--to', to], 1)).toMatchObject({ error: { code: 'metered_consent_needed' } });
    expect((await device.run('fetch', 'LARGE.JPG', '--to', to)).stderr).toContain('51 MB were asked for; 50 MB go without asking');
    expect(await device.ask(['fetch', 'LARGE.JPG', '--to', to, '--consent'])).toMatchObject({ bytes: 51_000_000 });
    await set('conditions.metered=no');
    expect(await device.ask(['fetch', 'LARGE.JPG', '--to', to])).toMatchObject({ bytes: 51_000_000 });
  });

  test('sync --now passes the power policy of the process that runs, and ends a pause', async () => {
    await set('power=wifi-and-charging', 'conditions.charging=no', 'conditions.battery=9');
    const watching = device.start('sync', '--watch');
    await addPhoto('IMG_1.JPG');
    expect(reason(await waits('battery_low'), 'battery_low')).toMatchObject({ evidence: { percent: 9, floorPercent: 20 } });
    await device.ask(['pause']);
    await until((status) => reason(status, 'paused_by_user') !== undefined);
    await device.ask(['sync', '--now']);
    await saved(1);
    expect((await device.run('set')).stdout).toContain('whatever the power policy says');
    expect(await stopped(watching)).toBe(0);
  });

  test('a pause holds for a day unless it is said otherwise, and resume ends it', async () => {
    await addPhoto('IMG_1.JPG');
    await device.ask(['pause']);
    const { settings } = await set();
    expect(Math.round((settings.pausedUntil! - settings.pausedAt!) / 3_600_000)).toBe(24);
    const status = await device.sync(3);
    expect(reason(status, 'paused_by_user')?.nextAt).toBe(settings.pausedUntil);
    await device.ask(['pause', '--until-resumed']);
    expect(reason(await device.sync(3), 'paused_by_user')).toMatchObject({ nextAt: null });
    expect((await device.run('status')).stdout).toContain('Paused until: everroll resume');
    await device.ask(['resume']);
    expect((await device.sync()).items).toMatchObject({ verified: 1 });
  });

  test('all settings and conditions are shown: what the device tells, what was set by hand, what is unknown', async () => {
    await set('schedule=1:30-05:00', 'mobile-allowance=1.5GB', 'conditions.battery=35', 'conditions.low-data-mode=yes');
    const shown = await device.ask<{ conditionsTold: Conditions }>(['set']);
    expect(shown).toMatchObject({
      settings: { schedule: { fromMinute: 90, toMinute: 300 }, mobileAllowanceBytes: 1_500_000_000 },
      conditionsByHand: { batteryPercent: 35, lowDataMode: true },
      conditions: { batteryPercent: 35, lowDataMode: true, hot: shown.conditionsTold.hot },
    });
    const { stdout } = await device.run('set');
    for (const line of [/^schedule +01:30-05:00/m, /^mobile-allowance +1\.5 GB/m, /^conditions\.battery +35 % +set by hand/m, /^conditions\.mobile-data-allowed +unknown/m]) expect(stdout).toMatch(line);
    expect((await device.run('status')).stdout).toMatch(/Device .*Low Data Mode/);
    await set('conditions.battery=auto', 'conditions.low-data-mode=auto');
    expect(await set()).toMatchObject({ conditionsByHand: {} });
  });

  test('where a part is wrong nothing changes, and what is possible is listed', async () => {
    const before = await set();
    const { exitCode, stdout, stderr } = await device.run('set', 'mobile-data=off', 'conditions.hot=yes', 'power=sometimes');
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('always, wifi, wifi-and-charging, schedule');
    expect(await set()).toMatchObject({ settings: before.settings, conditionsByHand: {} });
  });
});
