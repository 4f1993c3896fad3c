import { PROBLEM_TYPE, Problem } from '@everroll/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addOf, newId, photo } from '../testing/test-library.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';

let server: TestServer;
let device: TestDevice;
beforeAll(async () => {
  server = await testServer();
  device = await server.person('a@example.com');
});
afterAll(async () => await server.closeSound());

/** Asserts a problem document with nothing of the inside, and says its code. */
const refused = async (response: Response): Promise<[number, string]> => {
  const text = await response.text();
  expect(response.headers.get('content-type')).toBe(PROBLEM_TYPE);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(text).not.toMatch(/node_modules|\.ts\b|\bat .*:\d+|sqlite|kysely|zod|select |insert /i);
  expect(text.length).toBeLessThan(1_500);
  const document = Problem.parse(JSON.parse(text));
  expect(document.status).toBe(response.status);
  return [response.status, document.code];
};
const library = () => `/api/v1/libraries/${device.libraryId}`;
const raw = async (method: string, path: string, body: string, headers: Record<string, string> = {}) =>
  await server.app.request(path, { method, body, headers: { authorization: `Bearer ${device.token}`, 'content-type': 'application/json', ...headers } });

const hostile = ['', ' ', '0', 'A'.repeat(32), 'g'.repeat(32), `${'a'.repeat(32)}0`, "' or 1=1 --", '%00', '..%2F..%2Fetc%2Fpasswd', '%F0%9F%98%80', 'null', '__proto__', 'a'.repeat(5_000), '%0d%0aset-cookie:x=1'];

describe('hostile input', () => {
  test.each(hostile)('an id that is none: %j', async (id) => {
    for (const path of [`/api/v1/libraries/${id}/changes?epoch=${device.epoch}&after=0`, `/api/v1/libraries/${id}/snapshot`, `/api/v1/devices/${id}`]) {
      const [status, code] = await refused(await device.request(path.includes('devices') ? 'DELETE' : 'GET', path));
      expect([400, 404, 405]).toContain(status);
      expect(['invalid_request', 'not_found']).toContain(code);
    }
  });

  test.each(['', '-1', '1.5', '1e400', 'NaN', '0x10x', '99999999999999999999', "1'", '[]', 'true'])('a cursor that is none: %j', async (after) => {
    expect(await refused(await device.request('GET', `${library()}/changes?epoch=${device.epoch}&after=${encodeURIComponent(after)}`))).toEqual([400, 'invalid_request']);
  });

  test.each(['0', '-1', '5001', '1.5', 'x', ''])('a limit that is none: %j', async (limit) => {
    expect(await refused(await device.request('GET', `${library()}/snapshot?limit=${limit}`))).toEqual([400, 'invalid_request']);
  });

  test.each(['', '{', 'null', '[]', '"text"', '1', '{"epoch":1}', '{"__proto__":{"epoch":"x"}}', '\u0000', '{"mutations":[null]}', '['.repeat(100_000), '{"a":'.repeat(50_000)])('a body that is none: %.20j', async (body) => {
    expect(await refused(await raw('POST', `${library()}/mutations`, body))).toEqual([400, 'invalid_request']);
  });

  test('another media type', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'x']) {
      const [status, code] = await refused(await raw('POST', `${library()}/mutations`, '{}', { 'content-type': type }));
      expect([400, 415]).toContain(status);
      expect(code).toBe('invalid_request');
    }
  });

  test('a body over 4 MB, announced or not', async () => {
    const body = `{"x":"${'y'.repeat(4 * 1024 * 1024)}"}`;
    expect(await refused(await raw('POST', `${library()}/mutations`, body))).toEqual([413, 'body_too_large']);
    expect(await refused(await raw('POST', `${library()}/mutations`, '', { 'content-length': '999999999999' }))).toEqual([413, 'body_too_large']);
    const stream = new Blob([body]).stream();
    const streamed = await server.app.request(`${library()}/mutations`, { method: 'POST', body: stream, duplex: 'half', headers: { authorization: `Bearer ${device.token}`, 'content-type': 'application/json' } });
    expect(await refused(streamed)).toEqual([413, 'body_too_large']);
  });

  test('too many mutations, and numbers that are none', async () => {
    const one = { number: 1, id: newId(), operation: { op: 'album.create', albumId: newId(), name: 'a' } };
    for (const mutations of [Array.from({ length: 501 }, () => one), [{ ...one, number: 0 }], [{ ...one, number: -1 }], [{ ...one, number: 1.5 }], [{ ...one, number: 2 ** 53 }], [{ ...one, id: 'x' }]]) {
      expect(await refused(await device.request('POST', `${library()}/mutations`, { epoch: device.epoch, acknowledged: 0, mutations }))).toEqual([400, 'invalid_request']);
    }
  });

  test('operations with values that are none are refused by themselves', async () => {
    const add = addOf(device, [photo('one')]);
    const operations: unknown[] = [
      null,
      [],
      'asset.add',
      { op: 'drop table' },
      { ...add, assetId: 'x' },
      { ...add, resources: [] },
      { ...add, resources: [{ ...photo('one'), name: '../../etc/passwd' }] },
      { ...add, resources: [{ ...photo('one'), name: 'a\u0000b' }] },
      { ...add, resources: [{ ...photo('one'), bytes: -1 }] },
      { ...add, resources: [{ ...photo('one'), bytes: 2 ** 53 }] },
      { ...add, resources: [{ ...photo('one'), sha256: 'A'.repeat(64) }] },
      { ...add, resources: [{ ...photo('one'), mediaType: 'text/html; charset=x' }] },
      { ...add, fields: { ...add.fields, place: { latitude: 91, longitude: 0, altitude: null } } },
      { ...add, fields: { ...add.fields, capture: { at: 1e300, offsetMinutes: null } } },
      { op: 'asset.set', assetIds: [newId()], fields: {} },
      { op: 'asset.set', assetIds: [newId()], fields: { caption: 'x'.repeat(10_001) } },
      { op: 'asset.trash', assetIds: Array.from({ length: 501 }, newId) },
      { op: 'album.create', albumId: newId(), name: '' },
      { op: 'album.create', albumId: newId(), name: 'a\u0000' },
      { op: 'album.add', albumId: newId(), items: [{ assetId: newId(), position: 'ä' }] },
    ];
    const mutations = operations.map((operation, place) => ({ number: place + 1, id: newId(), operation }));
    const response = await device.request('POST', `${library()}/mutations`, { epoch: device.epoch, acknowledged: 0, mutations });
    const { results, head } = (await response.json()) as { results: { code: string }[]; head: number };
    expect(results.map((result) => result.code)).toEqual(operations.map(() => 'invalid_request'));
    expect(head).toBe(0);
  });

  test.each([
    ['nobody', 'x'],
    ['a@b', 'long enough password'],
    [`${'a'.repeat(300)}@example.com`, 'x'],
    ['a@example.com', 'x'.repeat(1025)],
  ])('a sign-in that is none: %.20s', async (email, password) => {
    const body = JSON.stringify({ email, password, device: { name: 'x', kind: 'agent' } });
    expect(await refused(await raw('POST', '/api/v1/session', body))).toEqual([400, 'invalid_request']);
  });

  test('what a device is called is text and no more', async () => {
    for (const name of ['', ' ', 'x'.repeat(101), 5, null]) expect(await refused(await device.request('PATCH', `/api/v1/devices/${device.deviceId}`, { name }))).toEqual([400, 'invalid_request']);
  });

  test('an address that does not exist is 404, a method that does not exist is 405', async () => {
    expect(await refused(await device.request('GET', '/api/v1/nothing'))).toEqual([404, 'not_found']);
    expect(await refused(await device.request('GET', '/%'))).toEqual([404, 'not_found']);
    const wrong = await device.request('PUT', '/api/v1/libraries');
    expect(wrong.headers.get('allow')).toBe('GET');
    expect(await refused(wrong)).toEqual([405, 'invalid_request']);
    expect(await refused(await server.app.request('/api/health', { method: 'DELETE' }))).toEqual([405, 'invalid_request']);
  });

  test('a nonce that is none', async () => {
    for (const nonce of ['', 'a b', '<script>', 'x'.repeat(65)]) expect(await refused(await server.app.request(`/api/health?nonce=${encodeURIComponent(nonce)}`))).toEqual([400, 'invalid_request']);
  });
});

