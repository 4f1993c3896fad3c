import { allWell, type CheckName, type CheckResult, deeperChecks, type Health, PRODUCT_VERSION, PROTOCOL, sevenChecks } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { applyFix, diagnose, type DiagnoseOptions, failed, layerNames, type Ports, type Probes } from '../src/index.ts';
import { Journal } from '../src/journal/journal.ts';
import { addPhoto, type TestDevice, world, type World } from './world.ts';

let here: World;
let a: TestDevice;

beforeEach(async () => {
  here = await world();
  a = await here.device('a');
  a.addSource();
});
afterEach(async () => await here.close());

const all: readonly CheckName[] = [...sevenChecks, ...deeperChecks, 'server'];
const health: Health = { name: 'everroll', version: PRODUCT_VERSION, protocol: PROTOCOL, time: 0, nonce: null, setup: 'done' };

/** Probes that find nothing wrong; a test changes the one that it is about. */
const fine = (): Probes => ({
  connection: async () => ({ known: true, value: { layers: layerNames.map((layer) => ({ layer, outcome: 'ok', ms: 1, code: null, facts: {}, names: {} })) } }),
  session: (signal) => a.ports.server.session(signal),
  health: async () => ({ ok: true, value: { health, clockDifferenceMs: 12 } }),
  usage: async () => ({ ok: true, value: { plan: 1000, used: 10, reserved: 0, byKind: { photos: 10, videos: 0, livePhotos: 0, raw: 0, edits: 0, other: 0, recentlyDeleted: 0 } } }),
  server: async () => ({ ok: true, value: [allWell('server_disk', { freeBytes: 1 })] }),
  disks: async () => ({ known: true, value: [{ holds: 'database', path: '/somewhere', freeBytes: 10e9, totalBytes: 100e9 }] }),
  isRunning: () => false,
});

const examine = async (probes: Partial<Probes> = {}, options: Partial<DiagnoseOptions> = {}, ports: Ports = a.ports): Promise<CheckResult[]> => {
  const results: CheckResult[] = [];
  for await (const result of diagnose(ports, { ...fine(), ...probes }, { signal: AbortSignal.timeout(30_000), ...options })) results.push(result);
  return results;
};
const one = async (check: CheckName, probes: Partial<Probes> = {}, options: Partial<DiagnoseOptions> = {}): Promise<CheckResult> => (await examine(probes, { only: [check], ...options }))[0]!;

describe('what is said', () => {
  test('with nothing wrong every check is ok, the seven first and in their order', async () => {
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    await a.sync();
    const results = await examine();
    expect(results.map(({ check }) => check)).toEqual([...sevenChecks, ...deeperChecks, 'server_disk']);
    expect(results.map(({ verdict }) => verdict).filter((verdict) => verdict !== 'ok')).toEqual([]);
  });

  test('each check that cannot run is unknown, says why, and is never green', async () => {
    const away = async () => failed('server_unreachable');
    const blind: Partial<Probes> = {
      connection: async () => ({ known: false, why: 'This machine cannot tell.' }),
      session: away,
      health: away,
      usage: away,
      server: away,
      disks: async () => ({ known: false, why: 'This machine cannot tell.' }),
      isRunning: () => {
        throw new Error('no such call');
      },
    };
    const unknown = async (check: CheckName, ports: Ports = a.ports): Promise<void> => {
      const [result] = await examine(blind, { only: [check] }, ports);
      expect(result, `the check ${check}`).toMatchObject({ check, verdict: 'unknown', cause: 'could_not_run' });
      expect(result?.verdict === 'unknown' ? result.why : '').not.toBe('');
    };
    for (const check of ['settings', 'connection', 'storage_plan', 'device_storage', 'restart', 'update', 'clock', 'server'] as const) await unknown(check);
    // The rest needs the device's database and its conditions alone: without these they cannot tell either.
    const blindDevice: Ports = {
      ...a.ports,
      conditions: () => {
        throw new Error('no such call');
      },
      driver: {
        ...a.ports.driver,
        prepare: () => {
          throw new Error('disk I/O error');
        },
      },
    };
    for (const check of all) await unknown(check, blindDevice);
  });

  test('a check that fails keeps none behind it from running', async () => {
    await a.sync();
    const results = await examine({
      disks: () => {
        throw new Error('a defect');
      },
    });
    expect(results.find(({ check }) => check === 'device_storage')).toMatchObject({ verdict: 'unknown' });
    expect(results.filter(({ verdict }) => verdict === 'ok').length).toBe(12);
  });

  test('a damaged database is told as that by its own check, and makes no other green', async () => {
    const damaged: Ports = {
      ...a.ports,
      driver: {
        ...a.ports.driver,
        prepare: () => {
          throw new Error('database disk image is malformed');
        },
      },
    };
    const results = await examine({}, {}, damaged);
    expect(results.filter(({ verdict }) => verdict === 'ok')).toEqual([]);
    expect(results.filter(({ reason }) => reason !== null)).toMatchObject([{ check: 'local_database', verdict: 'fail', reason: 'local_database_corrupt', fix: { actions: ['rebuild_database'] } }]);
  });

  test('I7: where nothing may move nobody outside the device is asked', async () => {
    const calls: string[] = [];
    const noted = (name: string) => async () => {
      calls.push(name);
      return failed('offline');
    };
    const results = await examine({ session: noted('session'), health: noted('health'), usage: noted('usage'), server: noted('server') }, { mayAsk: false });
    expect(calls).toEqual([]);
    expect(results.filter(({ verdict }) => verdict === 'unknown').map(({ check }) => check)).toEqual(['settings', 'connection', 'storage_plan', 'update', 'clock', 'server']);
  });
});

