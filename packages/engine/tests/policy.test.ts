import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addPhoto, filesOf, type TestDevice, world, type World } from './world.ts';

let here: World;
let a: TestDevice;

beforeEach(async () => {
  here = await world();
  a = await here.device('a');
  a.addSource();
});
afterEach(async () => await here.close());

const states = () => a.engine.status().items;
const reasonNamed = (code: string) => a.engine.status().reasons.find((reason) => reason.code === code);
const moved = () => a.calls.filter((call) => call === 'createUpload' || call === 'appendUpload' || call === 'download').length;

describe('offline', () => {
  test('what is to be saved is found, read and counted; nothing is asked of a server', async () => {
    a.conditions.online = false;
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    const bytes = addPhoto(a.photos, 'IMG_2.JPG', 'two').length;
    await a.sync();
    expect(a.calls).toEqual([]);
    expect(states()).toMatchObject({ found: 2, waiting: 2 });
    expect(a.engine.status().atRisk).toMatchObject({ items: 2 });
    expect(reasonNamed('offline')).toMatchObject({ items: 2 });
    expect(a.engine.why({ name: 'IMG_2.JPG' })).toMatchObject([{ bytes, state: 'waiting', reason: { code: 'offline' } }]);
    a.conditions.online = true;
    await a.sync();
    expect(states()).toMatchObject({ found: 2, verified: 2 });
  });

  test('what was under way to the server stops, and what is read here goes on', async () => {
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    a.answers.beforeUpload = () => {
      delete a.answers.beforeUpload;
      addPhoto(a.photos, 'IMG_2.JPG', 'two');
      a.conditions.online = false;
      a.engine.rescan();
    };
    await a.sync();
    expect(states()).toMatchObject({ found: 2 });
    expect(reasonNamed('offline')?.items).toBeGreaterThan(0);
    a.conditions.online = true;
    await a.sync();
    expect(states()).toMatchObject({ found: 2, verified: 2 });
  });
});

describe('mobile data', () => {
  test('off: on a metered connection nothing moves by itself, and what waits is told with its size', async () => {
    a.engine.set({ mobileData: false });
    a.conditions.connection = 'mobile';
    const bytes = addPhoto(a.photos, 'IMG_1.JPG', 'one').length + addPhoto(a.photos, 'IMG_2.JPG', 'two').length;
    await a.sync();
    expect(a.calls).toEqual([]);
    expect(states()).toMatchObject({ found: 2, waiting: 2 });
    expect(reasonNamed('mobile_data_off')).toMatchObject({ items: 2, bytes, evidence: { gate: 'everroll' } });
    expect(a.engine.why({ name: 'IMG_1.JPG' })).toMatchObject([{ state: 'waiting', reason: { code: 'mobile_data_off' } }]);

    a.conditions.connection = 'wifi';
    await a.sync();
    expect(states()).toMatchObject({ found: 2, verified: 2 });
    expect(a.engine.status().reasons).toEqual([]);
  });

  test('what a person asks for goes all the same, and alone', async () => {
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    addPhoto(a.photos, 'IMG_2.JPG', 'two');
    a.conditions.connection = 'mobile';
    a.engine.set({ power: 'wifi' });
    await a.sync();
    expect(reasonNamed('waiting_for_wifi')).toMatchObject({ items: 2 });

    const [wanted] = a.engine.why({ name: 'IMG_2.JPG' });
    expect(a.engine.ask({ itemId: wanted!.itemId }, false)).toBe(1);
    await a.sync();
    expect(a.engine.why({ name: 'IMG_2.JPG' })).toMatchObject([{ state: 'verified' }]);
    expect(a.engine.why({ name: 'IMG_1.JPG' })).toMatchObject([{ state: 'waiting', reason: { code: 'waiting_for_wifi' } }]);
  });

  test('what a person asks for reaches the library with mobile data off, with what the log needs for it', async () => {
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    addPhoto(a.photos, 'IMG_2.JPG', 'two');
    a.conditions.connection = 'mobile';
    a.engine.set({ mobileData: false });
    await a.sync();
    const [wanted] = a.engine.why({ name: 'IMG_2.JPG' });
    expect(a.engine.askable([{ itemId: wanted!.itemId }])).toEqual({ items: 1, bytes: wanted!.bytes });
    a.engine.ask({ itemId: wanted!.itemId }, false);
    await a.sync();
    expect(a.engine.why({ name: 'IMG_2.JPG' })).toMatchObject([{ state: 'verified' }]);
    expect(a.engine.why({ name: 'IMG_1.JPG' })).toMatchObject([{ state: 'waiting', reason: { code: 'mobile_data_off' } }]);
    const calls = a.calls.length;
    await a.sync();
    expect(a.calls.length).toBe(calls);
  });

  test('without unlimited updates the day’s allowance is counted, and what it does not cover waits', async () => {
    const first = addPhoto(a.photos, 'IMG_1.JPG', 'one', { bytes: 60_000 }).length;
    a.conditions.connection = 'mobile';
    a.engine.set({ mobileAllowanceBytes: 100_000 });
    await a.sync();
    expect(states()).toMatchObject({ found: 1, verified: 1 });

    const second = addPhoto(a.photos, 'IMG_2.JPG', 'two', { bytes: 50_000 }).length;
    const third = addPhoto(a.photos, 'IMG_3.JPG', 'three', { bytes: 30_000 }).length;
    await a.sync();
    expect(states()).toMatchObject({ found: 3, verified: 2, waiting: 1 });
    expect(reasonNamed('mobile_allowance_used')).toMatchObject({ items: 1, bytes: second, evidence: { limitBytes: 100_000, usedBytes: first + third } });
    expect(reasonNamed('mobile_allowance_used')?.nextAt).toBeGreaterThan(Date.now());

    a.engine.set({ unlimitedUpdates: true });
    await a.sync();
    expect(states()).toMatchObject({ verified: 3 });
  });

  test('many files that wait for one allowance never exceed it together', async () => {
    for (let n = 0; n < 8; n += 1) addPhoto(a.photos, `IMG_${n}.JPG`, `photo ${n}`, { bytes: 40_000 });
    a.conditions.metered = true;
    a.engine.set({ mobileAllowanceBytes: 100_000 });
    await a.sync();
    expect(states()).toMatchObject({ verified: 2, waiting: 6 });
  });
});

