import { defaultSettings, type DeviceId, type DeviceList, type DeviceSettings, markOf, moveReport, type SettingsDocument } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TestDevice as Session } from '../../../apps/server/src/testing/test-server.ts';
import { addPhoto, type TestDevice, world, type World } from './world.ts';

let here: World;
let a: TestDevice;
let elsewhere: Session;

beforeEach(async () => {
  here = await world();
  a = await here.device('a');
  elsewhere = await here.owner.another('phone');
  a.addSource();
});
afterEach(async () => await here.close());

const idOf = (device: TestDevice): DeviceId => device.engine.identity()!.device.id;
const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => (await (await elsewhere.request(method, path, body)).json()) as T;
/** What the server has to say of A. */
const seen = async () => (await ask<DeviceList>('GET', '/api/v1/devices')).devices.find((device) => device.id === idOf(a))!;
const kept = async () => await ask<SettingsDocument>('GET', `/api/v1/devices/${idOf(a)}/settings`);
/** What a backup of the server has of it. */
const keptRow = async () => await here.server.services.db.selectFrom('device_settings').selectAll().executeTakeFirstOrThrow();
let changes = 0;
/** A person sets something for A on another device. */
const setFromElsewhere = async (settings: Partial<DeviceSettings>, clock = here.server.clock.time): Promise<SettingsDocument> => {
  const { version } = await kept();
  return await ask('PATCH', `/api/v1/devices/${idOf(a)}/settings`, { clock, base: version, change: (changes += 1).toString(16).padStart(32, '0'), settings });
};
const reports = () => a.calls.filter((call) => call === 'report').length;
const until = async (what: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 20));
};
/** A device that stays, as `sync --watch` does. */
const watching = (device: TestDevice): (() => Promise<void>) => {
  const stop = new AbortController();
  const run = device.engine.run({ until: 'stopped', signal: stop.signal });
  return async () => {
    stop.abort();
    await run;
  };
};

describe('D1 what a device says of itself', () => {
  test('D1 how a run ended is known to the others: items, bytes, and that nothing is at risk', async () => {
    const bytes = addPhoto(a.photos, 'IMG_1.JPG', 'one').length;
    await a.sync();
    const { standing, report } = await seen();
    expect(standing).toBe('in_touch');
    expect(report).toMatchObject({ state: 'idle', items: { found: 1, verified: 1 }, bytes: { verified: bytes }, atRisk: { items: 0, oldest: null }, behind: 0, reasons: [], conditions: { online: true } });
    expect(Math.abs(report!.progressAt! - here.server.clock.time)).toBeLessThan(60_000);
  });

  test('D1 what waits is said with its reason, its size and its evidence', async () => {
    const bytes = addPhoto(a.photos, 'IMG_1.JPG', 'one').length;
    Object.assign(a.conditions, { connection: 'wifi', charging: false, batteryPercent: 55 });
    a.engine.set({ power: 'wifi_and_charging' });
    await a.sync();
    expect((await seen()).report).toMatchObject({ state: 'waiting', atRisk: { items: 1, bytes }, reasons: [{ code: 'not_charging', items: 1, bytes, evidence: { percent: 55 } }] });
    a.conditions.charging = true;
    await a.sync();
    expect((await seen()).report).toMatchObject({ state: 'idle', reasons: [] });
  });

  test('D1 who has nothing new to say is silent, also after a restart', async () => {
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    await a.sync();
    await a.sync();
    const said = reports();
    await a.sync();
    a = a.restart();
    await a.sync();
    expect(reports()).toBe(said);
  });

  test('D1 a reason that holds keeps the time at which it was first said', async () => {
    a.engine.pause(null);
    await a.sync();
    const [first] = (await seen()).report!.reasons;
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    a.engine.set({ batteryFloorPercent: 30 });
    a.conditions.batteryPercent = 80;
    await a.sync();
    const { report } = await seen();
    expect(report).toMatchObject({ state: 'paused', conditions: { batteryPercent: 80 } });
    expect(Math.abs(report!.reasons[0]!.since - first!.since)).toBeLessThan(1000);
  });

  test('D1 a server that is away ends a run no later, and hears of it when it is back', async () => {
    await a.sync();
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    a.connectTo('http://127.0.0.1:9');
    await a.sync();
    expect(a.engine.status().reasons).toMatchObject([{ code: 'server_unreachable' }]);
    a.connectTo(here.server.origin);
    a.engine.retry();
    await a.sync();
    expect((await seen()).report).toMatchObject({ state: 'idle', items: { verified: 1 } });
  });

  test('D1 a server that does not take reports holds nothing else up, and no photo waits for it', async () => {
    a.answers.report = () => ({ ok: false, failure: { code: 'not_found', evidence: {} } });
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    await a.sync();
    expect(a.engine.status()).toMatchObject({ items: { verified: 1 }, reasons: [] });
  });

  test('D1 over a connection that must carry nothing nothing is said either', async () => {
    await a.sync();
    a.calls.length = 0;
    a.engine.set({ mobileData: false });
    a.conditions.metered = true;
    await a.sync();
    expect(a.calls).toEqual([]);
    a.conditions.metered = false;
    await a.sync();
    expect((await kept()).settings).toMatchObject({ mobileData: false });
  });
});

