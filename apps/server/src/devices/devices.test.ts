import { type DeviceList, HEARTBEAT_MS, IN_TOUCH_MS, NOT_SEEN_MS, type Problem, REPORT_MAX_BYTES, type ReportRequest, SETTINGS_CHANGES_MAX, type SettingsDocument, STALLED_MS } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reportOf } from '../testing/reports.ts';
import { newId } from '../testing/test-library.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';

const YEAR = 365 * 24 * 3_600_000;

let server: TestServer;
let a: TestDevice;
let b: TestDevice;

beforeEach(async () => {
  server = await testServer();
  a = await server.person('a@example.com');
  b = await a.another('phone');
});
afterEach(async () => await server.closeSound());

const say = async (who: TestDevice, request: ReportRequest) => await who.request('PUT', `/api/v1/devices/${who.deviceId}/status`, request);
const seenBy = async (who: TestDevice, of: TestDevice) => {
  const { devices } = (await (await who.request('GET', '/api/v1/devices')).json()) as DeviceList;
  return devices.find((device) => device.id === of.deviceId)!;
};
const settingsOf = async (who: TestDevice, of: TestDevice) => (await (await who.request('GET', `/api/v1/devices/${of.deviceId}/settings`)).json()) as SettingsDocument;
const change = async (who: TestDevice, of: TestDevice, base: number, settings: object, more: { change?: string; after?: string; clock?: number } = {}) =>
  await who.request('PATCH', `/api/v1/devices/${of.deviceId}/settings`, { clock: server.clock.time, base, change: newId(), settings, ...more });
const refused = async (response: Response) => [response.status, ((await response.json()) as Problem).code];
const listen = async (who: TestDevice) => {
  const reader = (await who.request('GET', '/api/v1/events')).body!.pipeThrough(new TextDecoderStream()).getReader();
  return { next: async () => ((await reader.read()).value ?? '').split('\n\n').filter((text) => text.startsWith('event: device')).map((text) => JSON.parse(text.split('data: ')[1]!)), stop: async () => await reader.cancel() };
};

describe('D1 what a device says of itself', () => {
  test('D1 is seen by the others of its account, and no other says it', async () => {
    expect(await seenBy(b, a)).toMatchObject({ report: null, reportedAt: null, standing: 'in_touch' });
    const said = reportOf({ state: 'waiting', reasons: [{ code: 'mobile_data_off', items: 3, bytes: 9, since: server.clock.time, nextAt: null, evidence: { gate: 'everroll' } }] }, server.clock.time);
    expect(await (await say(a, said)).json()).toEqual({ settingsVersion: 0, settingsChange: null });
    expect(await seenBy(b, a)).toMatchObject({ name: 'first', report: said.report, reportedAt: server.clock.time });
    expect(await refused(await b.request('PUT', `/api/v1/devices/${a.deviceId}/status`, said))).toEqual([404, 'not_found']);
  });

  test('D1 its times are right for the others, whatever its clock shows', async () => {
    const own = server.clock.time + YEAR;
    const reason = { code: 'quota_full', items: 1, bytes: 1, since: own - 60_000, nextAt: own + 60_000, evidence: {} };
    await say(a, reportOf({ state: 'waiting', progressAt: own - 5000, atRisk: { items: 1, bytes: 1, oldest: own - 90_000 }, reasons: [reason] }, own));
    const now = server.clock.time;
    expect((await seenBy(b, a)).report).toMatchObject({ progressAt: now - 5000, atRisk: { oldest: now - 90_000 }, reasons: [{ since: now - 60_000, nextAt: now + 60_000 }] });
  });

  test('D1 the others are told when it is news, the device itself is not', async () => {
    const [own, other] = [await listen(a), await listen(b)];
    await Promise.all([own.next(), other.next()]);
    await say(a, reportOf({ state: 'syncing' }));
    expect(await other.next()).toEqual([{ device: a.deviceId, changed: 'status' }]);
    // A heartbeat says the same again; what is heard next is the change after it.
    await say(a, reportOf({ state: 'syncing' }));
    const named = { change: newId() };
    await change(b, b, 0, { sync: false }, named);
    expect(await other.next()).toEqual([{ device: b.deviceId, changed: 'settings', version: 1, ...named }]);
    expect(await own.next()).toEqual([{ device: b.deviceId, changed: 'settings', version: 1, ...named }]);
    await Promise.all([own.stop(), other.stop()]);
  });

  test('D1 a report is bounded, and so is their number', async () => {
    const long = reportOf({ conditions: Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`c${n}`, 'x'.repeat(1000)])) });
    expect(JSON.stringify(long).length).toBeGreaterThan(REPORT_MAX_BYTES);
    expect(await refused(await say(a, long))).toEqual([413, 'body_too_large']);
    expect(await refused(await say(a, { ...reportOf(), report: { state: 'bored' } } as never))).toEqual([400, 'invalid_request']);
    const answers = [];
    for (let n = 0; n < 8; n += 1) answers.push((await say(a, reportOf({ pendingChanges: n }))).status);
    expect(answers).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
    expect((await say(b, reportOf())).status).toBe(200);
    server.clock.time += 1000;
    expect((await say(a, reportOf({ pendingChanges: 9 }))).status).toBe(200);
    expect((await say(a, reportOf({ pendingChanges: 10 }))).status).toBe(429);
    server.clock.time -= YEAR;
    expect((await say(a, reportOf({ pendingChanges: 11 }))).status).toBe(200);
    expect(await server.services.db.selectFrom('device_status').select('device_id').execute()).toHaveLength(2);
  });

  test('D5 in touch and without progress it is stalled; silent, it is away, and after days not seen', async () => {
    const began = server.clock.time;
    const stuck = { state: 'syncing', progressAt: began, pendingChanges: 1 } as const;
    for (let at = 0; at <= STALLED_MS; at += HEARTBEAT_MS / 2) {
      server.clock.time = began + at;
      await say(a, reportOf(stuck, server.clock.time));
      expect((await seenBy(b, a)).standing).toBe(at < STALLED_MS ? 'in_touch' : 'stalled');
    }
    expect(await seenBy(b, a)).toMatchObject({ standing: 'stalled', standingSince: began });
    const last = server.clock.time;
    server.clock.time = last + IN_TOUCH_MS;
    expect(await seenBy(b, a)).toMatchObject({ standing: 'away', standingSince: last, lastSeenAt: last });
    server.clock.time = last + NOT_SEEN_MS;
    expect(await seenBy(b, a)).toMatchObject({ standing: 'not_seen' });
  });
});

