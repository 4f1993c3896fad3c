import type { FreeUpPage, FreeUpSection, FreeUpSummary, MediaDetails, Problem, Resource, ResourceRole } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockLibrary } from '../log/commit.ts';
import { LibraryState } from '../log/state.ts';
import { addOf, Outbox, photo, store } from '../testing/test-library.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';
import { redundant } from './duplicates.ts';

let server: TestServer;
let device: TestDevice;
let outbox: Outbox;

beforeEach(async () => {
  server = await testServer();
  device = await server.person('a@example.com');
  outbox = new Outbox(device);
});
afterEach(async () => await server.closeSound());

const file = (role: ResourceRole, bytes: number): Resource => photo(`${role} ${bytes}`, { role, bytes });
const path = (rest = '') => `/api/v1/libraries/${device.libraryId}/free-up-space${rest}`;
const summary = async () => (await (await device.request('GET', path())).json()) as FreeUpSummary;
const pageOf = async (section: FreeUpSection, more = '') => (await (await device.request('GET', path(`/items?section=${section}${more}`))).json()) as FreeUpPage;
const shown = async (section: FreeUpSection) => (await pageOf(section)).items.map(({ name, bytes, freesBytes }) => [name.replace('.heic', ''), bytes, freesBytes]);
const usedBytes = async () => (await server.services.db.selectFrom('account').select('used_bytes').executeTakeFirstOrThrow()).used_bytes;

async function add(...resources: Resource[]) {
  await store(server, device, ...resources);
  const operation = addOf(device, resources);
  expect(await outbox.do(operation)).toEqual(expect.any(Number));
  return operation.assetId;
}

/** As the server reads them from the original (rule A6). */
async function describeAs(assetId: Awaited<ReturnType<typeof add>>, details: MediaDetails): Promise<void> {
  await server.services.db.transaction().execute(async (trx) => {
    const state = await LibraryState.load(trx, await lockLibrary(trx, device.libraryId), [{ kind: 'asset', id: assetId }], [], []);
    const row = state.rowsFor('server').asset(assetId);
    if (!row) throw new Error('no such asset');
    state.appendDerived({ ...row, details });
    await state.flush(trx, server.clock.time);
  });
}

describe('Q6 largest videos', () => {
  test('by size, without those of Live Photos and those in Recently Deleted; pages go on where one ended', async () => {
    for (const bytes of [10, 500, 30, 30_001, 30_000]) await add(file('video', bytes));
    await add(file('photo', 1), file('paired_video', 90_000));
    await outbox.do({ op: 'asset.trash', assetIds: [await add(file('video', 80_000))] });
    expect(await shown('videos')).toEqual([['video 30001', 30_001, 30_001], ['video 30000', 30_000, 30_000], ['video 500', 500, 500], ['video 30', 30, 30], ['video 10', 10, 10]]);
    const paged: number[][] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: FreeUpPage = await pageOf('videos', `&limit=2${next === '' ? '' : `&page=${next}`}`);
      paged.push(page.items.map(({ bytes }) => bytes));
      next = page.next;
    }
    expect(paged).toEqual([[30_001, 30_000], [500, 30], [10]]);
    expect((await summary()).videos).toEqual({ items: 5, freesBytes: 60_541 });
  });

  test('videos of one size are all shown once', async () => {
    for (let n = 0; n < 5; n += 1) await add(photo(`clip ${n}`, { role: 'video', bytes: 7 }));
    const first = await pageOf('videos', '&limit=3');
    const rest = await pageOf('videos', `&limit=3&page=${first.next}`);
    expect(new Set([...first.items, ...rest.items].map(({ assetId }) => assetId)).size).toBe(5);
    expect(rest.next).toBeNull();
  });
});

describe('Q6 what is truly freed', () => {
  test('bytes that an asset which stays names too are not', async () => {
    const clip = file('video', 1000);
    await add(file('photo', 10), { ...clip, role: 'paired_video' });
    const lone = await add(clip, file('sidecar', 3));
    expect(await shown('videos')).toEqual([['video 1000', 1003, 3]]);
    const before = await usedBytes();
    await outbox.do({ op: 'asset.trash', assetIds: [lone] });
    expect(await usedBytes()).toBe(before);
    await outbox.do({ op: 'asset.purge', assetId: lone, saw: 100 });
    expect(await usedBytes()).toBe(before - 3);
  });

  test('two that share bytes free them together, not alone', async () => {
    const shared = file('sidecar', 1000);
    const [one, two] = [await add(file('video', 10), shared), await add(file('video', 20), shared)];
    expect(await shown('videos')).toEqual([['video 20', 1020, 20], ['video 10', 1010, 10]]);
    expect((await pageOf('videos')).freesBytes).toBe(1030);
    await outbox.do({ op: 'asset.trash', assetIds: [one, two] });
    expect(await shown('recentlyDeleted')).toEqual(expect.arrayContaining([['video 10', 1010, 10], ['video 20', 1020, 20]]));
    expect((await summary()).recentlyDeleted).toEqual({ items: 2, freesBytes: 1030 });
    await outbox.send({ op: 'asset.purge', assetId: one, saw: 100 }, { op: 'asset.purge', assetId: two, saw: 100 });
    expect(await usedBytes()).toBe(0);
  });
});

