import { randomBytes } from 'node:crypto';
import { readdir, rm, stat, truncate } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type LiveServer, liveServer, send } from '../testing/live-server.ts';
import { counters, create, createWith, creationHeaders, head, patch, sha256Of, tus } from '../testing/tus-requests.ts';
import type { TestDevice } from '../testing/test-server.ts';
import { PATCH_CONTENT_TYPE } from './tus.ts';

let server: LiveServer;
let device: TestDevice;
let people = 0;

beforeAll(async () => {
  server = await liveServer();
});

afterAll(() => server.close());

const override = (method: string) => ({ ...tus, 'x-http-method-override': method, 'content-type': PATCH_CONTENT_TYPE, 'upload-offset': '0' });
const newPerson = () => server.person(`person${(people += 1)}@example.com`);

describe('U1 tus 1.0.0', () => {
  beforeAll(async () => {
    device = await newPerson();
  });

  it('says what it can do', async () => {
    const answer = await send(server, device, 'OPTIONS', '/api/v1/uploads');
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({ 'tus-resumable': '1.0.0', 'tus-version': '1.0.0', 'tus-extension': 'creation,creation-with-upload,expiration,termination' });
  });

  it('creates, takes bytes in parts, and holds the original at the end', async () => {
    const bytes = randomBytes(300_000);
    const created = await create(server, device, bytes);
    expect(created.status).toBe(201);
    expect(created.headers).toMatchObject({ 'upload-offset': '0', 'tus-resumable': '1.0.0' });
    expect(Date.parse(created.headers['upload-expires'] as string)).toBe(server.clock.time + 7 * 86_400_000);
    const location = created.headers.location!;

    const first = await patch(server, device, location, 0, bytes.subarray(0, 100_000));
    expect([first.status, first.headers['upload-offset']]).toEqual([204, '100000']);
    const asked = await head(server, device, location);
    expect(asked.status).toBe(200);
    expect(asked.headers).toMatchObject({ 'upload-offset': '100000', 'upload-length': '300000', 'cache-control': 'no-store' });
    expect(asked.headers['upload-metadata']).toBe(creationHeaders(device, 300_000, sha256Of(bytes))['upload-metadata']);
    const last = await patch(server, device, location, 100_000, bytes.subarray(100_000));
    expect([last.status, last.headers['upload-offset']]).toEqual([204, '300000']);

    const stored = await send(server, device, 'GET', `/api/v1/libraries/${device.libraryId}/resources/${sha256Of(bytes)}`);
    expect(stored.body.equals(bytes)).toBe(true);
    expect(await counters(server, device)).toMatchObject({ used: 300_000, reserved: 0, usedSum: 300_000 });
  });

  it('takes a whole file in the request that creates it', async () => {
    const bytes = randomBytes(3_000_000);
    const answer = await createWith(server, device, bytes);
    expect([answer.status, answer.headers['upload-offset']]).toEqual([201, '3000000']);
    expect((await head(server, device, answer.headers.location!)).headers).toMatchObject({ 'upload-offset': '3000000', 'upload-length': '3000000' });
  });

  it('takes the first part of a file in the request that creates it', async () => {
    const bytes = randomBytes(50_000);
    const answer = await createWith(server, device, bytes, bytes.subarray(0, 20_000));
    expect([answer.status, answer.headers['upload-offset']]).toEqual([201, '20000']);
    expect((await patch(server, device, answer.headers.location!, 20_000, bytes.subarray(20_000))).headers['upload-offset']).toBe('50000');
  });

  it('obeys X-HTTP-Method-Override', async () => {
    const bytes = randomBytes(10);
    const location = (await create(server, device, bytes)).headers.location!;
    expect((await send(server, device, 'POST', location, override('HEAD'))).headers['upload-offset']).toBe('0');
    expect((await send(server, device, 'POST', location, override('PATCH'), bytes)).headers['upload-offset']).toBe('10');
    const other = (await create(server, device, randomBytes(11))).headers.location!;
    expect((await send(server, device, 'POST', other, override('DELETE'))).status).toBe(204);
    expect((await send(server, device, 'POST', other, override('TRACE'))).status).toBe(405);
  });

  it('stops an upload and returns its space (termination)', async () => {
    const before = await counters(server, device);
    const bytes = randomBytes(1000);
    const location = (await createWith(server, device, bytes, bytes.subarray(0, 500))).headers.location!;
    expect((await counters(server, device)).reserved).toBe(before.reserved + 1000);
    expect((await send(server, device, 'DELETE', location, tus)).status).toBe(204);
    expect(await counters(server, device)).toEqual(before);
    expect((await head(server, device, location)).status).toBe(404);
  });
});

