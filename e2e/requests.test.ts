import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Problem, type ReasonCode, reasonCodes, reasons } from '@everroll/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scenarios } from './doctor-scenarios/index.ts';
import { type Answer, Api } from './harness/api.ts';
import { noteRow } from './harness/doctor-table.ts';
import { OWNER, Stage } from './harness/processes.ts';
import { ServerProcess } from './harness/server.ts';

let stage: Stage;
let server: ServerProcess;
let me: Api;

beforeAll(async () => {
  stage = await Stage.open();
  server = await ServerProcess.start(stage);
  me = await Api.signIn(() => server.url, 'Test');
});
afterAll(async () => {
  await server.stop();
  await stage.close();
});

const TUS = { 'tus-resumable': '1.0.0' };
const PATCH = { ...TUS, 'content-type': 'application/offset+octet-stream' };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

async function beginUpload(bytes: Uint8Array): Promise<string> {
  const { id } = await me.library();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { headers } = await me.call('POST', '/api/v1/uploads', undefined, { ...TUS, 'upload-length': String(bytes.length), 'upload-metadata': `library ${base64(id)},sha256 ${base64(sha256)},filename ${base64('A.JPG')}` });
  return new URL(headers.get('location') ?? '', server.url).pathname;
}

async function storedOriginal(): Promise<string> {
  const bytes = randomBytes(64);
  await me.call('PATCH', await beginUpload(bytes), bytes, { ...PATCH, 'upload-offset': '0' });
  return `/api/v1/libraries/${(await me.library()).id}/resources/${createHash('sha256').update(bytes).digest('hex')}`;
}

const mutations = async (number: number): Promise<[path: string, body: object]> => {
  const { id, epoch } = await me.library();
  const operation = { op: 'album.create', albumId: randomBytes(16).toString('hex'), name: 'Summer' };
  return [`/api/v1/libraries/${id}/mutations`, { epoch, acknowledged: 0, mutations: [{ number, id: randomBytes(16).toString('hex'), operation }] }];
};

interface RequestScenario {
  readonly code: ReasonCode;
  readonly cause: string;
  readonly ask: () => Promise<Answer>;
  readonly status: number;
  readonly evidence?: Readonly<Record<string, unknown>>;
  readonly fix: string;
  /** The same, done as the problem says. */
  readonly done: () => Promise<Answer>;
}

const session = (password: string): Promise<Answer> => new Api(() => server.url).call('POST', '/api/v1/session', { email: OWNER.email, password, device: { name: 'Laptop', kind: 'agent' } });
let used = '';
const invitationFor = async (email: string): Promise<string> => (used = String((await me.call('POST', '/api/v1/invitations', { email })).body['code']));
const accept = (code: string, name: string): Promise<Answer> => me.call('POST', '/api/v1/invitations/accept', { code, name, password: 'long enough it is' });
const tenBytes = randomBytes(10);

