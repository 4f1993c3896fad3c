import type { Health, Problem, SignedIn } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { testServer, type TestServer } from '../testing/test-server.ts';
import { hashToken } from './sessions.ts';

const CODE = 'abcd-efgh-ijkl-mnop';
let server: TestServer;

beforeEach(async () => {
  server = await testServer({ config: { setupCode: CODE } });
});
afterEach(async () => await server.closeSound());

const post = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
  await server.app.request(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
const codeOf = async (response: Response) => [response.status, ((await response.json()) as Problem).code];
const owner = { code: CODE, email: 'Owner@Example.com', name: 'Owner', password: 'correct horse' };
const device = { name: 'laptop', kind: 'agent' };
const signIn = async (more: object = {}, headers: Record<string, string> = {}) => await post('/api/v1/session', { email: 'owner@example.com', password: 'correct horse', device, ...more }, headers);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const health = async () => ((await (await server.app.request('/api/health')).json()) as Health).setup;

describe('set-up', () => {
  test('makes the owner once, with the code', async () => {
    expect(await health()).toBe('needed');
    expect(await codeOf(await post('/api/v1/setup', { ...owner, code: 'wrong' }))).toEqual([403, 'setup_refused']);
    const made = await post('/api/v1/setup', owner);
    expect([made.status, await made.json()]).toEqual([201, { id: expect.stringMatching(/^[0-9a-f]{32}$/) as string, email: 'owner@example.com', name: 'Owner', role: 'owner' }]);
    expect(await health()).toBe('done');
    expect(await codeOf(await post('/api/v1/setup', { ...owner, email: 'two@example.com' }))).toEqual([403, 'setup_refused']);
  });

  test('of two at once one is refused', async () => {
    const answers = await Promise.all([post('/api/v1/setup', owner), post('/api/v1/setup', { ...owner, email: 'two@example.com' })]);
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([201, 403]);
  });

  test('is closed where the owner was made at start', async () => {
    const other = await testServer();
    const answer = await other.app.request('/api/v1/setup', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...owner, code: '' }) });
    expect(await codeOf(answer)).toEqual([403, 'setup_refused']);
    await other.close();
  });

  test('the account has its library, its first epoch and 5 GB', async () => {
    await post('/api/v1/setup', owner);
    const signedIn = (await (await signIn()).json()) as SignedIn;
    expect(signedIn.libraries).toEqual([{ id: expect.any(String) as string, name: 'Photos', epoch: expect.any(String) as string, head: 0 }]);
    expect(await server.services.db.selectFrom('account').select('plan_bytes').execute()).toEqual([{ plan_bytes: 5_000_000_000 }]);
  });
});

describe('X2 sessions', () => {
  beforeEach(async () => void (await post('/api/v1/setup', owner)));

  test('X2 a device gets a token of which the server keeps the hash alone', async () => {
    const { token } = (await (await signIn()).json()) as SignedIn;
    expect(token).toMatch(/^[0-9a-f]{64}$/);
    const stored = await server.services.db.selectFrom('session').selectAll().execute();
    expect(stored.map((row) => row.token_hash)).toEqual([hashToken(token)]);
    expect(JSON.stringify(stored)).not.toContain(token);
  });

  test('X2 a wrong password and an unknown address answer the same', async () => {
    const [wrong, unknown] = [await signIn({ password: 'wrong password' }), await signIn({ email: 'nobody@example.com' })];
    expect(wrong.status).toBe(401);
    expect(await wrong.text()).toBe(await unknown.text());
  });

  test('X2 a browser gets a cookie and no token', async () => {
    const answer = await signIn({ device: { name: 'tab', kind: 'browser' } }, { origin: 'http://localhost' });
    expect(((await answer.json()) as SignedIn).token).toBe('');
    const cookie = answer.headers.get('set-cookie')!;
    expect(cookie).toMatch(/^everroll_session=[0-9a-f]{64}; /);
    for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/']) expect(cookie).toContain(attribute);

    const headers = { cookie: cookie.split(';', 1)[0]! };
    const call = async (method: string, more: Record<string, string>) => await server.app.request('/api/v1/session', { method, headers: { ...headers, ...more } });
    expect((await call('GET', {})).status).toBe(200);
    expect(await codeOf(await call('DELETE', {}))).toEqual([403, 'foreign_origin']);
    expect(await codeOf(await call('DELETE', { origin: 'https://evil.example' }))).toEqual([403, 'foreign_origin']);
    expect(await codeOf(await call('DELETE', { origin: 'null' }))).toEqual([403, 'foreign_origin']);
    expect((await call('DELETE', { origin: 'http://localhost' })).status).toBe(204);
    expect(await codeOf(await call('GET', {}))).toEqual([401, 'session_revoked']);
  });

  test('X2 another site cannot sign a browser in', async () => {
    expect(await codeOf(await signIn({}, { origin: 'https://evil.example' }))).toEqual([403, 'foreign_origin']);
  });

  test('X2 without a session, with a revoked one and with a disabled account', async () => {
    const { token } = (await (await signIn()).json()) as SignedIn;
    const call = async (headers: Record<string, string>) => await codeOf(await server.app.request('/api/v1/libraries', { headers }));
    expect(await call({})).toEqual([401, 'signed_out']);
    expect(await call({ authorization: 'Basic abc' })).toEqual([401, 'signed_out']);
    expect(await call(bearer('0'.repeat(64)))).toEqual([401, 'session_revoked']);
    await server.services.db.updateTable('account').set({ disabled_at: 1 }).execute();
    expect(await call(bearer(token))).toEqual([403, 'account_disabled']);
    expect(await codeOf(await signIn())).toEqual([403, 'account_disabled']);
  });
});