describe('U2 the space is reserved at creation', () => {
  it('I3 counts what is reserved, then what is used', async () => {
    const owner = await newPerson();
    const bytes = randomBytes(40_000);
    const location = (await create(server, owner, bytes)).headers.location!;
    expect(await counters(server, owner)).toMatchObject({ used: 0, reserved: 40_000, reservedSum: 40_000 });
    await patch(server, owner, location, 0, bytes);
    expect(await counters(server, owner)).toMatchObject({ used: 40_000, usedSum: 40_000, reserved: 0 });
  });

  it('507 quota_full says how many bytes are short; item_larger_than_plan where nothing would help', async () => {
    const owner = await newPerson();
    await server.services.db.updateTable('account').set({ plan_bytes: 1000 }).where('id', '=', owner.accountId).execute();
    await createWith(server, owner, randomBytes(600));
    const full = await create(server, owner, randomBytes(450));
    expect(full.status).toBe(507);
    expect(full.json()).toMatchObject({ code: 'quota_full', shortBytes: 50 });
    const large = await create(server, owner, randomBytes(1001));
    expect(large.status).toBe(507);
    expect(large.json()).toMatchObject({ code: 'item_larger_than_plan', shortBytes: 1 });
    expect((await create(server, owner, randomBytes(400))).status).toBe(201);
    expect(await counters(server, owner)).toMatchObject({ used: 600, reserved: 400 });
  });

  it('I3 devices that race for the last bytes never exceed the plan', async () => {
    const owner = await newPerson();
    const second = await owner.another('second');
    await server.services.db.updateTable('account').set({ plan_bytes: 10_000 }).where('id', '=', owner.accountId).execute();
    for (let round = 0; round < 25; round += 1) {
      const sizes = Array.from({ length: 6 }, () => 1 + Math.floor(Math.random() * 3000));
      const answers = await Promise.all(
        sizes.map(async (size, index) => {
          const from = index % 2 === 0 ? owner : second;
          const bytes = randomBytes(size);
          const whole = index % 3 !== 0;
          const created = await (whole ? createWith(server, from, bytes) : create(server, from, bytes));
          if (created.status === 201 && index % 3 === 0 && round % 2 === 0) await send(server, from, 'DELETE', created.headers.location!, tus);
          return created.status;
        }),
      );
      expect(answers.every((status) => status === 201 || status === 507)).toBe(true);
      const now = await counters(server, owner);
      expect(now.used + now.reserved).toBeLessThanOrEqual(10_000);
      expect(now).toMatchObject({ used: now.usedSum, reserved: now.reservedSum });
    }
  });

  it('charges bytes that two devices send at once a single time', async () => {
    const owner = await newPerson();
    const second = await owner.another('second');
    const bytes = randomBytes(20_000);
    const [first, other] = await Promise.all([create(server, owner, bytes), create(server, second, bytes)]);
    expect(await counters(server, owner)).toMatchObject({ reserved: 40_000 });
    const ends = await Promise.all([patch(server, owner, first.headers.location!, 0, bytes), patch(server, second, other.headers.location!, 0, bytes)]);
    expect(ends.map((end) => end.status)).toEqual([204, 204]);
    expect(await counters(server, owner)).toMatchObject({ used: 20_000, usedSum: 20_000, reserved: 0 });
  });
});

