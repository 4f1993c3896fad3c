import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHousekeeping } from '../housekeeping/run.ts';
import { LocalDiskStore } from '../originals/local-disk.ts';
import { nodeDiskFs } from '../originals/node-disk-fs.ts';
import type { DiskFs } from '../originals/disk-fs.ts';
import { dyingDisk } from '../testing/dying-disk.ts';
import { type LiveServer, liveServer, send } from '../testing/live-server.ts';
import { counters, create, createWith, head, patch, sha256Of } from '../testing/tus-requests.ts';
import type { TestDevice } from '../testing/test-server.ts';

const bytes = randomBytes(2_500_000);
const half = 1_200_000;
const sha256 = sha256Of(bytes);

const withoutHardLinks: DiskFs = { ...nodeDiskFs, link: () => Promise.reject(Object.assign(new Error('not permitted'), { code: 'EPERM' })) };

describe.each([
  ['with hard links', nodeDiskFs, true],
  // There the moment between name and row costs the bytes; they are sent again.
  ['without hard links', withoutHardLinks, false],
])('U5 a process killed at any step of an upload, on a disk %s', (_name, disk, keepsAll) => {
  // Few enough to try all: an upload of two parts takes some twenty steps.
  it.each([
    ['before', false],
    ['after', true],
  ])('killed %s the step, it goes on: no orphan, nothing charged twice, no acknowledged byte lost', async (_when, killedAfter) => {
    for (let step = 1; ; step += 1) {
      const folder = await mkdtemp(join(tmpdir(), 'everroll-crash-'));
      const dying = dyingDisk(disk, step, killedAfter);
      const first = await liveServer({ folder, originals: new LocalDiskStore(dying, folder) });
      const device = await first.person('someone@example.com');
      const acknowledged = await upload(first, device);
      await first.close();
      const kept = await goesOn(folder, disk, device);
      expect(kept).toBeGreaterThanOrEqual(keepsAll || kept > 0 ? acknowledged : 0);
      await rm(folder, { recursive: true });
      if (dying.steps() < step) break;
    }
  }, 60_000);
});

/** Uploads as a device does and returns the last offset that was acknowledged. */
async function upload(server: LiveServer, device: TestDevice): Promise<number> {
  const created = await createWith(server, device, bytes, bytes.subarray(0, half));
  const acknowledged = created.status === 201 ? Number(created.headers['upload-offset']) : 0;
  if (created.status !== 201) return 0;
  const rest = await patch(server, device, created.headers.location!, acknowledged, bytes.subarray(acknowledged));
  return rest.status === 204 ? bytes.length : acknowledged;
}

/** Starts again on the same folder, sends what is lacking, and returns how much was still there. */
async function goesOn(folder: string, disk: DiskFs, device: TestDevice): Promise<number> {
  const server = await liveServer({ folder, originals: new LocalDiskStore(disk, folder) });
  try {
    await runHousekeeping(server.services, server.uploads, server.clock.time);
    await isConsistent(server, device);

    const again = await create(server, device, bytes);
    expect(again.status).toBe(201);
    const offset = Number(again.headers['upload-offset']);
    expect((await patch(server, device, again.headers.location!, offset, bytes.subarray(offset))).status).toBe(204);
    expect((await head(server, device, (await create(server, device, bytes)).headers.location!)).headers['upload-offset']).toBe(String(bytes.length));
    const stored = await send(server, device, 'GET', `/api/v1/libraries/${device.libraryId}/resources/${sha256}`);
    expect(stored.body.equals(bytes)).toBe(true);
    expect(await counters(server, device)).toMatchObject({ used: bytes.length, usedSum: bytes.length, reserved: 0, reservedSum: 0 });

    // Files carry the real time of this test, so "two days later" is counted from there.
    await runHousekeeping(server.services, server.uploads, Date.now() + 2 * 86_400_000);
    expect(await readdir(join(folder, 'uploads'))).toEqual([]);
    expect(server.logged.filter((line) => line.includes('failed'))).toEqual([]);
    return offset;
  } finally {
    await server.close();
  }
}

/** I2 and I3, and no original that nothing names. */
async function isConsistent(server: LiveServer, device: TestDevice): Promise<void> {
  const now = await counters(server, device);
  expect(now).toMatchObject({ used: now.usedSum, reserved: now.reservedSum });
  const rows = await server.services.db.selectFrom('resource').select('sha256').execute();
  const uploads = await server.services.db.selectFrom('upload').select('sha256').execute();
  for (const row of rows) expect(await server.services.originals.bytesOf(row.sha256)).toBe(bytes.length);
  for await (const original of server.services.originals.list()) expect([...rows, ...uploads].map((row) => row.sha256)).toContain(original);
}