const guess = async () => await signIn({ password: 'wrong password' });

describe('X3 failed sign-ins are limited', () => {
  beforeEach(async () => void (await post('/api/v1/setup', owner)));

  test('X3 per e-mail: then the right password waits too, and the time helps', async () => {
    for (let n = 0; n < 10; n += 1) expect((await guess()).status).toBe(401);
    const limited = await signIn();
    expect(limited.headers.get('retry-after')).toBe('60');
    expect(await limited.json()).toMatchObject({ status: 429, code: 'rate_limited', retryAfter: 60 });
    server.clock.time += 60_000;
    expect((await signIn()).status).toBe(201);
  });

  test('X3 many at once do not slip through', async () => {
    const answers = await Promise.all(Array.from({ length: 25 }, guess));
    expect(answers.filter((answer) => answer.status === 401)).toHaveLength(10);
  });

  test('X3 per address, whichever e-mails are tried', async () => {
    const answers = [];
    for (let n = 0; n < 35; n += 1) answers.push((await signIn({ email: `guess${n}@example.com` })).status);
    expect(answers.filter((status) => status === 429)).toHaveLength(5);
  });

  test('X3 signing in costs nothing', async () => {
    for (let n = 0; n < 40; n += 1) expect((await signIn()).status).toBe(201);
  });
});

describe('members', () => {
  test('the owner adds them; a member cannot', async () => {
    await post('/api/v1/setup', owner);
    const { token } = (await (await signIn()).json()) as SignedIn;
    const member = { email: 'm@example.com', name: 'Member', password: 'battery staple' };
    expect(await (await post('/api/v1/accounts', member, bearer(token))).json()).toMatchObject({ role: 'member', email: 'm@example.com' });
    expect(await codeOf(await post('/api/v1/accounts', member, bearer(token)))).toEqual([409, 'invalid_request']);
    const theirs = (await (await signIn({ email: 'm@example.com', password: 'battery staple' })).json()) as SignedIn;
    expect(await codeOf(await post('/api/v1/accounts', { ...member, email: 'n@example.com' }, bearer(theirs.token)))).toEqual([404, 'not_found']);
    expect(await server.services.db.selectFrom('library').select('id').execute()).toHaveLength(2);
  });
});

describe('devices', () => {
  beforeEach(async () => void (await post('/api/v1/setup', owner)));

  test('a device that comes back keeps its id; an unknown or a stranger’s id gets a new one', async () => {
    const first = (await (await signIn()).json()) as SignedIn;
    const again = (await (await signIn({ device: { ...device, id: first.device.id, name: 'renamed' } })).json()) as SignedIn;
    expect(again.device).toMatchObject({ id: first.device.id, name: 'renamed' });
    expect(await codeOf(await server.app.request('/api/v1/session', { headers: bearer(first.token) }))).toEqual([401, 'session_revoked']);
    const unknown = (await (await signIn({ device: { ...device, id: '1'.repeat(32) } })).json()) as SignedIn;
    expect(unknown.device.id).not.toBe('1'.repeat(32));
    const stranger = await server.person('b@example.com');
    const foreign = (await (await signIn({ device: { ...device, id: stranger.deviceId } })).json()) as SignedIn;
    expect(foreign.device.id).not.toBe(stranger.deviceId);
    const row = await server.services.db.selectFrom('device').select('name').where('id', '=', stranger.deviceId).executeTakeFirstOrThrow();
    expect(row.name).toBe('first');
  });

  test('are listed, renamed and signed out; one that was signed out may come back as itself', async () => {
    const me = await server.person('b@example.com');
    const other = await me.another('old phone');
    const names = async () => ((await (await me.request('GET', '/api/v1/devices')).json()) as { devices: { name: string; current: boolean }[] }).devices.map(({ name, current }) => `${name}${current ? ', this one' : ''}`).toSorted((a, b) => a.localeCompare(b));
    expect(await names()).toEqual(['first, this one', 'old phone']);
    expect(await (await me.request('PATCH', `/api/v1/devices/${other.deviceId}`, { name: ' my phone ' })).json()).toMatchObject({ name: 'my phone' });
    expect((await me.request('DELETE', `/api/v1/devices/${other.deviceId}`)).status).toBe(204);
    expect(await names()).toEqual(['first, this one']);
    expect(await codeOf(await other.request('GET', '/api/v1/session'))).toEqual([401, 'session_revoked']);
    const back = await post('/api/v1/session', { email: 'b@example.com', password: 'password of b@example.com', device: { ...device, id: other.deviceId } });
    expect(((await back.json()) as SignedIn).device.id).toBe(other.deviceId);
  });
});
