import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Invitation, SignedIn } from '@everroll/protocol';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';

let server: TestServer;
let owner: TestDevice;
let member: TestDevice;
beforeEach(async () => {
  server = await testServer();
  owner = await server.person('owner@example.com', 'owner');
  member = await server.person('member@example.com', 'member');
});
afterEach(() => server.closeSound());

const phone = { name: 'phone', kind: 'phone' };
const post = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
  await server.app.request(`/api/v1/invitations/${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
const invitation = async (of: TestDevice, request: unknown): Promise<Invitation> => (await (await of.request('POST', '/api/v1/invitations', request)).json()) as Invitation;
const eve = { email: 'eve@example.com', name: 'Eve', password: 'correct horse' };

describe('a code for a device (X5)', () => {
  test('signs another device of the same account in, once', async () => {
    const { code } = await invitation(member, { for: 'device' });
    const joined = await post('join', { code, device: phone });
    const session = (await joined.json()) as SignedIn;
    expect([joined.status, session.account.email, session.device.name]).toEqual([201, 'member@example.com', 'phone']);
    const asked = await server.app.request('/api/v1/session', { headers: { authorization: `Bearer ${session.token}` } });
    expect(asked.status).toBe(200);
    expect((await post('join', { code, device: phone })).status).toBe(401);
  });

  test('is worth nothing after ten minutes, to make an account, or to who only sees its hash', async () => {
    const { code, expiresAt } = await invitation(member, { for: 'device' });
    expect((await post('accept', { code, device: phone, ...eve })).status).toBe(403);
    const kept = await server.services.db.selectFrom('invitation').selectAll().execute();
    expect(JSON.stringify(kept)).not.toContain(code);
    server.clock.time = expiresAt;
    expect((await post('join', { code, device: phone })).status).toBe(401);
  });

  test('gives a browser its session as a cookie, and takes no page of another site', async () => {
    const { code } = await invitation(member, { for: 'device' });
    const browser = { name: 'Chrome', kind: 'browser' };
    expect((await post('join', { code, device: browser }, { origin: 'https://evil.example' })).status).toBe(403);
    const joined = await post('join', { code, device: browser });
    expect(joined.headers.get('set-cookie')).toMatch(/^everroll_session=.*HttpOnly.*SameSite=Strict/);
    expect(((await joined.json()) as SignedIn).token).toBe('');
  });

  test('of an account that was disabled since opens nothing', async () => {
    const { code } = await invitation(member, { for: 'device' });
    await owner.request('PATCH', `/api/v1/accounts/${member.accountId}`, { disabled: true });
    expect((await post('join', { code, device: phone })).status).toBe(403);
  });
});

describe('a code for a person (X5)', () => {
  test('makes an account with the plan that the owner gave, and signs it in', async () => {
    const { code } = await invitation(owner, { for: 'person', plan: '2TB' });
    const accepted = await post('accept', { code, device: phone, ...eve });
    const session = (await accepted.json()) as SignedIn;
    expect([accepted.status, session.account.role, session.libraries.length]).toEqual([201, 'member', 1]);
    const { accounts } = (await (await owner.request('GET', '/api/v1/accounts')).json()) as { accounts: { email: string; plan: string }[] };
    expect(accounts.find(({ email }) => email === eve.email)?.plan).toBe('2TB');
    expect((await post('accept', { code, device: phone, ...eve, email: 'mallory@example.com' })).status).toBe(403);
  });

  test('is given by the owner alone', async () => {
    expect((await member.request('POST', '/api/v1/invitations', { for: 'person' })).status).toBe(404);
    expect((await server.app.request('/api/v1/invitations', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"for":"device"}' })).status).toBe(401);
  });

  test('still holds where the address had an account already', async () => {
    const { code } = await invitation(owner, { for: 'person' });
    expect((await post('accept', { code, device: phone, ...eve, email: 'member@example.com' })).status).toBe(409);
    expect((await post('accept', { code, device: phone, ...eve })).status).toBe(201);
  });

  test('guessing is limited', async () => {
    const answers = [];
    for (let n = 0; n < 35; n += 1) answers.push((await post('join', { code: `${n}`.padStart(26, 'a'), device: phone })).status);
    expect(answers.filter((status) => status === 429)).toHaveLength(5);
  });
});
