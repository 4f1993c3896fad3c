import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LibraryId } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LiveResponse, send } from '../testing/live-server.ts';
import { creationHeaders, sha256Of, tus } from '../testing/tus-requests.ts';
import { PATCH_CONTENT_TYPE } from '../uploads/tus.ts';

const OWNER = { email: 'someone@example.com', password: 'a long password' };
const PLAN_BYTES = 100_000;
const FILE_BYTES = 3000;
const FIT = Math.floor(PLAN_BYTES / FILE_BYTES);

/** A device that talks to a server process of its own: one process would take requests in turn. */
interface Racer {
  readonly server: ChildProcess;
  readonly port: number;
  readonly token: string;
  readonly libraryId: LibraryId;
}

let folder: string;
let database: DatabaseSync;
let racers: Racer[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-race-'));
  racers = [await racer(), await racer()];
  database = new DatabaseSync(join(folder, 'everroll.db'));
  // Every single write of the counters is looked at, not only what is left in the end.
  database.exec(`
    UPDATE account SET plan_bytes = ${PLAN_BYTES};
    CREATE TRIGGER within_plan BEFORE UPDATE OF used_bytes, reserved_bytes ON account
    WHEN new.used_bytes + new.reserved_bytes > new.plan_bytes
    BEGIN SELECT raise(ABORT, 'more than the plan'); END`);
});
afterEach(async () => {
  database.close();
  for (const { server } of racers) {
    const exit = once(server, 'exit');
    server.kill();
    await exit;
  }
  await rm(folder, { recursive: true, force: true });
});

async function racer(): Promise<Racer> {
  const server = fork(join(import.meta.dirname, '../testing/server-process.ts'), {
    env: { ...process.env, EVERROLL_OWNER_EMAIL: OWNER.email, EVERROLL_OWNER_PASSWORD: OWNER.password, EVERROLL_DATA: folder, EVERROLL_PORT: '0', EVERROLL_RENDITION_WORKERS: '0' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const [{ url }] = (await once(server, 'message')) as [{ url: string }];
  const signedIn = await fetch(`${url}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...OWNER, device: { name: 'racer', kind: 'agent' } }) });
  const { token, libraries } = (await signedIn.json()) as { token: string; libraries: { id: LibraryId }[] };
  return { server, port: Number(new URL(url).port), token, libraryId: libraries[0]!.id };
}

const upload = async (from: Racer, bytes: Buffer, body?: Buffer): Promise<LiveResponse> =>
  await send(from, from, 'POST', '/api/v1/uploads', { ...creationHeaders(from, bytes.length, sha256Of(bytes)), ...(body ? { 'content-type': PATCH_CONTENT_TYPE } : {}) }, body);
const append = async (from: Racer, path: string, offset: number, bytes: Buffer): Promise<LiveResponse> =>
  await send(from, from, 'PATCH', path, { ...tus, 'content-type': PATCH_CONTENT_TYPE, 'upload-offset': String(offset) }, bytes);

/** Both devices at once, each with as many files as the plan has room for. */
const race = async <Result>(one: (from: Racer, bytes: Buffer) => Promise<Result>): Promise<Result[]> =>
  await Promise.all(Array.from({ length: 2 * FIT }, async (_, n) => await one(racers[n % 2]!, randomBytes(FILE_BYTES))));

const counters = () => ({ ...database.prepare('SELECT used_bytes, reserved_bytes, (SELECT sum(bytes) FROM resource) AS stored, (SELECT count(*) FROM upload) AS uploads FROM account').get() });

describe('I3 two devices race for the last bytes of a plan, over HTTP and on two server processes', () => {
  test('with whole files: exactly what fits is stored, the rest is refused with what is short', async () => {
    const answers = await race(async (from, bytes) => await upload(from, bytes, bytes));
    const refused = answers.filter(({ status }) => status === 507);
    expect([answers.filter(({ status }) => status === 201).length, refused.length]).toEqual([FIT, FIT]);
    for (const answer of refused) expect(answer.json()).toMatchObject({ code: 'quota_full', shortBytes: (FIT + 1) * FILE_BYTES - PLAN_BYTES });
    expect(counters()).toEqual({ used_bytes: FIT * FILE_BYTES, reserved_bytes: 0, stored: FIT * FILE_BYTES, uploads: 0 });
  });

  test('with files in pieces: what was reserved arrives, whoever else sends meanwhile', async () => {
    const ends = await race(async (from, bytes) => {
      const created = await upload(from, bytes);
      if (created.status !== 201) return created.status;
      await append(from, created.headers.location!, 0, bytes.subarray(0, 1000));
      return (await append(from, created.headers.location!, 1000, bytes.subarray(1000))).status;
    });
    expect([ends.filter((status) => status === 204).length, ends.filter((status) => status === 507).length]).toEqual([FIT, FIT]);
    expect(counters()).toEqual({ used_bytes: FIT * FILE_BYTES, reserved_bytes: 0, stored: FIT * FILE_BYTES, uploads: 0 });
  });
});