describe('D2, D3 settings', () => {
  test('D2 any device of the account reads and sets them; each register by itself', async () => {
    const [first, second] = [newId(), newId()];
    expect(await settingsOf(b, a)).toEqual({ clock: server.clock.time, version: 0, settings: {}, changes: [] });
    expect(await (await change(b, a, 0, { sync: false }, { change: first })).json()).toMatchObject({ version: 1, settings: { sync: false }, changes: [{ version: 1, change: first, registers: ['sync'] }] });
    await change(a, a, 1, { power: 'wifi' }, { change: second, after: first });
    expect(await settingsOf(b, a)).toMatchObject({ version: 2, settings: { sync: false, power: 'wifi' } });
    expect(await settingsOf(a, b)).toMatchObject({ version: 0, settings: {} });
    expect(await (await say(a, reportOf())).json()).toEqual({ settingsVersion: 2, settingsChange: second });
  });

  test('D3 a change of an older version is refused; one that was applied is answered again and not applied again', async () => {
    const mine = { change: newId() };
    await change(a, a, 0, { sync: false }, mine);
    expect(await refused(await change(b, a, 0, { sync: true }))).toEqual([409, 'settings_changed']);
    await change(b, a, 1, { sync: true });
    for (const base of [0, 1, 2]) expect(await (await change(a, a, base, { sync: false }, mine)).json()).toMatchObject({ version: 2, settings: { sync: true } });
  });

  test('D3 a change that names another one before it than the last is refused, and the last twenty are named', async () => {
    const names = Array.from({ length: SETTINGS_CHANGES_MAX + 2 }, newId);
    for (const [base, name] of names.entries()) await change(b, a, base, { batteryFloorPercent: base }, { change: name });
    const { version, changes } = await settingsOf(a, a);
    expect(changes).toEqual(names.map((name, index) => ({ version: index + 1, change: name, registers: ['batteryFloorPercent'] })).slice(-SETTINGS_CHANGES_MAX));
    expect(await refused(await change(a, a, version, { sync: false }, { after: newId() }))).toEqual([409, 'settings_changed']);
    expect((await change(a, a, version, { sync: false }, { after: names.at(-1)! })).status).toBe(200);
  });

  test('D3 two that write at once are both heard, one after the other', async () => {
    const answers = await Promise.all([change(a, a, 0, { sync: false }), change(b, a, 0, { power: 'wifi' })]);
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200, 409]));
  });

  test('D4 times in them are moved to the clock of whoever reads', async () => {
    const own = server.clock.time - YEAR;
    await change(a, a, 0, { pausedUntil: own + 3_600_000, pausedAt: own, syncNowUntil: null }, { clock: own });
    expect((await settingsOf(b, a)).settings).toEqual({ pausedUntil: server.clock.time + 3_600_000, pausedAt: server.clock.time, syncNowUntil: null });
    await change(b, a, 1, { pausedUntil: Number.MAX_SAFE_INTEGER }, { clock: own });
    expect((await settingsOf(b, a)).settings).toMatchObject({ pausedUntil: Number.MAX_SAFE_INTEGER });
  });

  test('D2 a device hears at once, also one that was not listening when they changed', async () => {
    const [first, second] = [{ change: newId() }, { change: newId() }];
    await change(b, a, 0, { sync: false }, first);
    const own = await listen(a);
    expect(await own.next()).toEqual([{ device: a.deviceId, changed: 'settings', version: 1, ...first }]);
    await change(b, a, 1, { sync: true }, second);
    expect(await own.next()).toEqual([{ device: a.deviceId, changed: 'settings', version: 2, ...second }]);
    await own.stop();
  });

  test('X1 of another account nothing is heard', async () => {
    const stranger = await server.person('b@example.com');
    const stream = await listen(stranger);
    await stream.next();
    await say(a, reportOf({ state: 'syncing' }));
    await change(a, a, 0, { sync: false });
    const own = { change: newId() };
    await change(stranger, stranger, 0, { sync: false }, own);
    expect(await stream.next()).toEqual([{ device: stranger.deviceId, changed: 'settings', version: 1, ...own }]);
    await stream.stop();
  });

  test('values that are none are refused', async () => {
    for (const settings of [{ power: 'never' }, { batteryFloorPercent: 101 }, { sync: 'off' }, { schedule: { fromMinute: 0 } }]) expect(await refused(await change(a, a, 0, settings))).toEqual([400, 'invalid_request']);
  });
});
