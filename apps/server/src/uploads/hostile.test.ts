import { randomBytes } from 'node:crypto';
import { Problem } from '@everroll/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LiveServer, liveServer, send } from '../testing/live-server.ts';
import { counters, create, creationHeaders, sha256Of, tus } from '../testing/tus-requests.ts';
import type { TestDevice } from '../testing/test-server.ts';
import { PATCH_CONTENT_TYPE } from './tus.ts';

let server: LiveServer;
let device: TestDevice;
let location: string;

beforeAll(async () => {
  server = await liveServer();
  device = await server.person('someone@example.com');
  location = (await create(server, device, randomBytes(1000))).headers.location!;
});

afterAll(() => server.close());

const good = () => creationHeaders(device, 1000, sha256Of(randomBytes(1000)));
const encode = (text: string) => Buffer.from(text).toString('base64');
const replaced = (key: string, value: string) => () => ({
  ...good(),
  'upload-metadata': good()['upload-metadata']!.replace(new RegExp(`${key} [^,]+`), `${key} ${value}`),
});
const without = (name: string) => () => Object.fromEntries(Object.entries(good()).filter(([key]) => key !== name));

describe('U1 hostile creations end in problem documents that say nothing of the inside', () => {
  it.each<[string, () => Record<string, string>, number]>([
    ['no version of tus', without('tus-resumable'), 412],
    ['another version of tus', () => ({ ...good(), 'tus-resumable': '0.2.2' }), 412],
    ['no length', without('upload-length'), 400],
    ['a deferred length', () => ({ ...without('upload-length')(), 'upload-defer-length': '1' }), 400],
    ...['1e99', '-1', 'NaN', '', '0x100', '99999999999999999999', '1.5', '1,1', '１'].map((length): [string, () => Record<string, string>, number] => [
      `the length ${length}`,
      () => ({ ...good(), 'upload-length': Buffer.from(length).toString('latin1') }),
      400,
    ]),
    ['an empty file', () => ({ ...good(), 'upload-length': '0' }), 400],
    ['more than any plan holds', () => ({ ...good(), 'upload-length': '9007199254740991' }), 507],
    ['no metadata', without('upload-metadata'), 400],
    ['huge metadata', () => ({ ...good(), 'upload-metadata': `${good()['upload-metadata']},x ${'A'.repeat(8000)}` }), 400],
    ['bad base64', replaced('filename', '****'), 400],
    ['a path as file name', replaced('filename', encode('../../../etc/passwd')), 400],
    ['a null in the file name', replaced('filename', encode('a\0b')), 400],
    ['a path as hash', replaced('sha256', encode('../'.repeat(21) + 'x')), 400],
    ['a path as library', replaced('library', encode('../../../../etc/../etc/../etc')), 400],
    ['SQL as library', replaced('library', encode("' or '1'='1")), 400],
    ['a library that is not there', replaced('library', encode('0'.repeat(32))), 404],
    ['bytes of another media type', () => ({ ...good(), 'content-type': 'application/json', 'content-length': '2' }), 415],
  ])('%s', async (_what, headers, status) => {
    const before = await counters(server, device);
    const answer = await send(server, device, 'POST', '/api/v1/uploads', headers(), headers()['content-length'] ? Buffer.from('{}') : undefined);
    expect(answer.status).toBe(status);
    isPlainProblem(answer);
    expect(await counters(server, device)).toEqual(before);
  });
});

describe('U4 hostile appends', () => {
  it.each<[string, Record<string, string>, number]>([
    ...['-1', '1e99', 'NaN', '', '0x0', '00000000000000000', '0,0'].map((offset): [string, Record<string, string>, number] => [`the offset ${offset}`, { 'upload-offset': offset }, 400]),
    ['an offset beyond the end', { 'upload-offset': '9007199254740991' }, 409],
    ['another media type', { 'content-type': 'application/octet-stream' }, 415],
    ['more bytes than announced', { 'content-length': '1001' }, 413],
  ])('%s', async (_what, headers, status) => {
    const body = randomBytes(Number(headers['content-length'] ?? 1));
    const answer = await send(server, device, 'PATCH', location, { ...tus, 'content-type': PATCH_CONTENT_TYPE, 'upload-offset': '0', ...headers }, body);
    expect(answer.status).toBe(status);
    isPlainProblem(answer);
    expect((await send(server, device, 'HEAD', location, tus)).headers['upload-offset']).toBe('0');
  });

  it.each(['..%2f..%2feverroll.sqlite', '%00', 'x'.repeat(5000), `${'0'.repeat(32)}-${'0'.repeat(64)}`, `${'0'.repeat(31)}%2f`, '-', '__proto__'])('the id %s', async (id) => {
    const answer = await send(server, device, 'PATCH', `/api/v1/uploads/${id}`, { ...tus, 'content-type': PATCH_CONTENT_TYPE, 'upload-offset': '0' }, randomBytes(1));
    expect([answer.status, answer.json().code]).toEqual([404, 'not_found']);
    isPlainProblem(answer);
  });
});

function isPlainProblem(answer: Awaited<ReturnType<typeof send>>): void {
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.headers['tus-resumable']).toBe('1.0.0');
  expect(Problem.safeParse(answer.json()).success).toBe(true);
  const text = answer.body.toString();
  for (const inside of [server.folder, '    at ', 'node:', 'sqlite', 'SELECT', 'select ', 'Zod', '.ts']) expect(text).not.toContain(inside);
}
