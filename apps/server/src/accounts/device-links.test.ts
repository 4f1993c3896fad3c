import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DeviceLink, SignedIn } from '@everroll/protocol';
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
  await server.app.request(`/api/v1/device-links/${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
const link = async (of: TestDevice): Promise<DeviceLink> => (await (await of.request('POST', '/api/v1/device-links')).json()) as DeviceLink;

describe('a code for a device (X6)', () => {
  test('signs another device of the same account in, once', async () => {
    const { code } = await link(member);
    const joined = await post('join', { code, device: phone });
    const session = (await joined.json()) as SignedIn;
    expect([joined.status, session.account.email, session.device.name]).toEqual([201, 'member@example.com', 'phone']);
    const asked = await server.app.request('/api/v1/session', { headers: { authorization: `Bearer ${session.token}` } });
    expect(asked.status).toBe(200);
    expect((await post('join', { code, device: phone })).status).toBe(410);
  });

  test('is worth nothing after ten minutes, or to who only sees its hash', async () => {
    const { code, expiresAt } = await link(member);
    const kept = await server.services.db.selectFrom('device_link').selectAll().execute();
    expect(JSON.stringify(kept)).not.toContain(code);
    server.clock.time = expiresAt;
    expect((await post('join', { code, device: phone })).status).toBe(410);
  });

  test('gives a browser its session as a cookie, and takes no page of another site', async () => {
    const { code } = await link(member);
    const browser = { name: 'Chrome', kind: 'browser' };
    expect((await post('join', { code, device: browser }, { origin: 'https://evil.example' })).status).toBe(403);
    const joined = await post('join', { code, device: browser });
    expect(joined.headers.get('set-cookie')).toMatch(/^everroll_session=.*HttpOnly.*SameSite=Strict/);
    expect(((await joined.json()) as SignedIn).token).toBe('');
  });

  test('of an account that was disabled since opens nothing', async () => {
    const { code } = await link(member);
    await owner.request('PATCH', `/api/v1/accounts/${member.accountId}`, { disabled: true });
    expect((await post('join', { code, device: phone })).status).toBe(403);
  });
});
