import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Status } from '@everroll/engine';
import { makeJpeg, writeSampleLibrary } from '@everroll/media/samples';
import { type RunningServer, createAccount, createOwner, settingsFrom, startServer } from '@everroll/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeviceProcess } from './harness/device.ts';
import { contentsOf } from './harness/files.ts';
import { OWNER, Stage, killed, stopped } from './harness/processes.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('the command line', () => {
  let stage: Stage;
  let server: RunningServer;
  let device: DeviceProcess;
  let photos: string;

  beforeEach(async () => {
    stage = await Stage.open();
    const dataFolder = join(stage.path, 'data');
    server = await startServer(settingsFrom({ EVERROLL_DATA: dataFolder, EVERROLL_PORT: '0', EVERROLL_RENDITION_WORKERS: '0' }), { log: quiet });
    device = new DeviceProcess(stage, 'device');
    photos = join(stage.path, 'photos');
  });
  afterEach(async () => {
    await stage.close();
    await server.close();
  });

  const owner = async (): Promise<void> => {
    await createOwner(server.services, { ...OWNER, name: 'Ada' });
  };
  const signedIn = async (): Promise<void> => {
    await owner();
    await device.signIn(server.url);
    await device.addSource(photos);
  };
  const addPhoto = (name: string): Promise<void> => writeFile(join(photos, name), makeJpeg({ seed: name }));
  const until = async (condition: (status: Status) => boolean): Promise<Status> => {
    for (;;) {
      const { stdout } = await device.run('status', '--json');
      const status = JSON.parse(stdout) as Status;
      if (condition(status)) return status;
    }
  };

  test.each([[['no-such-verb']], [['edit']], [['sync', '--no-such-option']], [['set', 'sync=maybe']], [['set', 'speed=1']], [['pause', '--for', 'ever']], [['source', 'add', '/no/such/folder']], [['sign-in', 'ftp://x', '--email', 'a@b.c']], [['sign-in', 'localhost', '--email', 'a@b.c', '--create-account']]])(
    'wrong use of %j ends with 2 and says why',
    async (args) => {
      const plain = await device.run(...args);
      expect([plain.exitCode, plain.stdout]).toEqual([2, '']);
      expect(plain.stderr).not.toBe('');
      const asked = await device.ask<{ error: { code: string } }>(args, 2);
      expect(asked.error.code).toBe('wrong_use');
    },
  );

  test('before the first sign-in it says so, whatever is asked', async () => {
    expect(await device.ask(['status'], 3)).toMatchObject({ account: null, reasons: [{ code: 'signed_out' }] });
    expect(await device.ask(['sync'], 3)).toMatchObject({ reasons: [{ code: 'signed_out' }] });
    expect(await device.ask(['list'], 1)).toMatchObject({ error: { code: 'signed_out' } });
  });

  test('the owner’s account is made with the code that the server printed, and with no other', async () => {
    const args = ['sign-in', server.url, '--email', OWNER.email, '--create-account', '--name', 'Ada', '--setup-code'];
    expect(await device.ask([...args, 'aaaa-bbbb-cccc-dddd'], 1)).toMatchObject({ error: { code: 'setup_refused' } });
    expect(await device.ask([...args, server.setupCode ?? ''])).toMatchObject({ account: { email: OWNER.email, name: 'Ada', role: 'owner' } });
  });

  test('a wrong password, a server that is away, and no password at all', async () => {
    await owner();
    expect(await device.ask(['sign-in', server.url, '--email', 'eve@example.com'], 1)).toMatchObject({ error: { code: 'sign_in_failed' } });
    expect(await device.ask(['sign-in', 'http://127.0.0.1:1', '--email', OWNER.email], 1)).toMatchObject({ error: { code: 'server_unreachable' } });
    const without = await stage.run(['sign-in', server.url, '--email', OWNER.email], { EVERROLL_HOME: device.home });
    expect([without.exitCode, without.stdout]).toEqual([2, '']);
  });

  test('the token is readable by its owner alone', async () => {
    await signedIn();
    expect((await stat(join(device.home, 'session.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(device.home)).mode & 0o777).toBe(0o700);
  });

  test('a home that holds one account’s library refuses another’s', async () => {
    await signedIn();
    const passwordHash = await server.services.passwords.hash(OWNER.password);
    await server.services.db.transaction().execute((trx) => createAccount(trx, server.services, { email: 'bob@example.com', name: 'Bob', role: 'member', passwordHash }));
    expect(await device.ask(['sign-in', server.url, '--email', 'bob@example.com'], 1)).toMatchObject({ error: { code: 'wrong_account' } });
    expect(await device.ask(['status'])).toMatchObject({ account: { email: OWNER.email } });
  });

  test('after signing out nothing moves and nothing is lost; after signing in again it goes on', async () => {
    await signedIn();
    await addPhoto('IMG_1.JPG');
    await device.ask(['sign-out']);
    expect(await device.ask(['sync'], 3)).toMatchObject({ reasons: [{ code: 'signed_out' }] });
    await device.signIn(server.url);
    expect((await device.sync()).items).toMatchObject({ found: 1, verified: 1 });
  });

  test('a session that was ended from elsewhere is told as that', async () => {
    await signedIn();
    await addPhoto('IMG_1.JPG');
    await server.services.db.deleteFrom('session').execute();
    expect(await device.ask(['sync'], 3)).toMatchObject({ items: { found: 1, waiting: 1 }, reasons: [{ code: 'session_revoked', items: 1 }] });
    const { stdout } = await device.run('status');
    expect(stdout).toContain('The server has ended this device’s session.');
    await device.signIn(server.url);
    expect((await device.sync()).items).toMatchObject({ verified: 1 });
  });

  test('switched off or paused, nothing moves; the status says why', async () => {
    await signedIn();
    await addPhoto('IMG_1.JPG');
    await device.ask(['set', 'sync=off']);
    expect(await device.ask(['sync'], 3)).toMatchObject({ reasons: [{ code: 'sync_off' }] });
    await device.ask(['set', 'sync=on']);
    await device.ask(['pause', '--for', '1d']);
    expect(await device.ask(['sync'], 3)).toMatchObject({ reasons: [{ code: 'paused_by_user' }] });
    await device.ask(['resume']);
    expect((await device.sync()).items).toMatchObject({ verified: 1 });
  });

  test('a source whose disk is away deletes nothing and is named', async () => {
    await signedIn();
    await addPhoto('IMG_1.JPG');
    await device.sync();
    await rename(photos, `${photos}.away`);
    await mkdir(photos);
    expect(await device.ask(['sync'], 3)).toMatchObject({ items: { verified: 1 }, reasons: [{ code: 'source_missing' }] });
    expect(await device.assets()).toHaveLength(1);
  });

  test('open: what a source of this device has is not fetched into the library folder a second time', async () => {
    await signedIn();
    await addPhoto('IMG_1.JPG');
    await device.sync();
    const library = join(stage.path, 'library');
    // No picture of it comes from a server that makes none.
    device.environment = { EVERROLL_PATIENCE_SECONDS: '2' };
    await device.ask(['set', 'originals=optimise', 'storage-limit=100B']);
    await device.ask(['folder', library]);
    expect(await device.ask(['open', 'IMG_1.JPG'])).toMatchObject({ fetchedBytes: 0, files: [{ path: join(photos, 'IMG_1.JPG') }] });
    await device.run('sync');
    expect(await contentsOf(library)).toEqual([]);
  });

  test('a device’s own data that was moved to another disk goes on there, and sends nothing twice', async () => {
    await signedIn();
    await addPhoto('IMG_1.JPG');
    await device.sync();
    await rename(device.home, `${device.home}-moved`);
    const moved = new DeviceProcess(stage, 'device-moved');
    await addPhoto('IMG_2.JPG');
    expect((await moved.sync()).items).toMatchObject({ found: 2, verified: 2 });
    const { bundle } = JSON.parse((await moved.run('support-bundle', '--json')).stdout) as { bundle: { events: { what: string; how: string }[] } };
    expect(bundle.events.filter(({ what, how }) => what === 'upload' && how === 'done')).toHaveLength(2);
  });

  test('sync --watch saves what comes, one process runs per home, and a signal ends it cleanly', async () => {
    await signedIn();
    const watching = device.start('sync', '--watch');
    await until((status) => 'running' in status && status.running === true);
    await addPhoto('IMG_1.JPG');
    await until((status) => status.items.verified === 1);
    const second = await device.run('sync', '--watch');
    expect([second.exitCode, second.stderr.includes('Another process')]).toEqual([1, true]);
    await addPhoto('IMG_2.JPG');
    expect(await device.ask(['sync'])).toMatchObject({ items: { verified: 2 }, runner: watching.pid });
    expect(await stopped(watching)).toBe(0);
    expect(await device.ask(['status'])).toMatchObject({ running: false });
  });

  test('what was killed leaves no lock behind, also where only the outer process was killed', async () => {
    await signedIn();
    const env = { EVERROLL_HOME: device.home };
    for (const as of ['program', 'bin'] as const) {
      const watching = stage.start(['sync', '--watch'], env, { as });
      await until((status) => 'running' in status && status.running === true);
      await killed(watching);
      await until((status) => 'running' in status && status.running === false);
    }
    expect(await device.ask(['sync'])).toMatchObject({ reasons: [] });
  });

  test('the outer process passes on signals, output and exit code', async () => {
    const finished = await stage.run(['status', '--json'], { EVERROLL_HOME: device.home }, { as: 'bin' });
    expect(finished.exitCode).toBe(3);
    expect(JSON.parse(finished.stdout)).toMatchObject({ account: null });
    await signedIn();
    const watching = stage.start(['sync', '--watch'], { EVERROLL_HOME: device.home }, { as: 'bin' });
    await until((status) => 'running' in status && status.running === true);
    expect(await stopped(watching)).toBe(0);
  });

  test('two watching devices: what one adds, and changes, the other has', async () => {
    await signedIn();
    const other = new DeviceProcess(stage, 'other');
    const library = join(stage.path, 'library');
    await other.signIn(server.url);
    await other.ask(['folder', library]);
    const running = [device.start('sync', '--watch'), other.start('sync', '--watch')];
    await writeSampleLibrary(photos, { photos: 3, livePhotos: 1, videos: 0 });
    for (;;) if ((await contentsOf(library)).length === 5) break;
    expect(await contentsOf(library)).toEqual(await contentsOf(photos));
    await other.ask(['edit', 'IMG_0001.JPG', '--favourite', '--rotate', '-90', '--exposure', '20']);
    for (;;) if ((await device.assets('--favourites')).length === 1) break;
    // The look comes with the same run of the queue, or the next.
    for (;;) if ((await device.assets('--favourites'))[0]?.adjustments?.current.recipe?.quarterTurns === 3) break;
    expect(await Promise.all(running.map(stopped))).toEqual([0, 0]);
  });

  test('what is printed for no terminal has no colour and words reasons as the table does', async () => {
    await signedIn();
    await writeFile(join(photos, 'letter.txt'), 'Dear Ada,');
    await device.sync();
    const { stdout, exitCode } = await device.run('status');
    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('\u001b[');
    expect(stdout).toContain('This file is neither a photo nor a video.');
  });
});
