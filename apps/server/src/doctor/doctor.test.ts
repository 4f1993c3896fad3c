import { randomBytes } from 'node:crypto';
import { type CheckName, type CheckResult, ECHO_BYTES, ECHO_PATH, ServerDiagnosis, serverChecks } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Renditions } from '../renditions/renditions.ts';
import { runHousekeeping } from '../housekeeping/run.ts';
import { type LiveServer, liveServer, send } from '../testing/live-server.ts';
import { reportOf } from '../testing/reports.ts';
import type { TestDevice } from '../testing/test-server.ts';
import { ServerDoctor } from './diagnose.ts';

let server: LiveServer;
let owner: TestDevice;

beforeEach(async () => {
  server = await liveServer();
  owner = await server.person('ada@example.com');
});
afterEach(async () => await server.closeSound());

const diagnose = async (who = owner): Promise<CheckResult[]> => {
  const answer = await who.request('GET', '/api/v1/doctor');
  expect(answer.status).toBe(200);
  return ServerDiagnosis.parse(await answer.json()).results;
};
const one = async (check: CheckName): Promise<CheckResult> => (await diagnose()).find((result) => result.check === check)!;

describe('the server’s own health', () => {
  test('nothing is wrong: all that this version can tell is ok, the rest says that it cannot', async () => {
    await runHousekeeping(server.services, server.uploads, server.clock.time);
    const results = await diagnose();
    expect(results.map(({ check }) => check)).toEqual([...serverChecks]);
    expect(results.filter(({ verdict }) => verdict !== 'ok').map(({ check, verdict }) => [check, verdict])).toEqual([
      ['renditions', 'unknown'],
    ]);
  });

  test('an account that does not own the server learns of its own plan and devices alone', async () => {
    const guest = await server.person('bob@example.com');
    await server.services.db.updateTable('account').set({ role: 'member' }).where('id', '=', guest.accountId).execute();
    expect((await diagnose(guest)).map(({ check }) => check)).toEqual(['server_plan', 'devices']);
  });

  test('housekeeping: not run yet is unknown, a step that fails is told, late is told', async () => {
    expect(await one('housekeeping')).toMatchObject({ verdict: 'unknown', cause: 'could_not_run' });
    await runHousekeeping(server.services, server.uploads, server.clock.time);
    expect(await one('housekeeping')).toMatchObject({ verdict: 'ok' });
    server.clock.time += 3 * 3_600_000;
    expect(await one('housekeeping')).toMatchObject({ verdict: 'fail', reason: 'upkeep_failed' });
    server.uploads.upkeep.note('uploads', { endedAt: server.clock.time, ok: false });
    expect(await one('housekeeping')).toMatchObject({ reason: 'upkeep_failed', since: server.clock.time });
  });

  test('devices: one that stands still is told, and one that nobody has seen for days with originals that are nowhere else', async () => {
    const phone = await owner.another('phone');
    const say = async (more: Parameters<typeof reportOf>[0]): Promise<void> => void (await phone.request('PUT', `/api/v1/devices/${phone.deviceId}/status`, reportOf(more, server.clock.time)));
    const atRisk = { items: 3, bytes: 900, oldest: server.clock.time };
    const began = server.clock.time;
    for (let minute = 0; minute <= 12; minute += 3) {
      server.clock.time = began + minute * 60_000;
      await say({ state: 'syncing', progressAt: began, atRisk });
    }
    expect(await one('devices')).toMatchObject({ verdict: 'warn', reason: 'stalled', since: began, items: { count: 3, bytes: 900 }, fix: { kind: 'guided', actions: [] }, evidence: { facts: { known: 2, devices: [{ standing: 'stalled', sinceProgressMs: 12 * 60_000 }] }, private: { [phone.deviceId.slice(0, 8)]: 'phone' } } });
    await say({ state: 'idle', progressAt: server.clock.time });
    expect(await one('devices')).toMatchObject({ verdict: 'ok', evidence: { facts: { silent: 1 } } });
    server.clock.time += 4 * 24 * 3_600_000;
    expect(await one('devices')).toMatchObject({ verdict: 'ok' });
    await say({ state: 'waiting', atRisk });
    server.clock.time += 4 * 24 * 3_600_000;
    expect(await one('devices')).toMatchObject({ verdict: 'warn', reason: 'not_running', since: began + 12 * 60_000 + 4 * 24 * 3_600_000, items: { count: 3 } });
  });

  test('each check that cannot run is unknown, and none of them is green', async () => {
    const cannot = (): never => {
      throw new Error('disk I/O error');
    };
    // Who asks is known; from then on nothing can be read any more.
    let asked = 0;
    const { db } = server.services;
    const blind = new Proxy(db, { get: (target, name) => ((asked += 1) === 1 ? Reflect.get(target, name).bind(target) : cannot()) });
    const desk = new Proxy(server.uploads, { get: cannot });
    const renditions = new Proxy({}, { get: cannot }) as Renditions;
    const { results } = await new ServerDoctor({ ...server.services, db: blind, renditions }, desk).diagnose({ accountId: owner.accountId, deviceId: owner.deviceId, via: 'bearer', tokenHash: '' });
    expect(results.map(({ check, verdict }) => [check, verdict])).toEqual(serverChecks.map((check) => [check, 'unknown']));
  });

  test('a full plan is told before anything meets it', async () => {
    await server.services.db.updateTable('account').set({ plan_bytes: 0 }).execute();
    expect(await one('server_plan')).toMatchObject({ verdict: 'warn', reason: 'quota_full', evidence: { facts: { plan: 0, used: 0 } } });
  });

  test('a counter that is not the sum of its rows is told', async () => {
    await server.services.db.updateTable('account').set({ used_bytes: 5 }).execute();
    expect(await one('originals')).toMatchObject({ verdict: 'fail', evidence: { facts: { bytes: 0, countedBytes: 5 } } });
  });
});

describe('echo', () => {
  test('what came goes back, byte for byte', async () => {
    const bytes = randomBytes(ECHO_BYTES);
    const answer = await send(server, owner, 'POST', ECHO_PATH, { 'content-type': 'application/octet-stream' }, bytes);
    expect([answer.status, answer.body.equals(bytes)]).toEqual([200, true]);
  });

  test('one byte more is refused by the server’s own document, and strangers are not served', async () => {
    const answer = await send(server, owner, 'POST', ECHO_PATH, {}, randomBytes(ECHO_BYTES + 1));
    expect([answer.status, answer.json().code]).toEqual([413, 'body_too_large']);
    expect((await send(server, { token: 'none' }, 'POST', ECHO_PATH, {}, randomBytes(10))).status).toBe(401);
  });
});
