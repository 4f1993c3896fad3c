import type { Invitation, ManagedAccount, MadeInvitation, MadePasswordReset, Problem } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../testing/test-library.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';

let server: TestServer;
let owner: TestDevice;
let member: TestDevice;

beforeEach(async () => {
  server = await testServer();
  owner = await server.person('owner@example.com');
  member = await server.person('member@example.com', 'member');
});
afterEach(async () => await server.closeSound());

const DAY = 24 * 60 * 60_000;
const PASSWORD = 'a password of one’s own';
const invite = async (email = 'new@example.com', more: object = {}) => (await (await owner.request('POST', '/api/v1/invitations', { email, ...more })).json()) as MadeInvitation;
const open = async () => ((await (await owner.request('GET', '/api/v1/invitations')).json()) as { invitations: Invitation[] }).invitations;
const stranger = async (path: string, body: unknown) => await server.app.request(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
const accept = async (code: string) => await stranger('/api/v1/invitations/accept', { code, name: 'New', password: PASSWORD });
const signIn = async (email: string, password: string) => (await stranger('/api/v1/session', { email, password, device: { name: 'Laptop', kind: 'agent' } })).status;
const makeReset = async (id = member.accountId) => (await (await owner.request('POST', `/api/v1/accounts/${id}/password-reset`)).json()) as MadePasswordReset;
const reset = async (code: string, password = PASSWORD) => await stranger('/api/v1/password-reset', { code, password });
const codeOf = async (response: Response) => [response.status, ((await response.json()) as Problem).code];

describe('X5 an invitation', () => {
  test('makes a member with the plan that the owner chose, and a password that the owner does not know', async () => {
    const { code, expiresAt } = await invite('New@Example.com', { plan: '200GB' });
    expect(expiresAt).toBe(server.clock.time + 7 * DAY);
    const accepted = await accept(code.toUpperCase());
    expect([accepted.status, await accepted.json()]).toMatchObject([201, { email: 'new@example.com', name: 'New', role: 'member' }]);
    expect(await signIn('new@example.com', PASSWORD)).toBe(201);
    const { accounts } = (await (await owner.request('GET', '/api/v1/accounts')).json()) as { accounts: ManagedAccount[] };
    expect(accounts.find(({ email }) => email === 'new@example.com')).toMatchObject({ plan: '200GB' });
  });

  test('is good once, also for two who come at once', async () => {
    const { code } = await invite();
    const answers = await Promise.all([accept(code), accept(code)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 410]);
    expect(await codeOf(await accept(code))).toEqual([410, 'link_expired']);
    expect(await open()).toEqual([]);
  });

  test('ends after seven days, when it is withdrawn, and when another one takes its place', async () => {
    const first = await invite();
    server.clock.time += 7 * DAY;
    expect(await codeOf(await accept(first.code))).toEqual([410, 'link_expired']);
    expect(await open()).toEqual([]);
    const second = await invite();
    const third = await invite();
    expect(await codeOf(await accept(second.code))).toEqual([410, 'link_expired']);
    expect((await open()).map(({ id }) => id)).toEqual([third.id]);
    expect((await owner.request('DELETE', `/api/v1/invitations/${third.id}`)).status).toBe(204);
    expect(await codeOf(await accept(third.code))).toEqual([410, 'link_expired']);
    expect(await codeOf(await owner.request('DELETE', `/api/v1/invitations/${third.id}`))).toEqual([404, 'not_found']);
  });

  test('is refused for an address that has an account, and worth nothing once it has one', async () => {
    expect(await codeOf(await owner.request('POST', '/api/v1/invitations', { email: 'member@example.com' }))).toEqual([409, 'invalid_request']);
    const { code } = await invite();
    await owner.request('POST', '/api/v1/accounts', { email: 'new@example.com', name: 'New', password: PASSWORD });
    expect(await codeOf(await accept(code))).toEqual([410, 'link_expired']);
  });

  test('a short password does not use it up', async () => {
    const { code } = await invite();
    expect((await stranger('/api/v1/invitations/accept', { code, name: 'New', password: 'short' })).status).toBe(400);
    expect((await accept(code)).status).toBe(201);
  });
});

describe('X5 the reset of a password', () => {
  test('changes nothing until it is used; then the new password holds and every session has ended', async () => {
    const { code, email, expiresAt } = await makeReset();
    expect([email, expiresAt]).toEqual(['member@example.com', server.clock.time + DAY]);
    expect((await member.request('GET', '/api/v1/session')).status).toBe(200);
    expect(await signIn('member@example.com', 'password of member@example.com')).toBe(201);

    expect((await reset(code)).status).toBe(204);
    expect(await signIn('member@example.com', PASSWORD)).toBe(201);
    expect(await signIn('member@example.com', 'password of member@example.com')).toBe(401);
    expect(await codeOf(await member.request('GET', '/api/v1/session'))).toEqual([401, 'session_revoked']);
    expect(await codeOf(await reset(code))).toEqual([410, 'link_expired']);
  });

  test('ends after a day, and does not enable an account that is disabled', async () => {
    const late = await makeReset();
    server.clock.time += DAY;
    expect(await codeOf(await reset(late.code))).toEqual([410, 'link_expired']);
    await owner.request('PATCH', `/api/v1/accounts/${member.accountId}`, { disabled: true });
    expect((await reset((await makeReset()).code)).status).toBe(204);
    expect(await signIn('member@example.com', PASSWORD)).toBe(403);
  });

  test('a code is good for its own purpose alone', async () => {
    expect(await codeOf(await reset((await invite()).code))).toEqual([410, 'link_expired']);
    expect(await codeOf(await accept((await makeReset()).code))).toEqual([410, 'link_expired']);
  });
});

describe('X5 who may', () => {
  test('a member neither invites nor resets, not even their own', async () => {
    const { id } = await invite();
    for (const [method, path, body] of [
      ['GET', '/api/v1/invitations', undefined],
      ['POST', '/api/v1/invitations', { email: 'x@example.com' }],
      ['DELETE', `/api/v1/invitations/${id}`, undefined],
      ['POST', `/api/v1/accounts/${member.accountId}/password-reset`, undefined],
      ['POST', `/api/v1/accounts/${owner.accountId}/password-reset`, undefined],
    ] as const) expect(await codeOf(await member.request(method, path, body))).toEqual([404, 'not_found']);
    expect(await codeOf(await owner.request('POST', `/api/v1/accounts/${newId()}/password-reset`))).toEqual([404, 'not_found']);
  });

  test('codes are kept nowhere, and guesses are limited', async () => {
    const codes = [(await invite()).code, (await makeReset()).code];
    const rows = JSON.stringify(await server.services.db.selectFrom('one_time_code').selectAll().execute());
    for (const code of codes) expect(rows + server.logged.join('')).not.toContain(code);
    const guesses = await Promise.all(Array.from({ length: 40 }, () => accept('aaaa-bbbb-cccc-dddd')));
    expect(guesses.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
  });
});