describe('U3 creating again', () => {
  it('returns the unfinished upload of this device with its offset', async () => {
    const owner = await newPerson();
    const bytes = randomBytes(1000);
    const first = await createWith(server, owner, bytes, bytes.subarray(0, 400));
    const again = await create(server, owner, bytes);
    expect([again.status, again.headers.location, again.headers['upload-offset']]).toEqual([201, first.headers.location, '400']);
    // A body that begins at 0 is not needed where bytes are stored.
    const withBody = await createWith(server, owner, bytes);
    expect([withBody.headers.location, withBody.headers['upload-offset']]).toEqual([first.headers.location, '400']);
    expect(await counters(server, owner)).toMatchObject({ reserved: 1000, reservedSum: 1000 });
  });

  it('many times at once makes one upload', async () => {
    const owner = await newPerson();
    const bytes = randomBytes(1000);
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(server, owner, bytes)));
    expect(new Set(answers.map((answer) => answer.headers.location)).size).toBe(1);
    expect(await counters(server, owner)).toMatchObject({ reserved: 1000, reservedSum: 1000 });
  });

  it('gives another device an upload of its own', async () => {
    const owner = await newPerson();
    const second = await owner.another('second');
    const bytes = randomBytes(1000);
    const first = await createWith(server, owner, bytes, bytes.subarray(0, 400));
    const other = await create(server, second, bytes);
    expect(other.headers.location).not.toBe(first.headers.location);
    expect(other.headers['upload-offset']).toBe('0');
  });

  it('begins anew where the length differs', async () => {
    const owner = await newPerson();
    const bytes = randomBytes(1000);
    const first = await create(server, owner, bytes);
    const again = await send(server, owner, 'POST', '/api/v1/uploads', creationHeaders(owner, 900, sha256Of(bytes)));
    expect(again.headers.location).not.toBe(first.headers.location);
    expect(await counters(server, owner)).toMatchObject({ reserved: 900, reservedSum: 900 });
  });

  it('answers with a complete upload where the library holds the bytes, at an address that stays', async () => {
    const owner = await newPerson();
    const bytes = randomBytes(1000);
    await createWith(server, owner, bytes);
    const before = await counters(server, owner);
    const again = await create(server, owner, bytes);
    expect([again.status, again.headers['upload-offset']]).toEqual([201, '1000']);
    expect(await counters(server, owner)).toEqual(before);
    const location = again.headers.location!;
    expect((await head(server, owner, location)).headers).toMatchObject({ 'upload-offset': '1000', 'upload-length': '1000' });
    const resent = await patch(server, owner, location, 0, bytes);
    expect([resent.status, resent.headers['upload-offset'], resent.json().code]).toEqual([409, '1000', 'offset_mismatch']);
    expect((await patch(server, owner, location, 1000, Buffer.alloc(0))).status).toBe(204);
    const stranger = await newPerson();
    expect((await head(server, stranger, location)).status).toBe(404);
  });

  it('a device that lost the answer to its last byte learns that it is stored', async () => {
    const owner = await newPerson();
    const bytes = randomBytes(500);
    const location = (await create(server, owner, bytes)).headers.location!;
    await patch(server, owner, location, 0, bytes);
    expect((await head(server, owner, location)).status).toBe(404);
    expect((await create(server, owner, bytes)).headers['upload-offset']).toBe('500');
  });

  it('X1 a hash that only a stranger holds has to be sent like any other', async () => {
    const owner = await newPerson();
    const stranger = await newPerson();
    const bytes = randomBytes(500);
    await createWith(server, owner, bytes);
    const created = await create(server, stranger, bytes);
    expect(created.headers['upload-offset']).toBe('0');
    expect((await head(server, stranger, created.headers.location!)).headers['upload-offset']).toBe('0');
  });
});