const requests: readonly RequestScenario[] = [
  { code: 'not_found', cause: 'an original is asked for that the library does not have', ask: async () => me.call('GET', `/api/v1/libraries/${(await me.library()).id}/resources/${'0'.repeat(64)}`), status: 404, fix: 'one that it has is asked for', done: async () => me.call('GET', await storedOriginal()) },
  { code: 'invalid_request', cause: 'a sign-in without a device', ask: () => me.call('POST', '/api/v1/session', { email: OWNER.email, password: OWNER.password }), status: 400, evidence: { detail: expect.stringContaining('device') }, fix: 'asked as /api/openapi.json says', done: () => session(OWNER.password) },
  { code: 'body_too_large', cause: 'an echo of more than 64 KiB', ask: () => me.call('POST', '/api/v1/doctor/echo', randomBytes(70_000), { 'content-type': 'application/octet-stream' }), status: 413, fix: 'smaller parts', done: () => me.call('POST', '/api/v1/doctor/echo', randomBytes(60_000), { 'content-type': 'application/octet-stream' }) },
  { code: 'sign_in_failed', cause: 'a wrong password', ask: () => session('not the password'), status: 401, fix: 'the right one', done: () => session(OWNER.password) },
  { code: 'setup_refused', cause: 'a second owner’s account is to be set up', ask: () => me.call('POST', '/api/v1/setup', { code: 'aaaa-bbbb-cccc-dddd', email: 'eve@example.com', name: 'Eve', password: 'long enough it is' }), status: 403, fix: 'signed in', done: () => session(OWNER.password) },
  { code: 'link_expired', cause: 'an invitation that was used already', ask: async () => {
    await accept(await invitationFor('cyd@example.com'), 'Cyd');
    return accept(used, 'Dan');
  }, status: 410, fix: 'the owner makes a new one', done: async () => accept(await invitationFor('dan@example.com'), 'Dan') },
  { code: 'last_owner', cause: 'the only owner is to be disabled', ask: async () => me.call('PATCH', `/api/v1/accounts/${await own()}`, { disabled: true }), status: 409, fix: 'another owner is made first', done: async () => {
    const { body } = await me.call('POST', '/api/v1/accounts', { email: 'bea@example.com', name: 'Bea', password: 'long enough it is' });
    await me.call('PATCH', `/api/v1/accounts/${String(body['id'])}`, { role: 'owner' });
    return me.call('PATCH', `/api/v1/accounts/${await own()}`, { role: 'owner' });
  } },
  { code: 'foreign_origin', cause: 'a page of another site signs a browser in', ask: () => browser('https://evil.example'), status: 403, fix: 'the server’s own page', done: () => browser(server.url) },
  { code: 'upload_gone', cause: 'bytes for an upload that nobody has touched for eight days', ask: async () => {
    const path = await beginUpload(randomBytes(10));
    const database = new DatabaseSync(join(server.data, 'everroll.db'), { timeout: 5000 });
    database.prepare('UPDATE upload SET touched_at = touched_at - ?').run(8 * 86_400_000);
    database.close();
    return me.call('PATCH', path, randomBytes(10), { ...PATCH, 'upload-offset': '0' });
  }, status: 410, fix: 'begun again', done: async () => me.call('PATCH', await beginUpload(tenBytes), tenBytes, { ...PATCH, 'upload-offset': '0' }) },
  { code: 'offset_mismatch', cause: 'bytes from another offset than the server stands at', ask: async () => me.call('PATCH', await beginUpload(randomBytes(20)), randomBytes(10), { ...PATCH, 'upload-offset': '10' }), status: 409, evidence: { offset: 0 }, fix: 'sent from the offset that it says', done: async () => {
    const bytes = randomBytes(20);
    return me.call('PATCH', await beginUpload(bytes), bytes, { ...PATCH, 'upload-offset': '0' });
  } },
  { code: 'range_invalid', cause: 'a range behind the end of an original', ask: async () => me.call('GET', await storedOriginal(), undefined, { range: 'bytes=900-' }), status: 416, fix: 'a range within it', done: async () => me.call('GET', await storedOriginal(), undefined, { range: 'bytes=10-' }) },
  { code: 'settings_changed', cause: 'settings are set by somebody who has not seen what holds', ask: () => setHere(7), status: 409, fix: 'set over what holds', done: async () => setHere(await versionHere()) },
  { code: 'mutation_gap', cause: 'a device’s third change comes before its first', ask: async () => me.call('POST', ...(await mutations(3))), status: 409, evidence: { expected: 1 }, fix: 'sent in order', done: async () => me.call('POST', ...(await mutations(1))) },
];

async function settingsHere(): Promise<string> {
  const { body } = await me.ask('GET', '/api/v1/session');
  return `/api/v1/devices/${(body['device'] as { id: string }).id}/settings`;
}

async function versionHere(): Promise<number> {
  return Number((await me.ask('GET', await settingsHere())).body['version']);
}

async function setHere(base: number): Promise<Answer> {
  return me.call('PATCH', await settingsHere(), { clock: Date.now(), base, change: randomBytes(16).toString('hex'), settings: { freshFirst: false } });
}

async function own(): Promise<string> {
  const { body } = await me.ask('GET', '/api/v1/session');
  return (body['account'] as { id: string }).id;
}

function browser(origin: string): Promise<Answer> {
  return new Api(() => server.url).call('POST', '/api/v1/session', { email: OWNER.email, password: OWNER.password, device: { name: 'Browser', kind: 'browser' } }, { origin });
}

test.each(requests.map((request) => [request.code, request.cause, request] as const))('%s: %s', async (code, cause, request) => {
  const asked = performance.now();
  const answer = await request.ask();
  const told = performance.now();
  expect([answer.status, answer.body['code']]).toEqual([request.status, code]);
  const problem = Problem.parse(answer.body);
  expect(problem).toMatchObject({ title: reasons[code].sentence, ...request.evidence });
  const done = await request.done();
  expect([done.status < 300, done.body['code']]).toEqual([true, undefined]);
  noteRow({ place: scenarios.length + requests.indexOf(request), code, check: 'request', cause, evidence: Object.keys(request.evidence ?? {}), fix: request.fix, toldMs: told - asked, mendedMs: performance.now() - told });
});

test('each code that concerns one request alone has one here, and no other', () => {
  const ofRequests = reasonCodes.filter((code) => reasons[code].scope === 'request' && code !== 'internal_error');
  expect(requests.map(({ code }) => code).toSorted()).toEqual(ofRequests.toSorted());
});
