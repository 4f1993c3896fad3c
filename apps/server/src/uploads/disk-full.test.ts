import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runHousekeeping } from '../housekeeping/run.ts';
import { type LiveServer, liveServer, send } from '../testing/live-server.ts';
import { counters, create, createWith, head, patch, sha256Of, tus } from '../testing/tus-requests.ts';
import type { TestDevice } from '../testing/test-server.ts';
import { PATCH_CONTENT_TYPE } from './tus.ts';

const MB = 1024 * 1024;
const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

let folder: string;
let server: LiveServer;
let device: TestDevice;

// A file system of 300 MB can be mounted by root on Linux only; elsewhere these tests show as skipped.
describe.skipIf(!mayMount)('U2 U4 a full disk', () => {
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'everroll-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300m', 'tmpfs', folder]);
    server = await liveServer({ folder });
    device = await server.person('someone@example.com');
  });

  afterEach(async () => {
    await server.close();
    execFileSync('umount', [folder]);
    await rm(folder, { recursive: true });
  });

  it('refuses new uploads before the reserve is touched, goes on with all else, and resumes by itself', async () => {
    const photo = randomBytes(2 * MB);
    await createWith(server, device, photo);
    const waiting = randomBytes(8 * MB);
    const begun = await createWith(server, device, waiting, waiting.subarray(0, 3 * MB));

    await leaveFree(258 * MB);
    server.clock.time += 2000;
    const before = await counters(server, device);
    const refused = await create(server, device, randomBytes(5 * MB));
    expect([refused.status, refused.headers['retry-after']]).toEqual([507, '60']);
    expect(refused.json()).toMatchObject({ code: 'server_disk_full', retryAfter: 60 });
    expect(refused.json()['shortBytes']).toBeGreaterThan(2 * MB);
    const stopped = await patch(server, device, begun.headers.location!, 3 * MB, waiting.subarray(3 * MB));
    expect([stopped.status, stopped.headers['upload-offset']]).toEqual([507, String(3 * MB)]);
    expect(await counters(server, device)).toEqual(before);

    // Reading, writing to the database and housekeeping go on.
    expect((await send(server, device, 'GET', `/api/v1/libraries/${device.libraryId}/resources/${sha256Of(photo)}`)).body.equals(photo)).toBe(true);
    expect((await head(server, device, begun.headers.location!)).headers['upload-offset']).toBe(String(3 * MB));
    await runHousekeeping(server.services, server.uploads, server.clock.time);
    expect(server.logged.filter((line) => line.includes('failed'))).toEqual([]);

    await rm(join(folder, 'filler'));
    expect((await patch(server, device, begun.headers.location!, 3 * MB, waiting.subarray(3 * MB))).status).toBe(204);
    expect(await counters(server, device)).toMatchObject({ used: 10 * MB, usedSum: 10 * MB, reserved: 0 });
  });

  it('a disk that fills up under an upload leaves nothing half-written and cuts back to where the request began', async () => {
    const bytes = randomBytes(12 * MB);
    const begun = await createWith(server, device, bytes, bytes.subarray(0, 3 * MB));
    const { outgoing, answered } = hangingPatch(begun.headers.location!, 3 * MB, bytes.length - 3 * MB);
    outgoing.write(bytes.subarray(3 * MB, 6 * MB));
    await vi.waitFor(async () => expect((await server.services.originals.stagedBytes(begun.headers.location!.split('/').at(-1)! as never))! > 3 * MB).toBe(true), { interval: 2 });
    await leaveFree(0);
    outgoing.end(bytes.subarray(6 * MB));
    expect(await answered).toEqual([507, String(3 * MB)]);
    expect(await server.services.originals.bytesOf(sha256Of(bytes))).toBeUndefined();

    await rm(join(folder, 'filler'));
    expect((await head(server, device, begun.headers.location!)).headers['upload-offset']).toBe(String(3 * MB));
    expect((await patch(server, device, begun.headers.location!, 3 * MB, bytes.subarray(3 * MB))).status).toBe(204);
    expect(await counters(server, device)).toMatchObject({ used: bytes.length, usedSum: bytes.length, reserved: 0 });
  });
});

/** Fills the disk with one file until so many bytes are free. */
async function leaveFree(bytes: number): Promise<void> {
  const filler = await open(join(folder, 'filler'), 'w');
  const zeros = Buffer.alloc(MB);
  for (;;) {
    const { bavail, bsize } = await statfs(folder);
    const left = bavail * bsize - bytes;
    if (left <= 0) break;
    await filler.write(zeros, 0, Math.min(left, MB));
  }
  await filler.close();
}

function hangingPatch(location: string, offset: number, length: number) {
  const headers = { authorization: `Bearer ${device.token}`, ...tus, 'content-type': PATCH_CONTENT_TYPE, 'upload-offset': String(offset), 'content-length': length };
  const outgoing = request({ port: server.port, method: 'PATCH', path: location, agent: false, headers });
  const answered = new Promise<[number | undefined, unknown]>((resolve, reject) => {
    outgoing.on('response', (incoming) => {
      incoming.resume();
      resolve([incoming.statusCode, incoming.headers['upload-offset']]);
    });
    outgoing.on('error', reject);
  });
  return { outgoing, answered };
}
