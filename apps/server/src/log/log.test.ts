import type { Asset, Problem } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addOf, albumId, newId, Outbox, pageOf, snapshotPage, tail, wholeSnapshot } from '../testing/test-library.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';
import { commitChange } from './commit.ts';

let server: TestServer;
let device: TestDevice;
let mine: Outbox;

beforeEach(async () => {
  server = await testServer();
  device = await server.person('a@example.com');
  mine = new Outbox(device);
});
afterEach(async () => await server.closeSound());

const album = (name: string) => ({ op: 'album.create', albumId: albumId(), name }) as const;
const get = async (path: string) => await device.request('GET', `/api/v1/libraries/${device.libraryId}${path}`);

const captured = (at: number) => ({ capture: { at, offsetMinutes: null } });

describe('the log', () => {
  test('L1 positions of concurrent commits are distinct and without a gap', async () => {
    const outboxes = await Promise.all(Array.from({ length: 8 }, async (_, place) => new Outbox(await device.another(`${place}`))));
    const seqs = await Promise.all(outboxes.flatMap((outbox) => [outbox.do(album('a'))]));
    expect(seqs.map(Number).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('L1 each library counts by itself', async () => {
    const stranger = await server.person('b@example.com');
    expect(await mine.do(album('a'))).toBe(1);
    expect(await new Outbox(stranger).do(album('a'))).toBe(1);
  });

  test('L2 the log keeps the latest entry of each entity', async () => {
    const id = await mine.adds(server, 'one');
    for (const caption of ['a', 'b', 'c']) await mine.do({ op: 'asset.set', assetIds: [id], fields: { caption } });
    expect((await pageOf(device, 0)).entries).toMatchObject([{ kind: 'asset', seq: 4, row: { caption: 'c' } }]);
  });

  test('L3 a page begins at the cursor and says where it ends', async () => {
    for (const name of ['a', 'b', 'c']) await mine.do(album(name));
    expect(await pageOf(device, 1, 1)).toMatchObject({ from: 1, to: 2, head: 3, entries: [{ seq: 2 }] });
    expect(await pageOf(device, 3)).toMatchObject({ from: 3, to: 3, head: 3, entries: [] });
  });

  test('L3 a page ends behind what later changes took out of it', async () => {
    const id = await mine.adds(server, 'one');
    await mine.do(album('a'));
    await mine.do({ op: 'asset.set', assetIds: [id], fields: { caption: 'moved to the end' } });
    expect(await pageOf(device, 0, 1)).toMatchObject({ from: 0, to: 2, entries: [{ kind: 'album', seq: 2 }] });
    expect(await pageOf(device, 2, 1)).toMatchObject({ from: 2, to: 3, entries: [{ kind: 'asset', seq: 3 }] });
  });

  test('L3 I9 a page never ends inside an operation, even one that is larger than the page', async () => {
    const ids = [await mine.adds(server, 'one'), await mine.adds(server, 'two'), await mine.adds(server, 'three')];
    await mine.do(album('a'));
    await mine.do({ op: 'asset.trash', assetIds: ids });
    // In the log now: the album (4), then three assets of one operation (5).
    expect(await pageOf(device, 0, 2)).toMatchObject({ to: 4, entries: [{ seq: 4 }] });
    expect(await pageOf(device, 4, 2)).toMatchObject({ to: 5, head: 5, entries: [{ seq: 5 }, { seq: 5 }, { seq: 5 }] });
  });

  test('L3 kinds stand in one order', async () => {
    await mine.adds(server, 'one');
    await mine.do(album('a'));
    await mine.adds(server, 'two');
    expect((await pageOf(device, 0)).entries.map((entry) => entry.kind)).toEqual(['asset', 'album', 'asset']);
  });

  test('the server’s own change stands in it like any other', async () => {
    const id = await mine.adds(server, 'one');
    const row = (await tail(device, 0)).get(`asset:${id}`)!.row as Asset;
    const purged: Asset = { ...row, state: 'purged', resources: [] };
    const seq = await server.services.db.transaction().execute(async (trx) => await commitChange(trx, device.libraryId, 'server', [{ kind: 'asset', row: purged }], server.clock.time));
    expect(await pageOf(device, 1)).toMatchObject({ head: seq, entries: [{ seq, row: { state: 'purged', resources: [] } }] });
    expect((await server.services.db.selectFrom('account').select('used_bytes').executeTakeFirstOrThrow()).used_bytes).toBe(0);
    expect(await mine.do(addOf(device, row.resources))).toBe('deleted_from_library');
  });
});

describe('the snapshot', () => {
  test('C1 newest capture first, then albums, then their items, in pages that can be resumed', async () => {
    const ids = [];
    for (const [name, at] of [['old', -5], ['new', 50], ['mid', 20], ['tie', 20]] as const) ids.push(await mine.adds(server, name, captured(at)));
    const create = album('a');
    await mine.send(create, { op: 'album.add', albumId: create.albumId, items: ids.map((assetId, place) => ({ assetId, position: `a${place}` })) });
    const whole = await wholeSnapshot(device, 100);
    const times = whole.entries.flatMap((entry) => (entry.kind === 'asset' ? [entry.row.capture.at] : []));
    expect(times).toEqual([50, 20, 20, -5]);
    expect(whole.entries.map((entry) => entry.kind)).toEqual([...Array(4).fill('asset'), 'album', ...Array(4).fill('album_item')]);
    for (const limit of [1, 2, 3, 4, 5, 8, 9]) expect(await wholeSnapshot(device, limit)).toEqual(whole);
  });

  test('C1 the first page fixes where the log is read from', async () => {
    await mine.adds(server, 'one', captured(2));
    await mine.adds(server, 'two', captured(1));
    const first = await snapshotPage(device, null, 1);
    await mine.adds(server, 'three', captured(0));
    const second = await snapshotPage(device, first.next, 10);
    expect(first).toMatchObject({ seq: 2, head: 2 });
    expect(second).toMatchObject({ seq: 2, head: 3, next: null });
  });

  test('C2 a row that moves across the pages meanwhile stands in the log after', async () => {
    const [one, two] = [await mine.adds(server, 'one', captured(2)), await mine.adds(server, 'two', captured(1))];
    const first = await snapshotPage(device, null, 1);
    expect(first.entries).toMatchObject([{ row: { id: one } }]);
    await mine.do({ op: 'asset.set', assetIds: [two], fields: captured(3) });
    expect((await snapshotPage(device, first.next, 1)).entries).toEqual([]);
    expect((await pageOf(device, first.seq)).entries).toMatchObject([{ row: { id: two, capture: { at: 3 } } }]);
  });

  test('C2 it holds no tombstones', async () => {
    const id = await mine.adds(server, 'one');
    const create = album('a');
    await mine.send(create, { op: 'album.add', albumId: create.albumId, items: [{ assetId: id, position: 'a' }] });
    await mine.send({ op: 'album.remove', albumId: create.albumId, assetIds: [id], saw: 99 }, { op: 'album.delete', albumId: create.albumId }, { op: 'asset.trash', assetIds: [id] });
    expect((await wholeSnapshot(device, 10)).entries).toMatchObject([{ kind: 'asset', row: { state: 'trashed' } }]);
    await mine.do({ op: 'asset.purge', assetId: id, saw: 99 });
    expect((await wholeSnapshot(device, 10)).entries).toEqual([]);
  });

  test('a page that is none is refused', async () => {
    for (const page of ['x', `${device.epoch}.1.asset.1.short`, `${device.epoch}.1.asset`, `${device.epoch}.-1.album.${newId()}`, `${device.epoch}.1.what.${newId()}`]) {
      const response = await get(`/snapshot?page=${page}`);
      expect([response.status, ((await response.json()) as Problem).code]).toEqual([400, 'invalid_request']);
    }
  });
});