describe('findings', () => {
  test('every reason that the status shows stands in a check', async () => {
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    a.engine.set({ freshFirst: false, power: 'wifi_and_charging' }, { hot: true });
    await a.sync();
    const told = new Set((await examine()).flatMap(({ reason }) => reason ?? []));
    for (const { code } of a.engine.status().reasons) expect(told).toContain(code);
    expect(await one('power')).toMatchObject({ verdict: 'warn', reason: 'too_hot', items: { count: 1 }, fix: { kind: 'one_tap', actions: ['sync_for_an_hour'] } });
    applyFix(a.engine, 'sync_for_an_hour');
    await a.sync();
    expect(await one('power')).toMatchObject({ verdict: 'ok' });
    expect(a.engine.status().items.verified).toBe(1);
  });

  test('work that may be done, a process that runs, and no progress for long: stalled; restart sync ends it', async () => {
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    await a.sync();
    a.ports.driver.exec("UPDATE item SET stage = 'ask'");
    const stalled = await one('restart', { isRunning: () => true }, { stallMs: 0 });
    expect(stalled).toMatchObject({ verdict: 'fail', reason: 'stalled', items: { count: 1 }, fix: { actions: ['restart_sync'] } });
    expect(stalled.evidence.facts).toMatchObject({ running: true, database: 'sound' });
    expect(await one('restart', { isRunning: () => true })).toMatchObject({ verdict: 'ok' });
    expect(applyFix(a.engine, 'restart_sync')).toMatchObject({ ok: true });
    const sent = a.calls.filter((call) => call === 'createUpload').length;
    await a.sync();
    expect(a.engine.status().items.verified).toBe(1);
    expect(a.calls.filter((call) => call === 'createUpload').length).toBe(sent);
  });

  test('a clock that is wrong is a warning beyond a minute', async () => {
    const clock = (clockDifferenceMs: number) => one('clock', { health: async () => ({ ok: true, value: { health, clockDifferenceMs } }) });
    expect(await clock(59_000)).toMatchObject({ verdict: 'ok' });
    expect(await clock(-61_000)).toMatchObject({ verdict: 'warn', reason: 'clock_skew', evidence: { facts: { differenceMs: -61_000 } } });
  });

  test('the connection is told with what it costs: metered or not, both switches of mobile data, what is left of the day’s allowance', async () => {
    expect((await one('connection')).evidence.facts).toMatchObject({ metered: null, connection: null, mobileData: true, mobileDataOfSystem: null });
    expect((await one('connection')).evidence.facts).not.toHaveProperty('allowanceLeftBytes');
    a.engine.set({ mobileAllowanceBytes: 1000 }, { metered: true, mobileDataAllowed: true });
    expect((await one('connection')).evidence.facts).toMatchObject({ metered: true, mobileData: true, mobileDataOfSystem: true, allowanceLeftBytes: 1000 });
  });

  test('another account’s session is told with both names, and only to the person', async () => {
    const session = await a.ports.server.session(AbortSignal.timeout(5000));
    if (!session.ok) throw new Error(session.failure.code);
    const other = { ...session.value, account: { ...session.value.account, id: 'f'.repeat(32) as typeof session.value.account.id, email: 'eve@example.com' } };
    expect(await one('settings', { session: async () => ({ ok: true, value: other }) })).toMatchObject({ reason: 'wrong_account', evidence: { facts: {}, private: { there: 'eve@example.com' } } });
  });
});

