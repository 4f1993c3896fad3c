import type { Resource, ResourceRole, Usage } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addOf, Outbox, photo, store } from '../testing/test-library.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';

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
const none: Usage['byKind'] = { photos: 0, videos: 0, livePhotos: 0, raw: 0, edits: 0, other: 0, recentlyDeleted: 0 };

async function add(...resources: Resource[]) {
  await store(server, device, ...resources);
  const operation = addOf(device, resources);
  expect(await outbox.do(operation)).toEqual(expect.any(Number));
  return operation.assetId;
}

/** The bar, which adds up to what is used at any time. */
async function bar(): Promise<Usage['byKind']> {
  const usage = (await (await device.request('GET', '/api/v1/usage')).json()) as Usage;
  expect(Object.values(usage.byKind).reduce((sum, bytes) => sum + bytes)).toBe(usage.used);
  return usage.byKind;
}

describe('Q3 the usage bar', () => {
  test('each file counts as what it is', async () => {
    await add(file('photo', 1));
    await add(file('video', 20));
    await add(file('photo', 300), file('paired_video', 4000));
    await add(file('photo', 50_000), file('raw', 600_000), file('sidecar', 7_000_000));
    await add(file('raw', 80_000_000));
    await add(file('photo', 2), file('rendered_edit', 900_000_000));
    expect(await bar()).toEqual({ ...none, photos: 50_003, videos: 20, livePhotos: 4300, raw: 80_600_000, edits: 907_000_000 });
  });

  test('what has arrived and belongs to no asset yet is other', async () => {
    await store(server, device, file('photo', 5));
    expect(await bar()).toEqual({ ...none, other: 5 });
    await add(file('photo', 5));
    expect(await bar()).toEqual({ ...none, photos: 5 });
  });

  test('a file that becomes a part of another asset counts there', async () => {
    const [still, clip] = [file('photo', 10), file('video', 200)];
    await add(clip);
    expect(await bar()).toEqual({ ...none, videos: 200 });
    await add(still, { ...clip, role: 'paired_video' });
    expect(await bar()).toEqual({ ...none, livePhotos: 210 });
    await add(still, file('rendered_edit', 3000));
    expect(await bar()).toEqual({ ...none, livePhotos: 210, edits: 3000 });
  });

  test('Recently Deleted is what emptying it frees: not what an asset that stays names too', async () => {
    const [first, second, clip] = [file('photo', 1), file('photo', 20), file('paired_video', 300)];
    const [one, two] = [await add(first, clip), await add(second, clip)];
    await outbox.do({ op: 'asset.trash', assetIds: [one] });
    expect(await bar()).toEqual({ ...none, livePhotos: 320, recentlyDeleted: 1 });
    await outbox.do({ op: 'asset.trash', assetIds: [two] });
    expect(await bar()).toEqual({ ...none, recentlyDeleted: 321 });
    await outbox.do({ op: 'asset.recover', assetIds: [one] });
    expect(await bar()).toEqual({ ...none, livePhotos: 301, recentlyDeleted: 20 });
    await outbox.do({ op: 'asset.purge', assetId: two, saw: 100 });
    expect(await bar()).toEqual({ ...none, livePhotos: 301 });
  });

  test('says the plan and what is reserved', async () => {
    await server.services.db.updateTable('account').set({ reserved_bytes: 9, plan_bytes: null }).execute();
    expect(await (await device.request('GET', '/api/v1/usage')).json()).toMatchObject({ plan: null, used: 0, reserved: 9 });
  });
});
