import type { ChildProcess } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Status } from '@everroll/engine';
import { makeJpeg, writeSampleLibrary } from '@everroll/media/samples';
import type { FreeUpPage, FreeUpSummary, Usage } from '@everroll/protocol';
import { createOwner, type RunningServer, settingsFrom, startServer } from '@everroll/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeviceProcess } from './harness/device.ts';
import { OWNER, Stage, stopped } from './harness/processes.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const BOB = 'bob@example.com';

describe('storage plans on real devices', () => {
  let stage: Stage;
  let server: RunningServer;
  let desk: DeviceProcess;

  beforeEach(async () => {
    stage = await Stage.open();
    const dataFolder = join(stage.path, 'data');
    server = await startServer(settingsFrom({ EVERROLL_DATA: dataFolder, EVERROLL_PORT: '0', EVERROLL_RENDITION_WORKERS: '0' }), { log: quiet });
    await createOwner(server.services, { ...OWNER, name: 'Ada' });
    desk = new DeviceProcess(stage, 'desk');
    await desk.signIn(server.url);
  });
  afterEach(async () => {
    await stage.close();
    await server.close();
  });

  /** The owner adds a member, whose password is the one that every device of a test knows. */
  const addBob = async (...more: string[]) => {
    const added = await stage.run(['accounts', 'add', BOB, '--name', 'Bob', ...more, '--json'], { EVERROLL_HOME: desk.home, EVERROLL_NEW_PASSWORD: OWNER.password });
    expect(added.stderr).toBe('');
    return JSON.parse(added.stdout) as Record<string, unknown>;
  };
  const deviceOfBob = async (name: string): Promise<{ device: DeviceProcess; photos: string }> => {
    const device = new DeviceProcess(stage, name);
    const photos = join(stage.path, `${name} photos`);
    await device.ask(['sign-in', server.url, '--email', BOB]);
    await device.addSource(photos);
    return { device, photos };
  };
  const add = (folder: string, name: string, bytes: number): Promise<void> => writeFile(join(folder, name), makeJpeg({ seed: name, bytes }));
  const until = async (device: DeviceProcess, condition: (status: Status) => boolean): Promise<Status> => {
    for (;;) {
      const status = JSON.parse((await device.run('status', '--json')).stdout) as Status;
      if (condition(status)) return status;
    }
  };
  const waitsFor = (status: Status): string[] => status.reasons.map(({ code }) => code).toSorted();
  const usage = (device: DeviceProcess) => device.ask<Usage & { planName: string | null; waiting: { items: number; bytes: number; shortBytes: number } }>(['usage']);

  test('Q5 when the owner assigns a larger plan, uploads go on at once on every device that waits, without a restart', async () => {
    expect(await addBob()).toMatchObject({ account: { email: BOB, role: 'member', plan: '5GB' } });
    // A plan that some photos fill.
    await server.services.db.updateTable('account').set({ plan_bytes: 300_000 }).where('email', '=', BOB).execute();
    const waiting: { device: DeviceProcess; process: ChildProcess }[] = [];
    for (const name of ['one', 'two']) {
      const { device, photos } = await deviceOfBob(name);
      // Larger than the whole plan: without a word from the server that is asked for only every ten minutes.
      await add(photos, `${name} larger.jpg`, 400_000);
      await add(photos, `${name} first.jpg`, 120_000);
      await device.sync(3);
      await add(photos, `${name} second.jpg`, 200_000);
      waiting.push({ device, process: device.start('sync', '--watch') });
      await until(device, (status) => status.items.found === 3 && waitsFor(status).join() === 'item_larger_than_plan,quota_full');
    }
    expect(await usage(waiting[1]!.device)).toMatchObject({ plan: 300_000, planName: null, used: 240_000, waiting: { items: 2, bytes: 600_000, shortBytes: 540_000 } });

    expect(await desk.ask(['accounts', 'plan', BOB, '50 GB'])).toMatchObject({ account: { plan: '50GB', planBytes: 50_000_000_000, usedBytes: 240_000 } });
    for (const { device, process } of waiting) {
      expect((await until(device, (status) => status.items.verified === 3)).reasons).toEqual([]);
      expect(process.exitCode).toBeNull();
    }
    expect(await usage(waiting[0]!.device)).toMatchObject({ planName: '50GB', used: 1_440_000, byKind: { photos: 1_440_000 }, waiting: { items: 0, shortBytes: 0 } });
    await Promise.all(waiting.map(({ process }) => stopped(process)));
  });

  test('Q4 a plan made smaller deletes nothing; what is new waits and says what is short, changes go on', async () => {
    await addBob('--plan', '50GB');
    const { device, photos } = await deviceOfBob('one');
    await add(photos, 'first.jpg', 100_000);
    await device.sync();
    await server.services.db.updateTable('account').set({ used_bytes: 6_000_000_000 }).where('email', '=', BOB).execute();
    const { stdout } = await desk.run('accounts', 'plan', BOB, '5GB');
    expect(stdout).toContain('nothing is deleted, and new originals wait');
    await add(photos, 'second.jpg', 200_000);
    expect(await device.sync(3)).toMatchObject({ items: { verified: 1, waiting: 1 }, reasons: [{ code: 'quota_full', items: 1 }] });
    expect(await device.ask(['why', join(photos, 'second.jpg')])).toMatchObject({ files: [{ reason: { code: 'quota_full', evidence: { shortBytes: 1_000_200_000 } } }] });
    await device.ask(['edit', 'first.jpg', '--favourite']);
    expect(await device.sync(3)).toMatchObject({ pendingChanges: 0 });
    expect(await device.assets('--favourites')).toHaveLength(1);
  });

  test('a disabled account: its devices say so and lose nothing; enabled again, they go on without a restart', async () => {
    await addBob();
    const { device, photos } = await deviceOfBob('one');
    await add(photos, 'first.jpg', 100_000);
    await device.sync();
    const watching = device.start('sync', '--watch');
    await until(device, (status) => 'running' in status && status.running === true);
    await desk.ask(['accounts', 'disable', BOB]);
    await add(photos, 'second.jpg', 100_000);
    expect(await until(device, (status) => waitsFor(status).includes('account_disabled') && status.items.found === 2)).toMatchObject({ items: { verified: 1, waiting: 1 } });
    expect(await device.ask(['usage'], 1)).toMatchObject({ error: { code: 'account_disabled' } });
    expect(await readdir(photos)).toEqual(expect.arrayContaining(['first.jpg', 'second.jpg']));
    expect(await desk.ask(['accounts', 'list'])).toMatchObject({ accounts: [{ disabled: false }, { email: BOB, disabled: true, usedBytes: 100_000 }] });
    await desk.ask(['accounts', 'enable', BOB]);
    expect((await until(device, (status) => status.items.verified === 2)).reasons).toEqual([]);
    expect(watching.exitCode).toBeNull();
    await stopped(watching);
  });

  test('Q6 space is freed by moving to Recently Deleted and emptying that, each only when a person agrees', async () => {
    const photos = join(stage.path, 'photos');
    await mkdir(photos);
    await writeSampleLibrary(photos, { photos: 2, livePhotos: 1, videos: 3, photoBytes: 100_000, videoBytes: 200_000 });
    await desk.addSource(photos);
    await desk.sync();
    const { used, byKind } = await usage(desk);
    expect(byKind).toMatchObject({ photos: 200_000, videos: 600_000, recentlyDeleted: 0 });
    expect(await desk.ask<FreeUpSummary & Record<string, unknown>>(['space'])).toEqual({
      videos: { items: 3, freesBytes: 600_000 },
      duplicates: { items: 0, freesBytes: 0 },
      screenshots: { items: 0, freesBytes: 0 },
      recentlyDeleted: { items: 0, freesBytes: 0 },
    });
    const listed = await desk.ask<FreeUpPage & Record<string, unknown>>(['space', '--videos', '--limit', '2']);
    expect(listed).toMatchObject({ section: 'videos', freesBytes: 400_000, items: [{ mediaKind: 'video', bytes: 200_000, freesBytes: 200_000 }, {}] });
    expect(await desk.ask(['space', '--videos', '--limit', '2', '--delete'], 2)).toMatchObject({ error: { sentence: 'Move 2 items to Recently Deleted? Say so with --yes.' } });

    const assetIds = listed.items.map(({ assetId }) => assetId);
    expect(await desk.ask(['space', '--videos', '--limit', '2', '--delete', '--yes'])).toMatchObject({ assetIds, freesBytes: 400_000, freesNow: false });
    await desk.sync();
    expect(await usage(desk)).toMatchObject({ used, byKind: { videos: 200_000, recentlyDeleted: 400_000 } });

    const [kept = '', gone = ''] = assetIds;
    await desk.ask(['recover', kept]);
    await desk.sync();
    expect(await desk.ask(['space', '--recently-deleted', '--delete'], 2)).toMatchObject({ error: { sentence: 'Delete 1 item for ever? It frees 200 kB. Say so with --yes.' } });
    expect(await desk.ask(['space', '--recently-deleted', '--delete', '--yes'])).toMatchObject({ assetIds: [gone], freesNow: true });
    await desk.sync();
    expect(await usage(desk)).toMatchObject({ used: used - 200_000, byKind: { videos: 400_000, recentlyDeleted: 0 } });
    expect((await desk.assets()).map(({ id }) => id)).toContain(kept);
  });

  test('X4 a member manages no accounts; what is no plan, no section or no account is told', async () => {
    await addBob();
    const { device } = await deviceOfBob('one');
    for (const args of [['accounts', 'list'], ['accounts', 'plan', BOB, 'unlimited']]) expect(await device.ask(args, 1)).toMatchObject({ error: { code: 'not_found' } });
    expect(await desk.ask(['accounts', 'plan', BOB, '3TB'], 2)).toMatchObject({ error: { code: 'wrong_use' } });
    expect(await desk.ask(['accounts', 'plan', 'eve@example.com', '2TB'], 1)).toMatchObject({ error: { code: 'not_found' } });
    expect(await desk.ask(['accounts', 'disable', OWNER.email], 1)).toMatchObject({ error: { code: 'last_owner' } });
    for (const args of [['space', '--videos', '--screenshots'], ['space', '--delete']]) expect(await desk.ask(args, 2)).toMatchObject({ error: { code: 'wrong_use' } });
    expect(await usage(desk)).toMatchObject({ planName: '5GB', used: 0 });
  });
});