describe('Q6 exact duplicates', () => {
  test('are assets that another one holds whole; as their bytes are stored once, they free none', async () => {
    const clip = file('video', 1000);
    await add(file('photo', 10), { ...clip, role: 'paired_video' });
    await add(clip);
    await add(file('video', 5));
    expect(await shown('duplicates')).toEqual([['video 1000', 1000, 0]]);
    expect(await summary()).toMatchObject({ duplicates: { items: 1, freesBytes: 0 }, videos: { items: 2, freesBytes: 5 } });
  });

  test('none are those of which each holds something of its own, nor what is in Recently Deleted', async () => {
    const clip = file('video', 1000);
    const live = await add(file('photo', 10), { ...clip, role: 'paired_video' });
    await add(file('photo', 20), { ...clip, role: 'paired_video' });
    await add(clip, file('sidecar', 1));
    expect(await shown('duplicates')).toEqual([]);
    await add(file('photo', 30), file('raw', 7));
    await add(file('raw', 7));
    await outbox.do({ op: 'asset.trash', assetIds: [live] });
    expect(await shown('duplicates')).toEqual([['raw 7', 7, 0]]);
  });

  test('of two that hold the same files one stays', () => {
    const same = [{ id: 'a', sha256: 'p' }, { id: 'a', sha256: 'v' }, { id: 'b', sha256: 'v' }, { id: 'b', sha256: 'p' }];
    expect(redundant(same, new Map([['a', 2], ['b', 2]]))).toEqual(['b']);
    expect(redundant(same, new Map([['a', 3], ['b', 2]]))).toEqual(['b']);
    expect(redundant(same, new Map([['a', 2], ['b', 3]]))).toEqual(['a']);
    expect(redundant(same, new Map([['a', 3], ['b', 3]]))).toEqual([]);
  });
});

describe('Q6 screenshots', () => {
  test('are what the server’s details mark, and only what they mark', async () => {
    const [one, two, other] = [await add(file('photo', 100)), await add(file('photo', 2000)), await add(file('photo', 30_000))];
    expect((await summary()).screenshots).toEqual({ items: 0, freesBytes: 0 });
    await describeAs(one, { marks: ['screenshot'] });
    await describeAs(two, { marks: ['edited', 'screenshot'] });
    await describeAs(other, { marks: ['portrait'] });
    expect(new Map((await shown('screenshots')).map(([name, bytes]) => [name, bytes]))).toEqual(new Map([['photo 100', 100], ['photo 2000', 2000]]));
    expect((await summary()).screenshots).toEqual({ items: 2, freesBytes: 2100 });
    await outbox.do({ op: 'asset.set', assetIds: [one], fields: { favourite: true } });
    await outbox.do({ op: 'asset.trash', assetIds: [two] });
    expect((await summary()).screenshots).toEqual({ items: 1, freesBytes: 100 });
    await describeAs(one, {});
    expect((await summary()).screenshots).toEqual({ items: 0, freesBytes: 0 });
  });

  test('their sum leaves out what something else keeps and counts once what two of them share', async () => {
    const [kept, shared] = [file('sidecar', 1000), file('sidecar', 50_000)];
    await add(file('photo', 1), kept);
    for (const resources of [[file('photo', 10), kept], [file('photo', 20), shared], [file('photo', 30), shared]]) await describeAs(await add(...resources), { marks: ['screenshot'] });
    const page = await pageOf('screenshots');
    expect((await summary()).screenshots).toEqual({ items: 3, freesBytes: 50_060 });
    expect(page.freesBytes).toBe(50_060);
  });
});

describe('Q6 Recently Deleted', () => {
  test('each row says which version is shown, so that a purge refuses what was edited since (M7)', async () => {
    const assetId = await add(file('photo', 10));
    await outbox.do({ op: 'asset.trash', assetIds: [assetId] });
    const [item] = (await pageOf('recentlyDeleted')).items;
    const elsewhere = new Outbox(await device.another('elsewhere'));
    await elsewhere.do({ op: 'asset.set', assetIds: [assetId], fields: { caption: 'wait' } });
    expect(await outbox.do({ op: 'asset.purge', assetId, saw: item!.seq })).toBe('newer_edit');
    const [again] = (await pageOf('recentlyDeleted')).items;
    expect(await outbox.do({ op: 'asset.purge', assetId, saw: again!.seq })).toEqual(expect.any(Number));
    expect(await summary()).toMatchObject({ recentlyDeleted: { items: 0, freesBytes: 0 } });
  });
});

test('a page that no answer named is refused, and so is a section that there is not', async () => {
  for (const query of ['section=videos&page=1', 'section=videos&page=x:y', 'section=photos', 'section=videos&limit=0', 'section=videos&limit=501', '']) {
    const response = await device.request('GET', path(`/items?${query}`));
    expect([response.status, ((await response.json()) as Problem).code]).toEqual([400, 'invalid_request']);
  }
});