describe('the journal', () => {
  test('what the engine did stands in it with codes and times, and no name of a file', async () => {
    addPhoto(a.photos, 'SECRET_NAME.JPG', 'one');
    await a.sync();
    const events = a.engine.events();
    expect(events.map(({ what, how }) => `${what} ${how}`)).toEqual(expect.arrayContaining(['run begun', 'scan begun', 'scan done', 'inspect done', 'upload begun', 'upload done', 'run done']));
    expect(JSON.stringify(events)).not.toMatch(/SECRET_NAME|\/tmp|ada@/);
  });

  test('a failure stands in it with its code', async () => {
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    a.connectTo('http://127.0.0.1:9');
    await a.sync();
    expect(a.engine.events()).toEqual(expect.arrayContaining([expect.objectContaining({ how: 'failed', code: 'server_unreachable' })]));
  });

  test('it is bounded: the last 500 are shown, and twice as many kept at most', async () => {
    const { driver } = a.ports;
    const journal = new Journal(driver, () => 7);
    for (let n = 0; n < 3000; n += 1) journal.note(`event ${n}`, 'done');
    journal.write();
    expect(Number(driver.prepare('SELECT count(*) AS n FROM event').get()?.['n'])).toBeLessThanOrEqual(1001);
    const events = a.engine.events();
    expect([events.length, events.at(-1)?.what]).toEqual([500, 'event 2999']);
  });
});

describe('device storage', () => {
  test('tells what the originals here take, what could give way, and what there is too little of', async () => {
    a.setFolder();
    addPhoto(a.library, 'one.jpg', 'one', { bytes: 20_000 });
    await a.sync();
    expect(await one('device_storage')).toMatchObject({ verdict: 'ok', evidence: { facts: { originalsHeldBytes: 20_000, evictableItems: 1, evictableBytes: 20_000, evictedItems: 0, toFreeBytes: 0 } } });
    // More is to become free than could: nothing but other files of this disk can give way.
    a.engine.set({ originals: 'optimise', freeFloorBytes: Number.MAX_SAFE_INTEGER });
    const result = await one('device_storage');
    expect(result).toMatchObject({ verdict: 'warn', reason: 'device_full', evidence: { facts: { floorBytes: Number.MAX_SAFE_INTEGER } }, fix: { actions: ['retry', 'optimise_now'] } });
  });

  test('what a person opened, and what stays for a while because of it, is no alarm', async () => {
    a.setFolder();
    addPhoto(a.library, 'one.jpg', 'one', { bytes: 20_000 });
    await a.sync();
    a.engine.ask({ assetId: a.engine.assets()[0]!.id }, false);
    a.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
    expect(await one('device_storage')).toMatchObject({ verdict: 'ok', evidence: { facts: { toFreeBytes: 20_000, evictableItems: 0 } } });
    a.ports.driver.exec('UPDATE item SET attempts = 1');
    expect(await one('device_storage')).toMatchObject({ verdict: 'warn', reason: 'device_full' });
  });

  test('"optimise now" lets originals give way as far as the disk needs it', async () => {
    expect(applyFix(a.engine, 'optimise_now').ok).toBe(true);
    expect(a.engine.settings().originals).toBe('optimise');
  });
});