describe('U4 the offset is what the server stored', () => {
  it('409 with the offset for any other', async () => {
    const owner = await newPerson();
    const bytes = randomBytes(1000);
    const location = (await createWith(server, owner, bytes, bytes.subarray(0, 400))).headers.location!;
    for (const offset of [0, 399, 401, 1000, 5000]) {
      const answer = await patch(server, owner, location, offset, bytes.subarray(0, 1));
      expect([answer.status, answer.headers['upload-offset']]).toEqual([409, '400']);
      expect(answer.json()).toMatchObject({ code: 'offset_mismatch', offset: 400 });
    }
  });

  it('follows what is on disk, also when it went backwards', async () => {
    const owner = await newPerson();
    const bytes = randomBytes(1000);
    const location = (await createWith(server, owner, bytes, bytes.subarray(0, 400))).headers.location!;
    await truncate((await stagedFile(location))!, 100);
    expect((await head(server, owner, location)).headers['upload-offset']).toBe('100');
    expect((await patch(server, owner, location, 400, bytes.subarray(400))).headers['upload-offset']).toBe('100');
    expect((await patch(server, owner, location, 100, bytes.subarray(100))).status).toBe(204);
    expect(await counters(server, owner)).toMatchObject({ used: 1000, reserved: 0 });
  });

  it('keeps what arrived before the connection broke', async () => {
    const owner = await newPerson();
    const bytes = randomBytes(3_000_000);
    const location = (await create(server, owner, bytes)).headers.location!;
    await sendAndBreak(owner, location, bytes, 2_000_000);
    // The next request waits until the one that broke has stored what it had.
    const offset = Number((await head(server, owner, location)).headers['upload-offset']);
    expect(offset).toBeLessThanOrEqual(2_000_000);
    expect(offset).toBeGreaterThan(0);
    expect((await patch(server, owner, location, offset, bytes.subarray(offset))).status).toBe(204);
    expect(await counters(server, owner)).toMatchObject({ used: 3_000_000 });
  });

  it('413 for a body that is longer than announced, and nothing behind the length is stored', async () => {
    const owner = await newPerson();
    const bytes = randomBytes(1000);
    const location = (await create(server, owner, bytes)).headers.location!;
    const announced = await patch(server, owner, location, 0, randomBytes(1001));
    expect([announced.status, announced.headers['upload-offset'], announced.json().code]).toEqual([413, '0', 'body_too_large']);
    const chunked = await send(server, owner, 'PATCH', location, { ...tus, 'content-type': PATCH_CONTENT_TYPE, 'upload-offset': '0', 'transfer-encoding': 'chunked' }, randomBytes(1001));
    expect(chunked.status).toBe(413);
    expect((await patch(server, owner, location, 0, bytes)).status).toBe(204);
  });
});

describe('U5 the end of an upload', () => {
  it('460 where the hash differs: the bytes are dropped, the space returns', async () => {
    const owner = await newPerson();
    const bytes = randomBytes(1000);
    const location = (await create(server, owner, bytes)).headers.location!;
    const answer = await patch(server, owner, location, 0, randomBytes(1000));
    expect([answer.status, answer.json().code]).toEqual([460, 'checksum_mismatch']);
    expect(await counters(server, owner)).toMatchObject({ used: 0, reserved: 0, usedSum: 0 });
    expect(await stagedFile(location)).toBeUndefined();
    expect((await create(server, owner, bytes)).headers['upload-offset']).toBe('0');
  });

  it('mends an original whose file is gone', async () => {
    const owner = await newPerson();
    const bytes = randomBytes(1000);
    await createWith(server, owner, bytes);
    const sha256 = sha256Of(bytes);
    await rm(join(server.folder, 'originals', sha256.slice(0, 2), sha256.slice(2, 4), sha256));
    expect((await createWith(server, owner, bytes)).headers['upload-offset']).toBe('1000');
    expect(await counters(server, owner)).toMatchObject({ used: 1000, usedSum: 1000, reserved: 0 });
    expect((await send(server, owner, 'GET', `/api/v1/libraries/${owner.libraryId}/resources/${sha256}`)).body.equals(bytes)).toBe(true);
  });
});

describe('U6 a later request ends an earlier one', () => {
  it('that hangs, and keeps what it had', async () => {
    const owner = await newPerson();
    const bytes = randomBytes(3_000_000);
    const location = (await create(server, owner, bytes)).headers.location!;
    const hanging = hangingPatch(owner, location, bytes, 2_000_000);
    await hanging.sent;
    const again = await head(server, owner, location);
    const offset = Number(again.headers['upload-offset']);
    await hanging.broken;
    expect((await patch(server, owner, location, offset, bytes.subarray(offset))).status).toBe(204);
    expect(await counters(server, owner)).toMatchObject({ used: 3_000_000, reserved: 0 });
  });

  it('termination ends it too', async () => {
    const owner = await newPerson();
    const bytes = randomBytes(3_000_000);
    const location = (await create(server, owner, bytes)).headers.location!;
    const hanging = hangingPatch(owner, location, bytes, 2_000_000);
    await hanging.sent;
    expect((await send(server, owner, 'DELETE', location, tus)).status).toBe(204);
    await hanging.broken;
    expect(await counters(server, owner)).toMatchObject({ used: 0, reserved: 0, reservedSum: 0 });
  });
});

