import { randomBytes } from 'node:crypto';
import { rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KNOWN_MAX, type Sha256, VERIFY_MAX } from '@everroll/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LiveServer, liveServer, send } from '../testing/live-server.ts';
import { createWith, sha256Of } from '../testing/tus-requests.ts';
import type { TestDevice } from '../testing/test-server.ts';

const bytes = randomBytes(1_000_000);
const sha256 = sha256Of(bytes);
const etag = `"${sha256}"`;

let server: LiveServer;
let device: TestDevice;
let stranger: TestDevice;
let path: string;

beforeAll(async () => {
  server = await liveServer();
  device = await server.person('someone@example.com');
  stranger = await server.person('stranger@example.com');
  path = `/api/v1/libraries/${device.libraryId}/resources/${sha256}`;
  await createWith(server, device, bytes);
});

afterAll(() => server.close());

const get = (headers: Record<string, string> = {}, method = 'GET') => send(server, device, method, path, headers);

describe('reading an original', () => {
  it('gives all bytes with their hash as ETag, to be kept for ever and run by nobody', async () => {
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(answer.body.equals(bytes)).toBe(true);
    expect(answer.headers).toMatchObject({
      etag,
      'content-length': '1000000',
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=31536000, immutable',
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'x-content-type-options': 'nosniff',
    });
  });

  it('gives one range', async () => {
    const answer = await get({ range: 'bytes=300000-699999' });
    expect([answer.status, answer.headers['content-range'], answer.headers['content-length']]).toEqual([206, 'bytes 300000-699999/1000000', '400000']);
    expect(answer.body.equals(bytes.subarray(300_000, 700_000))).toBe(true);
  });

  it('416 range_invalid for one outside', async () => {
    const answer = await get({ range: 'bytes=1000000-' });
    expect([answer.status, answer.headers['content-range'], answer.json().code]).toEqual([416, 'bytes */1000000', 'range_invalid']);
  });

  it('If-Range gives the range of these very bytes and else the whole', async () => {
    expect((await get({ range: 'bytes=0-9', 'if-range': etag })).status).toBe(206);
    expect((await get({ range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200);
    expect((await get({ range: 'bytes=0-9', 'if-range': 'Wed, 21 Oct 2026 07:28:00 GMT' })).status).toBe(200);
  });

  it('304 for whoever has them', async () => {
    expect((await get({ 'if-none-match': `"x", W/${etag}` })).status).toBe(304);
  });

  it('HEAD says the same without the bytes', async () => {
    const answer = await get({}, 'HEAD');
    expect([answer.status, answer.headers['content-length'], answer.body.length]).toEqual([200, '1000000', 0]);
    expect((await get({ range: 'bytes=0-9' }, 'HEAD')).headers['content-length']).toBe('10');
  });

  it.each([
    ['image/heic', 'image/heic', undefined],
    ['image/svg+xml', 'application/octet-stream', 'attachment'],
    ['text/html', 'application/octet-stream', 'attachment'],
  ])('an asset that calls it %s is served as %s', async (mediaType, type, disposition) => {
    const photo = randomBytes(10);
    await createWith(server, device, photo);
    await server.services.db
      .insertInto('asset_resource')
      .values({ library_id: device.libraryId, asset_id: sha256Of(photo).slice(0, 32) as never, ordinal: 0, role: 'photo', sha256: sha256Of(photo), bytes: 10, name: 'a', media_type: mediaType })
      .execute();
    const answer = await send(server, device, 'GET', path.replace(sha256, sha256Of(photo)));
    expect([answer.headers['content-type'], answer.headers['content-disposition']]).toEqual([type, disposition]);
  });

  it('X1 what another library holds, and what is no hash, answers as what does not exist', async () => {
    const answers = await Promise.all([
      send(server, stranger, 'GET', path),
      send(server, stranger, 'GET', path.replace(device.libraryId, stranger.libraryId)),
      send(server, device, 'GET', path.replace(sha256, 'a'.repeat(64))),
      send(server, device, 'GET', path.replace(sha256, '..%2f..%2feverroll.sqlite')),
    ]);
    for (const answer of answers) expect([answer.status, answer.body.toString()]).toEqual([404, answers[0].body.toString()]);
  });

  it.each<[string, (file: string) => Promise<void>]>([
    ['short', (file) => truncate(file, 999_999)],
    ['missing', (file) => rm(file)],
  ])('I2 a file that is %s ends in bit_rot and in the log, never in fewer bytes', async (_what, damage) => {
    await createWith(server, device, bytes);
    await damage(join(server.folder, 'originals', sha256.slice(0, 2), sha256.slice(2, 4), sha256));
    const answer = await get();
    expect([answer.status, answer.json().code]).toEqual([500, 'bit_rot']);
    expect(server.logged.join()).toContain('an original is damaged');
  });
});

const known = async (from: TestDevice, hashes: string[]) => await from.request('POST', `/api/v1/libraries/${from.libraryId}/resources/known`, { hashes });

describe('A5 which hashes are known', () => {
  it('answers in the order of the request, about this library only', async () => {
    const held = randomBytes(20);
    await createWith(server, device, held);
    const purged = 'b'.repeat(64) as Sha256;
    await server.services.db.insertInto('purged_resource').values({ library_id: device.libraryId, sha256: purged, purged_at: 1 }).execute();
    const missing = 'c'.repeat(64);
    const answer = await known(device, [missing, sha256Of(held), purged, missing, sha256Of(held)]);
    expect(await answer.json()).toEqual({ epoch: device.epoch, standings: ['missing', 'stored', 'deleted', 'missing', 'stored'] });
    expect(await (await known(stranger, [sha256Of(held), purged])).json()).toMatchObject({ standings: ['missing', 'missing'] });
    expect((await known({ ...stranger, libraryId: device.libraryId }, [])).status).toBe(404);
  });

  it('asked with verify it reads every byte again: what rotted is not stored', async () => {
    const [whole, rotten] = [randomBytes(3000), randomBytes(3000)];
    for (const content of [whole, rotten]) await createWith(server, device, content);
    const hash = sha256Of(rotten);
    rotten.writeUInt8(rotten.readUInt8(1500) ^ 1, 1500);
    await writeFile(join(server.folder, 'originals', hash.slice(0, 2), hash.slice(2, 4), hash), rotten);
    const ask = async (verify: boolean) => await (await device.request('POST', `/api/v1/libraries/${device.libraryId}/resources/known`, { hashes: [hash, sha256Of(whole)], verify })).json();
    expect(await ask(false)).toEqual({ epoch: device.epoch, standings: ['stored', 'stored'] });
    expect(await ask(true)).toEqual({ epoch: device.epoch, standings: ['missing', 'stored'], verified: true });
    // What was met is noted: whoever asks next hears of it without a second reading, and the log asks for it.
    expect(await ask(false)).toEqual({ epoch: device.epoch, standings: ['missing', 'stored'] });
  });

  it('verifies few at once, as each is read whole', async () => {
    const hashes = Array.from({ length: VERIFY_MAX + 1 }, () => sha256);
    expect((await device.request('POST', `/api/v1/libraries/${device.libraryId}/resources/known`, { hashes, verify: true })).status).toBe(400);
  });

  it('takes no more than it says and no text that is no hash', async () => {
    expect((await known(device, Array.from({ length: KNOWN_MAX }, () => sha256))).status).toBe(200);
    expect((await known(device, Array.from({ length: KNOWN_MAX + 1 }, () => sha256))).status).toBe(400);
    expect((await known(device, ["' or 1=1"])).status).toBe(400);
  });
});