describe('power', () => {
  test('the backlog waits for the charger; a photo that was just taken does not', async () => {
    addPhoto(a.photos, 'OLD.JPG', 'old');
    await a.sync();
    addPhoto(a.photos, 'BACKLOG.JPG', 'backlog');
    addPhoto(a.photos, 'FRESH.JPG', 'fresh', { writtenAgoMs: 1000 });
    Object.assign(a.conditions, { connection: 'wifi', charging: false, batteryPercent: 55 });
    a.engine.set({ power: 'wifi_and_charging' });
    await a.sync();
    expect(a.engine.why({ name: 'FRESH.JPG' })).toMatchObject([{ state: 'verified' }]);
    expect(a.engine.why({ name: 'BACKLOG.JPG' })).toMatchObject([{ state: 'waiting', reason: { code: 'not_charging', evidence: { percent: 55 } } }]);

    a.engine.syncNow();
    await a.sync();
    expect(states()).toMatchObject({ found: 3, verified: 3 });
  });

  test('I7: the charger that is pulled stops the upload that runs, and nothing is sent twice', async () => {
    addPhoto(a.photos, 'IMG_1.JPG', 'one', { bytes: 3_000_000 });
    Object.assign(a.conditions, { connection: 'wifi', charging: true });
    a.engine.set({ power: 'wifi_and_charging' });
    a.answers.beforeUpload = () => {
      a.conditions.charging = false;
      a.engine.wake();
    };
    await a.sync();
    expect(states()).toMatchObject({ found: 1, waiting: 1 });
    expect(reasonNamed('not_charging')).toMatchObject({ items: 1 });
    delete a.answers.beforeUpload;

    const before = moved();
    await a.sync();
    expect(moved()).toBe(before);
    a.conditions.charging = true;
    await a.sync();
    expect(states()).toMatchObject({ verified: 1 });
  });

  test('downloads into the library folder follow the same rules', async () => {
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    await a.sync();
    const b = await here.device('b');
    b.setFolder();
    b.conditions.lowDataMode = true;
    await b.sync();
    expect(filesOf(b.library).size).toBe(0);
    expect(b.engine.status().reasons).toMatchObject([{ code: 'low_data_mode', items: 1 }]);
    expect(b.engine.status().cursor?.seq).toBe(1);
    b.conditions.lowDataMode = false;
    await b.sync();
    expect(filesOf(b.library).size).toBe(1);
  });
});

test('what a person says in the device’s place goes before what it tells itself', async () => {
  addPhoto(a.photos, 'IMG_1.JPG', 'one');
  a.conditions.metered = false;
  a.engine.set({}, { metered: true });
  a.engine.set({ mobileData: false });
  await a.sync();
  expect(reasonNamed('mobile_data_off')).toMatchObject({ items: 1 });
  a.engine.set({}, { metered: null });
  await a.sync();
  expect(states()).toMatchObject({ verified: 1 });
});
