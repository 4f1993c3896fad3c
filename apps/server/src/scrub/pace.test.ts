import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { LocalDiskStore } from '../originals/local-disk.ts';
import { nodeDiskFs } from '../originals/node-disk-fs.ts';
import type { OriginalStore } from '../originals/store.ts';
import { type LiveServer, liveServer } from '../testing/live-server.ts';
import type { TestDevice } from '../testing/test-server.ts';
import { createWith } from '../testing/tus-requests.ts';
import { READ_AFTER_MS } from './scrub.ts';

const READING_MS = 300;
const MINUTE_MS = 60_000;

let server: LiveServer;
let device: TestDevice;
let folder: string;
let reads = 0;
let tick: () => void = () => undefined;

afterEach(async () => {
  await server.scrubber.stop();
  await server.close();
  await rm(folder, { recursive: true });
});

/** A server with a slow disk, which holds a hundred originals that are due. */
async function begin(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'everroll-pace-'));
  const disk = new LocalDiskStore(nodeDiskFs, folder);
  const slow = new Proxy<OriginalStore>(disk, {
    get(target, name) {
      if (name === 'read') {
        reads += 1;
        server.clock.time += READING_MS;
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  server = await liveServer({ folder, originals: slow, timers: { every: (_ms, run) => ((tick = run), () => undefined) } });
  device = await server.person('ada@example.com');
  for (let count = 0; count < 100; count += 1) await createWith(server, device, randomBytes(10));
  server.clock.time += READ_AFTER_MS + 1;
  reads = 0;
  server.scrubber.start(server.services.timers);
}

async function minutePasses(): Promise<void> {
  for (const end = server.clock.time + MINUTE_MS; server.clock.time < end; server.clock.time += 1000) {
    tick();
    await server.scrubber.rests();
  }
}

test('S1 reading again takes a tenth of the time; what its owner asks for, as much as it can get', async () => {
  await begin();
  await minutePasses();
  expect(reads * READING_MS).toBeGreaterThan(MINUTE_MS * 0.07);
  expect(reads * READING_MS).toBeLessThan(MINUTE_MS * 0.12);
  expect((await device.request('POST', '/api/v1/scrub', {})).status).toBe(202);
  reads = 0;
  await minutePasses();
  expect(reads * READING_MS).toBeGreaterThan(MINUTE_MS * 0.3);
});
