import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runHousekeeping } from '../housekeeping/run.ts';
import { LocalDiskStore } from '../originals/local-disk.ts';
import { nodeDiskFs } from '../originals/node-disk-fs.ts';
import { createServer } from '../server.ts';
import { counters, creationHeaders, sha256Of, tus } from '../testing/tus-requests.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';
import { PATCH_CONTENT_TYPE } from './tus.ts';

/** Two processes share one database and one folder; each has its own memory of what it does. */
let folder: string;
let slow: TestServer;
let quick: ReturnType<typeof createServer>;
let device: TestDevice;

const bytes = randomBytes(3_000_000);
const half = 1_500_000;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-two-processes-'));
  slow = await testServer({ originals: new LocalDiskStore(nodeDiskFs, folder) });
  quick = createServer({ ...slow.services, originals: new LocalDiskStore(nodeDiskFs, folder) });
  device = await slow.person('someone@example.com');
});

afterEach(async () => {
  await slow.closeSound();
  await rm(folder, { recursive: true, maxRetries: 3 });
});

type App = Pick<TestServer, 'app'>['app'];
const call = async (app: App, method: string, path: string, headers: Record<string, string> = {}, body?: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>) =>
  await app.request(path, { method, headers: { authorization: `Bearer ${device.token}`, ...tus, ...headers }, ...(body === undefined ? {} : { body, duplex: 'half' as const }) });
const part = (offset: number) => ({ 'content-type': PATCH_CONTENT_TYPE, 'upload-offset': String(offset), 'transfer-encoding': 'chunked' });
const begin = async () => (await call(slow.app, 'POST', '/api/v1/uploads', creationHeaders(device, bytes.length, sha256Of(bytes)))).headers.get('location')!;
const offsetOf = async (location: string) => Number((await call(quick.app, 'HEAD', location)).headers.get('upload-offset'));
const stored = async () => Buffer.from(await (await call(quick.app, 'GET', `/api/v1/libraries/${device.libraryId}/resources/${sha256Of(bytes)}`)).arrayBuffer());

/** A request to the slow process that has brought the first half and hangs there. */
async function hangingRequest(location: string) {
  const body = new TransformStream<Uint8Array, Uint8Array>();
  const writer = body.writable.getWriter();
  const answer = call(slow.app, 'PATCH', location, part(0), body.readable);
  await writer.write(bytes.subarray(0, half));
  await vi.waitFor(async () => expect(await offsetOf(location)).toBe(half), { interval: 2 });
  return { writer, answer };
}

describe('U6 a device that lost its connection goes on with another process', () => {
  it.each([
    ['the same bytes', bytes.subarray(half)],
    ['other bytes', randomBytes(bytes.length - half)],
  ])('what the first process writes late does not reach the original: %s', async (_what, late) => {
    const location = await begin();
    const { writer, answer } = await hangingRequest(location);
    expect((await call(quick.app, 'PATCH', location, part(half), bytes.subarray(half))).status).toBe(204);
    await writer.write(late);
    await writer.close();
    expect((await answer).status).toBe(410);
    expect((await stored()).equals(bytes)).toBe(true);
    expect(await counters(slow, device)).toMatchObject({ used: bytes.length, usedSum: bytes.length, reserved: 0 });
    expect(await readdir(join(folder, 'uploads'))).toEqual([]);
  });

  it('nor does the first process end the upload with what the second has not yet', async () => {
    const location = await begin();
    const { writer, answer } = await hangingRequest(location);
    const [more, rest] = [bytes.subarray(half, half + 1000), bytes.subarray(half + 1000)];
    expect((await call(quick.app, 'PATCH', location, part(half), more)).headers.get('upload-offset')).toBe(String(half + 1000));
    await writer.write(bytes.subarray(half));
    await writer.close();
    expect((await answer).status).toBe(410);
    expect(await counters(slow, device)).toMatchObject({ used: 0, reserved: bytes.length });
    expect((await call(quick.app, 'PATCH', location, part(half + 1000), rest)).status).toBe(204);
    expect((await stored()).equals(bytes)).toBe(true);
  });

  it('an upload that was cut off before its end is finished by the sweep of another process', async () => {
    const location = await begin();
    const upload = location.split('/').at(-1) as Parameters<typeof slow.services.originals.stage>[0];
    const writer = await slow.services.originals.stage(upload, 0);
    await writer.append([bytes]);
    await runHousekeeping(slow.services, quick.uploads, slow.clock.time);
    expect((await stored()).equals(bytes)).toBe(true);
    expect(await slow.services.originals.commit(upload, sha256Of(bytes))).toBe(false);
    await writer.close();
    expect(await readdir(join(folder, 'uploads'))).toEqual([]);
  });
});