describe('D2, D3 settings', () => {
  test('D2 what is set here is seen elsewhere, and what is set elsewhere holds here', async () => {
    a.engine.set({ power: 'wifi' });
    await a.sync();
    expect(await kept()).toMatchObject({ settings: { power: 'wifi' } });
    await setFromElsewhere({ batteryFloorPercent: 40 });
    await a.sync();
    expect(a.engine.settings()).toEqual({ ...defaultSettings, power: 'wifi', batteryFloorPercent: 40 });
    expect((await kept()).version).toBe(2);
  });

  test('D2 switched off from elsewhere a device stops, still says how it stands, and goes on when it is switched on', async () => {
    await a.sync();
    await setFromElsewhere({ sync: false });
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    await a.sync();
    expect(a.engine.settings().sync).toBe(false);
    expect((await seen()).report).toMatchObject({ state: 'off', reasons: [{ code: 'sync_off' }] });
    expect(a.calls).not.toContain('createUpload');
    await setFromElsewhere({ sync: true });
    await a.sync();
    expect((await seen()).report).toMatchObject({ state: 'idle', items: { verified: 1 } });
  });

  test('D2 a device that is told obeys at once, in the middle of an upload', async () => {
    addPhoto(a.photos, 'IMG_1.JPG', 'one', { bytes: 3_000_000 });
    const told: Promise<void>[] = [];
    a.answers.beforeUpload = () => {
      if (told.length === 0) told.push(setFromElsewhere({ sync: false }).then((set) => a.engine.settingsChanged(markOf(set))));
    };
    const stop = watching(a);
    await until(async () => !a.engine.settings().sync);
    await Promise.all(told);
    await until(async () => (await seen()).report?.state === 'off');
    const uploads = a.calls.filter((call) => call === 'createUpload' || call === 'appendUpload').length;
    await setFromElsewhere({ batteryFloorPercent: 10 }).then((set) => a.engine.settingsChanged(markOf(set)));
    await until(() => a.engine.settings().batteryFloorPercent === 10);
    expect(a.calls.filter((call) => call === 'createUpload' || call === 'appendUpload')).toHaveLength(uploads);
    await setFromElsewhere({ sync: true }).then((set) => a.engine.settingsChanged(markOf(set)));
    await until(() => a.engine.status().items.verified === 1);
    await stop();
  });

  test('D3 changes made on both sides while they were apart merge register by register; of one register the last to arrive holds', async () => {
    await a.sync();
    a.engine.set({ power: 'wifi', batteryFloorPercent: 50 });
    await setFromElsewhere({ batteryFloorPercent: 10, freshFirst: false });
    await a.sync();
    expect(a.engine.settings()).toMatchObject({ power: 'wifi', batteryFloorPercent: 50, freshFirst: false });
    expect((await kept()).settings).toEqual({ power: 'wifi', batteryFloorPercent: 50, freshFirst: false });
  });

  test('D3 a change whose answer was lost is not made again over what another set since', async () => {
    await a.sync();
    a.engine.set({ freshFirst: false });
    a.answers.changeSettings = () => ({ ok: false, failure: { code: 'server_unreachable', evidence: {} } });
    await a.sync();
    expect((await kept()).settings).toMatchObject({ freshFirst: false });
    delete a.answers.changeSettings;
    await setFromElsewhere({ freshFirst: true });
    a.engine.retry();
    await a.sync();
    expect(a.engine.settings().freshFirst).toBe(true);
    expect((await kept()).settings).toMatchObject({ freshFirst: true });
  });

  test('D3 what was set before the first sign-in arrives; so does what a restored server has forgotten', async () => {
    a.engine.set({ power: 'schedule' });
    await a.sync();
    expect((await kept()).settings).toMatchObject({ power: 'schedule' });
    const backup = await keptRow();
    a.engine.set({ power: 'wifi' });
    await a.sync();
    await here.server.services.db.updateTable('device_settings').set(backup).execute();
    await a.sync();
    expect(a.engine.settings().power).toBe('wifi');
    expect((await kept()).settings).toMatchObject({ power: 'wifi' });
  });

  test.each([
    ['the number that the device had seen', 1],
    ['a number beyond it', 2],
  ])('D3 a restored server whose settings have come to %s again is told from the one that was known', async (_, more) => {
    await setFromElsewhere({ freshFirst: false });
    await a.sync();
    const backup = await keptRow();
    a.engine.set({ power: 'wifi', batteryFloorPercent: 50 });
    await a.sync();
    expect((await kept()).version).toBe(2);
    await here.server.services.db.updateTable('device_settings').set(backup).execute();
    for (let percent = 1; percent <= more; percent += 1) await setFromElsewhere({ batteryFloorPercent: percent, mobileData: false });
    await a.sync();
    const merged = { freshFirst: false, power: 'wifi', batteryFloorPercent: more, mobileData: false };
    expect(a.engine.settings()).toEqual({ ...defaultSettings, ...merged });
    expect((await kept()).settings).toEqual({ ...defaultSettings, ...merged });
  });

  test('D3 a change that was on its way when the server went back is made on what holds then', async () => {
    await setFromElsewhere({ freshFirst: false });
    await a.sync();
    const backup = await keptRow();
    await setFromElsewhere({ mobileData: false });
    await a.sync();
    a.engine.set({ power: 'wifi' });
    a.answers.changeSettings = () => ({ ok: false, failure: { code: 'server_unreachable', evidence: {} } });
    await a.sync();
    await here.server.services.db.updateTable('device_settings').set(backup).execute();
    await setFromElsewhere({ power: 'schedule' });
    delete a.answers.changeSettings;
    a.engine.retry();
    await a.sync();
    expect(a.engine.settings()).toEqual({ ...defaultSettings, freshFirst: false, mobileData: false, power: 'wifi' });
    expect((await kept()).settings).toMatchObject({ freshFirst: false, mobileData: false, power: 'wifi' });
  });

  test('D4 a pause that was set elsewhere lasts as long here, whatever the clocks show', async () => {
    await a.sync();
    // The server of these tests lives in another time than this device.
    expect(Math.abs(here.server.clock.time - Date.now())).toBeGreaterThan(24 * 3_600_000);
    await setFromElsewhere({ pausedUntil: here.server.clock.time + 3_600_000, pausedAt: here.server.clock.time });
    await a.sync();
    expect(Math.abs(a.engine.settings().pausedUntil! - (Date.now() + 3_600_000))).toBeLessThan(60_000);
    expect((await seen()).report?.state).toBe('paused');
    a.engine.resume();
    await a.sync();
    expect((await kept()).settings).toMatchObject({ pausedUntil: null });
  });
});

test('D1 moving a report to another clock and back changes nothing', async () => {
  a.engine.pause(null);
  await a.sync();
  const { report } = await seen();
  expect(moveReport(moveReport(report!, 1000), -1000)).toEqual(report);
});
