import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LibraryId, Usage } from '@everroll/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { send } from '../testing/live-server.ts';
import { creationHeaders, sha256Of, tus } from '../testing/tus-requests.ts';
import { PATCH_CONTENT_TYPE } from './tus.ts';

const OWNER = { EVERROLL_OWNER_EMAIL: 'someone@example.com', EVERROLL_OWNER_PASSWORD: 'a long password' };

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-killed-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function start(): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(join(import.meta.dirname, '../testing/server-process.ts'), {
    env: { ...process.env, ...OWNER, EVERROLL_DATA: folder, EVERROLL_PORT: '0' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  return { child, port: Number(new URL(url).port) };
}

it('U4 U5 kill -9 at any moment: a device that begins again and again loses no acknowledged byte', async () => {
  let { child, port } = await start();
  const signedIn = await fetch(`http://127.0.0.1:${port}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: OWNER.EVERROLL_OWNER_EMAIL, password: OWNER.EVERROLL_OWNER_PASSWORD, device: { name: 'test', kind: 'agent' } }),
  });
  const { token, libraries } = (await signedIn.json()) as { token: string; libraries: { id: LibraryId }[] };
  const device = { token, libraryId: libraries[0]!.id };

  let stored = 0;
  for (let round = 0; round < 8; round += 1) {
    const bytes = randomBytes(randomInt(1, 6_000_000));
    const create = () => send({ port }, device, 'POST', '/api/v1/uploads', creationHeaders(device, bytes.length, sha256Of(bytes)));
    const created = await create();
    const turns = randomInt(0, 60);
    const sent = randomInt(0, 3) === 0 ? randomInt(1, bytes.length + 1) : bytes.length;
    const acknowledged = await patchUntilKilled(port, token, created.headers.location!, bytes.subarray(0, sent), child, turns);

    ({ child, port } = await start());
    const again = await create();
    const offset = Number(again.headers['upload-offset']);
    expect(offset).toBeGreaterThanOrEqual(acknowledged);
    // Where nothing is left to send, the address is that of a complete upload and takes an empty rest.
    const rest = await send({ port }, device, 'PATCH', again.headers.location!, { ...tus, 'content-type': PATCH_CONTENT_TYPE, 'upload-offset': String(offset) }, bytes.subarray(offset));
    expect(rest.status).toBe(204);
    stored += bytes.length;
    const back = await send({ port }, device, 'GET', `/api/v1/libraries/${device.libraryId}/resources/${sha256Of(bytes)}`);
    expect(back.body.equals(bytes)).toBe(true);
    const usage = (await send({ port }, device, 'GET', '/api/v1/usage')).json() as unknown as Usage;
    expect(usage).toMatchObject({ used: stored, reserved: 0 });
    expect(usage.byKind.other).toBe(stored);
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  // What a crash left in staging has no row and is younger than a day; nothing else is there.
  for (const name of await readdir(join(folder, 'uploads'))) expect(name).toMatch(/^[0-9a-f]{32}\.[0-9a-f]+(\.commit)?$/);
}, 60_000);

/** Sends bytes and kills the server some turns of the event loop after the last one was written. Returns what was acknowledged. */
async function patchUntilKilled(port: number, token: string, path: string, bytes: Buffer, child: ChildProcess, turns: number): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, ...tus, 'content-type': PATCH_CONTENT_TYPE, 'upload-offset': '0', 'content-length': bytes.length };
  const outgoing = request({ port, method: 'PATCH', path, agent: false, headers });
  const answered = new Promise<number>((resolve) => {
    outgoing.on('response', (incoming) => {
      incoming.on('error', () => undefined);
      resolve(Number(incoming.headers['upload-offset'] ?? 0));
    });
    outgoing.on('error', () => resolve(0));
  });
  await new Promise<void>((resolve) => outgoing.write(bytes, () => resolve()));
  outgoing.end();
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  child.kill('SIGKILL');
  await once(child, 'exit');
  return await answered;
}