describe('U7 expiry', () => {
  it('is 7 days after the last byte; a request for an expired upload ends it', async () => {
    const owner = await newPerson();
    const bytes = randomBytes(1000);
    const location = (await create(server, owner, bytes)).headers.location!;
    server.clock.time += 6 * 86_400_000;
    const answer = await patch(server, owner, location, 0, bytes.subarray(0, 10));
    expect(Date.parse(answer.headers['upload-expires'] as string)).toBe(server.clock.time + 7 * 86_400_000);
    server.clock.time += 7 * 86_400_000;
    const late = await patch(server, owner, location, 10, bytes.subarray(10));
    expect([late.status, late.json().code]).toEqual([410, 'upload_gone']);
    expect(await counters(server, owner)).toMatchObject({ reserved: 0, reservedSum: 0 });
  });
});

describe('X1 access', () => {
  it('an upload of another account, of another device and none at all answer the same', async () => {
    const owner = await newPerson();
    const second = await owner.another('second');
    const stranger = await newPerson();
    const bytes = randomBytes(100);
    const location = (await create(server, owner, bytes)).headers.location!;
    const none = `/api/v1/uploads/${'0'.repeat(32)}`;
    const answers = await Promise.all([
      patch(server, stranger, location, 0, bytes),
      patch(server, second, location, 0, bytes),
      patch(server, owner, none, 0, bytes),
      patch(server, owner, '/api/v1/uploads/..%2f..%2fetc%2fpasswd', 0, bytes),
    ]);
    const [first] = answers;
    expect([first.status, first.json().code]).toEqual([404, 'not_found']);
    for (const answer of answers) expect([answer.status, answer.body.toString()]).toEqual([404, first.body.toString()]);
    for (const other of [stranger, second]) {
      expect((await head(server, other, location)).status).toBe(404);
      expect((await send(server, other, 'DELETE', location, tus)).status).toBe(404);
    }
    expect((await create(server, { ...stranger, libraryId: owner.libraryId }, bytes)).status).toBe(404);
  });
});

/** Announces all bytes, sends some of them and breaks the connection once they are written. */
async function sendAndBreak(from: TestDevice, location: string, bytes: Buffer, count: number): Promise<void> {
  const hanging = hangingPatch(from, location, bytes, count);
  await hanging.sent;
  hanging.outgoing.destroy();
  await hanging.broken;
}

/** `sent` when the server has stored some of the bytes, so `count` is more than it gathers for one write; `broken` when the request has ended in any way. */
function hangingPatch(from: TestDevice, location: string, bytes: Buffer, count: number) {
  const outgoing = request({
    port: server.port,
    method: 'PATCH',
    path: location,
    agent: false,
    headers: { authorization: `Bearer ${from.token}`, ...tus, 'content-type': PATCH_CONTENT_TYPE, 'upload-offset': '0', 'content-length': bytes.length },
  });
  const broken = new Promise<void>((resolve) => {
    outgoing.on('close', resolve);
    outgoing.on('error', () => resolve());
  });
  outgoing.write(bytes.subarray(0, count));
  outgoing.on('response', (incoming) => incoming.resume());
  const stored = async () => expect((await stat((await stagedFile(location))!)).size).toBeGreaterThan(0);
  return { outgoing, broken, sent: vi.waitFor(stored, { interval: 2, timeout: 10_000 }) };
}

/** The file in which an upload lies; its name ends in that of the process. */
async function stagedFile(location: string): Promise<string | undefined> {
  const staging = join(server.folder, 'uploads');
  const found = (await readdir(staging)).find((name) => name.startsWith(`${location.split('/').at(-1)}.`));
  return found === undefined ? undefined : join(staging, found);
}
