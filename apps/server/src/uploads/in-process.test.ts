import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalDiskStore } from '../originals/local-disk.ts';
import { nodeDiskFs } from '../originals/node-disk-fs.ts';
import { counters, creationHeaders, sha256Of, tus } from '../testing/tus-requests.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';
import { PATCH_CONTENT_TYPE } from './tus.ts';

let folder: string;
let server: TestServer;
let device: TestDevice;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-in-process-'));
  server = await testServer({ originals: new LocalDiskStore(nodeDiskFs, folder) });
  device = await server.person('someone@example.com');
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** A request without a socket, its body a stream, as the simulator sends it. */
const call = async (method: string, path: string, headers: Record<string, string>, body?: ReadableStream<Uint8Array>) =>
  await server.app.request(path, { method, headers: { authorization: `Bearer ${device.token}`, ...tus, ...headers }, ...(body ? { body, duplex: 'half' as const } : {}) });

function streamOf(chunks: readonly Uint8Array[], end: 'closes' | 'breaks' | 'hangs' = 'closes'): ReadableStream<Uint8Array> {
  const left = [...chunks];
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = left.shift();
      if (next) controller.enqueue(next);
      else if (end === 'closes') controller.close();
      else if (end === 'breaks') controller.error(new Error('the line broke'));
      else return new Promise(() => undefined);
      return undefined;
    },
  });
}

const part = (offset: number) => ({ 'content-type': PATCH_CONTENT_TYPE, 'upload-offset': String(offset), 'transfer-encoding': 'chunked' });
const begin = async (bytes: Buffer) => (await call('POST', '/api/v1/uploads', creationHeaders(device, bytes.length, sha256Of(bytes)))).headers.get('location')!;

describe('the same receiver without a socket', () => {
  it('U1 takes a body and leaves its chunks as they were', async () => {
    const bytes = randomBytes(10_000);
    const chunks = [bytes.subarray(0, 4000), new Uint8Array(bytes.subarray(4000))];
    const answer = await call('PATCH', await begin(bytes), part(0), streamOf(chunks));
    expect([answer.status, answer.headers.get('upload-offset')]).toEqual([204, '10000']);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    const stored = await call('GET', `/api/v1/libraries/${device.libraryId}/resources/${sha256Of(bytes)}`, {});
    expect(Buffer.from(await stored.arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('U4 keeps what came before the line broke', async () => {
    const bytes = randomBytes(10_000);
    const location = await begin(bytes);
    await call('PATCH', location, part(0), streamOf([bytes.subarray(0, 3000)], 'breaks'));
    expect((await call('HEAD', location, {})).headers.get('upload-offset')).toBe('3000');
    expect((await call('PATCH', location, part(3000), streamOf([bytes.subarray(3000)]))).status).toBe(204);
  });

  it('U6 a later request ends one that hangs', async () => {
    const bytes = randomBytes(10_000);
    const location = await begin(bytes);
    const hanging = call('PATCH', location, part(0), streamOf([bytes.subarray(0, 3000)], 'hangs'));
    const asked = await call('HEAD', location, {});
    const ended = await hanging;
    expect(ended.status).toBe(409);
    const offset = Number(asked.headers.get('upload-offset'));
    expect((await call('PATCH', location, part(offset), streamOf([bytes.subarray(offset)]))).status).toBe(204);
    expect((await counters(server, device)).reserved).toBe(0);
  });
});
