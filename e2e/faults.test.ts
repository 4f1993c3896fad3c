import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSampleLibrary } from '@everroll/media/samples';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { countingProxy } from './harness/counting-proxy.ts';
import { DeviceProcess } from './harness/device.ts';
import { faultyProxy } from './harness/faulty-proxy.ts';
import { contentsOf } from './harness/files.ts';
import { Stage } from './harness/processes.ts';
import { ServerProcess } from './harness/server.ts';

/** Mounting a small disk takes root on Linux. */
const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

describe('real processes, real faults', () => {
  let stage: Stage;
  let server: ServerProcess;
  let a: DeviceProcess;
  let b: DeviceProcess;
  let photos: string;
  let library: string;
  beforeEach(async () => {
    stage = await Stage.open();
    server = await ServerProcess.start(stage);
    a = new DeviceProcess(stage, 'a');
    b = new DeviceProcess(stage, 'b');
    photos = join(stage.path, 'photos');
    library = join(stage.path, 'library');
    await writeSampleLibrary(photos, { photos: 20, livePhotos: 3, videos: 2, photoBytes: 300_000, videoBytes: 900_000 });
  });
  afterEach(async () => {
    await server.stop();
    await stage.close();
  });

  test.each([1, 2, 3])('a line that cuts, stalls and refuses delays the library and spoils nothing (seed %i)', async (seed) => {
    const line = await faultyProxy(() => server.port, seed);
    try {
      await a.signIn(line.url);
      await a.addSource(photos);
      await b.signIn(line.url);
      await b.ask(['folder', library]);
      line.spoil();
      // What is not synced is told with a reason; what it ends with depends on the line.
      for (const device of [a, b]) {
        const { exitCode } = await device.run('sync', '--json');
        expect([0, 3]).toContain(exitCode);
      }
      expect(line.faults.cut + line.faults.refused).toBeGreaterThan(0);
      line.mend();
      expect((await a.ask<{ items: unknown }>(['sync', '--retry'])).items).toMatchObject({ found: 28, verified: 28 });
      await b.ask(['sync', '--retry']);
      expect(await contentsOf(library)).toEqual(await contentsOf(photos));
    } finally {
      await line.close();
    }
  });

  test('a server that stands still in the middle of uploads and then goes on', async () => {
    // Slow enough that the moment is met.
    const line = await countingProxy(() => server.port, 4_000_000);
    try {
      await a.signIn(line.url);
      await a.addSource(photos);
      const sync = a.start('sync', '--json');
      const ended = once(sync, 'exit');
      const stillRunning = new AbortController();
      void ended.then(() => stillRunning.abort());
      for (let round = 0; round < 3; round += 1) {
        await line.passed(500_000, stillRunning.signal);
        server.signal('SIGSTOP');
        // What was on its way fills the buffers; then nothing moves.
        await Promise.race([line.passed(5_000_000, stillRunning.signal), new Promise((resolve) => setTimeout(resolve, 1500))]);
        server.signal('SIGCONT');
      }
      expect(await ended).toEqual([0, null]);
      expect((await a.sync()).items).toMatchObject({ found: 28, verified: 28 });
    } finally {
      await line.close();
    }
  });

  test.skipIf(!mayMount)('a device whose disk is full says so, and goes on when there is room', async () => {
    await a.signIn(server.url);
    await a.addSource(photos);
    await a.sync();
    await mkdir(library);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', library]);
    try {
      await b.signIn(server.url);
      await b.ask(['folder', library]);
      const full = await b.sync(3);
      expect(full.reasons.map((reason) => reason.code)).toContain('device_full');
      expect(full.downloads.items).toBeGreaterThan(0);
      execFileSync('mount', ['-o', 'remount,size=200m', library]);
      await b.ask(['sync', '--retry']);
      expect(await contentsOf(library)).toEqual(await contentsOf(photos));
    } finally {
      execFileSync('umount', [library]);
    }
  });
});
