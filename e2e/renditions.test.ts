import { join } from 'node:path';
import { writeSampleLibrary } from '@everroll/media/samples';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { DeviceProcess } from './harness/device.ts';
import { Stage } from './harness/processes.ts';
import { ServerProcess } from './harness/server.ts';

let stage: Stage;
let server: ServerProcess;
let a: DeviceProcess;
let b: DeviceProcess;

beforeAll(async () => {
  stage = await Stage.open();
  server = await ServerProcess.start(stage, null);
  [a, b] = [new DeviceProcess(stage, 'a'), new DeviceProcess(stage, 'b')];
});
afterAll(async () => {
  await server.stop();
  await stage.close();
});

test('A6 what the server reads from originals reaches every device, and no device sends it back', async () => {
  const photos = join(stage.path, 'photos');
  await writeSampleLibrary(photos, { photos: 4, livePhotos: 2, videos: 1 });
  for (const device of [a, b]) await device.signIn(server.url);
  await a.addSource(photos);
  await a.sync();
  await vi.waitFor(
    async () => {
      await b.sync();
      const assets = await b.assets();
      expect(assets).toHaveLength(7);
      for (const { details } of assets) expect(details).not.toBeNull();
    },
    { timeout: 60_000, interval: 200 },
  );
  const shownByB = await b.assets();
  for (const asset of shownByB.filter(({ mediaKind }) => mediaKind !== 'video')) expect(asset.details?.thumbhash).toBeTypeOf('string');
  await a.sync();
  expect(new Map((await a.assets()).map(({ id, details }) => [id, details]))).toEqual(new Map(shownByB.map(({ id, details }) => [id, details])));
}, 90_000);
