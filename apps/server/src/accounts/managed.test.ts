import type { ManagedAccount, Problem } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../testing/test-library.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';

let server: TestServer;
let owner: TestDevice;
let member: TestDevice;

beforeEach(async () => {
  server = await testServer();
  owner = await server.person('owner@example.com');
  server.clock.time += 1;
  member = await server.person('member@example.com', 'member');
});
afterEach(async () => await server.closeSound());

const accounts = async (who = owner) => ((await (await who.request('GET', '/api/v1/accounts')).json()) as { accounts: ManagedAccount[] }).accounts;
const change = async (who: TestDevice, id: string, body: unknown) => await who.request('PATCH', `/api/v1/accounts/${id}`, body);
const codeOf = async (response: Response) => [response.status, ((await response.json()) as Problem).code];

describe('Q4 the owner assigns plans', () => {
  test('every account begins with 5 GB; the owner sees each with its plan and its use', async () => {
    await server.services.db.updateTable('account').set({ used_bytes: 7, reserved_bytes: 3 }).where('id', '=', member.accountId).execute();
    expect(await accounts()).toMatchObject([
      { email: 'owner@example.com', role: 'owner', plan: '5GB', planBytes: 5_000_000_000, usedBytes: 0, reservedBytes: 0, disabled: false },
      { email: 'member@example.com', role: 'member', plan: '5GB', planBytes: 5_000_000_000, usedBytes: 7, reservedBytes: 3, disabled: false },
    ]);
  });

  test('a plan of the table, and none that is not in it', async () => {
    for (const [plan, planBytes] of [['2TB', 2_000_000_000_000], ['unlimited', null], ['5GB', 5_000_000_000]] as const) {
      const changed = await change(owner, member.accountId, { plan });
      expect([changed.status, await changed.json()]).toMatchObject([200, { plan, planBytes }]);
    }
    expect(await codeOf(await change(owner, member.accountId, { plan: '3TB' }))).toEqual([400, 'invalid_request']);
    expect(await codeOf(await change(owner, member.accountId, { planBytes: 1 }))).toEqual([400, 'invalid_request']);
    expect((await accounts())[1]).toMatchObject({ plan: '5GB' });
  });

  test('a plan that is smaller than what is stored deletes nothing', async () => {
    await change(owner, member.accountId, { plan: '50GB' });
    await server.services.db.updateTable('account').set({ used_bytes: 20_000_000_000 }).where('id', '=', member.accountId).execute();
    expect(await (await change(owner, member.accountId, { plan: '5GB' })).json()).toMatchObject({ planBytes: 5_000_000_000, usedBytes: 20_000_000_000 });
  });

  test('a size that is not in the table is shown as what it is', async () => {
    await server.services.db.updateTable('account').set({ plan_bytes: 1234 }).where('id', '=', member.accountId).execute();
    expect((await accounts())[1]).toMatchObject({ plan: null, planBytes: 1234 });
  });
});

describe('X4 accounts are the owner’s matter alone', () => {
  test('for a member there are none: neither another’s nor their own, nor the list', async () => {
    expect(await codeOf(await member.request('GET', '/api/v1/accounts'))).toEqual([404, 'not_found']);
    for (const id of [owner.accountId, member.accountId, newId()]) expect(await codeOf(await change(member, id, { plan: 'unlimited' }))).toEqual([404, 'not_found']);
    expect((await accounts()).map(({ plan }) => plan)).toEqual(['5GB', '5GB']);
  });

  test('an account that does not exist, and a change of nothing', async () => {
    expect(await codeOf(await change(owner, newId(), { plan: '50GB' }))).toEqual([404, 'not_found']);
    expect(await codeOf(await change(owner, member.accountId, {}))).toEqual([400, 'invalid_request']);
  });

  test('the last owner can be neither disabled nor made a member; one of two can', async () => {
    expect(await codeOf(await change(owner, owner.accountId, { disabled: true }))).toEqual([409, 'last_owner']);
    expect(await codeOf(await change(owner, owner.accountId, { role: 'member' }))).toEqual([409, 'last_owner']);
    expect((await change(owner, owner.accountId, { name: 'Ada', disabled: false })).status).toBe(200);
    expect((await change(owner, member.accountId, { role: 'owner' })).status).toBe(200);
    expect((await change(member, owner.accountId, { disabled: true })).status).toBe(200);
    expect(await codeOf(await change(member, member.accountId, { role: 'member' }))).toEqual([409, 'last_owner']);
    expect((await accounts(member)).map(({ name, disabled }) => [name, disabled])).toEqual([['Ada', true], ['member@example.com', false]]);
  });

  test('two owners who disable each other at once: one stays', async () => {
    await change(owner, member.accountId, { role: 'owner' });
    const answers = await Promise.all([change(owner, member.accountId, { disabled: true }), change(member, owner.accountId, { disabled: true })]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const left = await server.services.db.selectFrom('account').select('id').where('disabled_at', 'is', null).execute();
    expect(left).toHaveLength(1);
  });
});

describe('a disabled account', () => {
  test('is told so at every request; enabled again, the same session goes on', async () => {
    await change(owner, member.accountId, { disabled: true });
    expect(await codeOf(await member.request('GET', '/api/v1/libraries'))).toEqual([403, 'account_disabled']);
    expect(await server.services.db.selectFrom('session').select('account_id').where('account_id', '=', member.accountId).execute()).toHaveLength(1);
    await change(owner, member.accountId, { disabled: false });
    expect((await member.request('GET', '/api/v1/libraries')).status).toBe(200);
  });

  test('keeps the time at which it was disabled first', async () => {
    await change(owner, member.accountId, { disabled: true });
    const at = server.clock.time;
    server.clock.time += 1000;
    await change(owner, member.accountId, { disabled: true, name: 'Bob' });
    expect(await server.services.db.selectFrom('account').select('disabled_at').where('id', '=', member.accountId).executeTakeFirst()).toEqual({ disabled_at: at });
  });
});