describe('a defect', () => {
  test('is logged, and its answer says nothing of it', async () => {
    const broken = await testServer();
    const person = await broken.person('a@example.com');
    await broken.services.db.schema.dropTable('album').execute();
    expect(await refused(await person.request('GET', `/api/v1/libraries/${person.libraryId}/snapshot`))).toEqual([500, 'internal_error']);
    expect(broken.logged.join('')).toContain('no such table');
    await expect(broken.closeSound()).rejects.toThrow('no such table');
  });

  test('a disk that is full is a 507, and a later request works', async () => {
    const full = await testServer();
    const person = await full.person('a@example.com');
    const pages = async (most: number) => await full.services.db.executeQuery({ sql: `pragma max_page_count = ${most}`, parameters: [] } as never);
    await pages(1);
    const album = (name: string, number: number) => ({ epoch: person.epoch, acknowledged: 0, mutations: [{ number, id: newId(), operation: { op: 'album.create', albumId: newId(), name: name.repeat(500) } }] });
    const path = `/api/v1/libraries/${person.libraryId}/mutations`;
    const answers: Response[] = [];
    for (let number = 1; number < 400 && answers.at(-1)?.status !== 507; number += 1) answers.push(await person.request('POST', path, album('x', number)));
    const last = answers.at(-1)!;
    expect(last.headers.get('retry-after')).toBe('60');
    expect(await refused(last)).toEqual([507, 'server_disk_full']);
    // Reading goes on, also where the note of it no longer fits.
    full.clock.time += 3_600_000;
    expect((await person.request('GET', '/api/v1/libraries')).status).toBe(200);
    await pages(1_000_000);
    expect((await person.request('POST', path, album('x', answers.length))).status).toBe(200);
    await full.close();
  });
});

const call = async (path: string, version: string) => await device.request('GET', path, undefined, { 'everroll-protocol': version });

describe('V1 versions', () => {
  test('V1 a protocol below the server’s is refused with what to do', async () => {
    const answer = await call('/api/v1/libraries', '0');
    expect(await refused(answer)).toEqual([426, 'client_too_old']);
  });

  test('V1 the server’s own, a later one and none are let through', async () => {
    expect((await call('/api/v1/libraries', '1')).status).toBe(200);
    expect((await call('/api/v1/libraries', '2')).status).toBe(200);
    expect((await device.request('GET', '/api/v1/libraries')).status).toBe(200);
  });

  test('V1 what is no version is refused; health answers anyone', async () => {
    expect(await refused(await call('/api/v1/libraries', 'one'))).toEqual([400, 'invalid_request']);
    expect((await call('/api/v1/health', '0')).status).toBe(200);
    expect((await call('/api/health?nonce=abc', '0')).status).toBe(200);
  });
});
