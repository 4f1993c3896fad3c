import type { AlbumId, Asset, MutationsResponse, Problem } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OriginalStore } from '../originals/store.ts';
import { addOf, albumId, newId, Outbox, pageOf, photo, plainFields, store, tail } from '../testing/test-library.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';

let server: TestServer;
let device: TestDevice;
let mine: Outbox;
let theirs: Outbox;

beforeEach(async () => {
  server = await testServer();
  device = await server.person('a@example.com');
  mine = new Outbox(device);
  theirs = new Outbox(await device.another('second'));
});
afterEach(async () => await server.closeSound());

const assetRow = async (id: string): Promise<Asset> => {
  const entry = (await tail(device, 0)).get(`asset:${id}`);
  if (entry?.kind !== 'asset') throw new Error('no such asset');
  return entry.row;
};
const usedBytes = async () => (await server.services.db.selectFrom('account').select('used_bytes').executeTakeFirstOrThrow()).used_bytes;

describe('M1 the order of mutations', () => {
  test('M1 applies in the order of numbers', async () => {
    const album = albumId();
    const results = await mine.send({ op: 'album.create', albumId: album, name: 'a' }, { op: 'album.rename', albumId: album, name: 'b' }, { op: 'album.rename', albumId: album, name: 'c' });
    expect(results.map((result) => result.outcome === 'applied' && result.seq)).toEqual([1, 2, 3]);
    expect((await pageOf(device, 0)).entries).toMatchObject([{ seq: 3, row: { name: 'c' } }]);
  });

  test('M1 a number beyond the next one is refused with the number that is expected, and nothing is applied', async () => {
    const first = mine.number({ op: 'album.create', albumId: albumId(), name: 'a' });
    mine.next = 5;
    const response = await mine.post([first, mine.number({ op: 'album.create', albumId: albumId(), name: 'b' })]);
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'mutation_gap', expected: 2 } satisfies Partial<Problem>);
    expect((await pageOf(device, 0)).head).toBe(0);
  });

  test('M1 each device numbers its own', async () => {
    expect(await mine.do({ op: 'album.create', albumId: albumId(), name: 'a' })).toBe(1);
    expect(await theirs.do({ op: 'album.create', albumId: albumId(), name: 'b' })).toBe(2);
  });
});

describe('M2 M3 results are kept', () => {
  test('M3 I5 a batch that is sent again returns the same results and changes nothing', async () => {
    const batch = [
      mine.number({ op: 'album.create', albumId: albumId(), name: 'a' }),
      mine.number({ op: 'album.rename', albumId: albumId(), name: 'no such album' }),
      mine.number({ op: 'asset.trash', assetIds: [newId() as never] }),
    ];
    const first = (await (await mine.post(batch)).json()) as MutationsResponse;
    expect(first.results.map((result) => (result.outcome === 'applied' ? result.seq : result.code))).toEqual([1, 'not_found', 'not_found']);
    await theirs.do({ op: 'album.create', albumId: albumId(), name: 'b' });
    const again = (await (await mine.post(batch)).json()) as MutationsResponse;
    expect(again).toEqual({ ...first, head: 2 });
  });

  test('M3 a batch that overlaps the one before applies only what is new', async () => {
    const numbered = [1, 2, 3].map((name) => mine.number({ op: 'album.create', albumId: albumId(), name: `${name}` }));
    await mine.post(numbered.slice(0, 2));
    const response = (await (await mine.post(numbered.slice(1))).json()) as MutationsResponse;
    expect(response).toMatchObject({ head: 3, lastNumber: 3, results: [{ number: 2, seq: 2 }, { number: 3, seq: 3 }] });
  });

  test('M3 a rejection uses up its number', async () => {
    expect(await mine.do({ op: 'album.rename', albumId: albumId(), name: 'a' })).toBe('not_found');
    expect(await mine.do({ op: 'album.create', albumId: albumId(), name: 'a' })).toBe(1);
  });

  test('M3 what is acknowledged is forgotten, and only that', async () => {
    const batch = [mine.number({ op: 'album.create', albumId: albumId(), name: 'a' }), mine.number({ op: 'album.create', albumId: albumId(), name: 'b' })];
    await mine.post(batch);
    await mine.post([], 1);
    const kept = await server.services.db.selectFrom('mutation_result').select('number').execute();
    expect(kept).toEqual([{ number: 2 }]);
    expect((await mine.post(batch.slice(1), 1)).status).toBe(200);
  });

  test('M3 a device cannot acknowledge what has not happened', async () => {
    await mine.post([], 1_000_000);
    const mutation = mine.number({ op: 'album.create', albumId: albumId(), name: 'a' });
    expect((await mine.post([mutation], 1_000_000)).status).toBe(200);
    expect((await mine.post([mutation], 0)).status).toBe(200);
  });

  test('M2 a number that was used with another id means a shared identity; nothing is applied', async () => {
    await mine.send({ op: 'album.create', albumId: albumId(), name: 'a' });
    mine.next = 1;
    const response = await mine.post([mine.number({ op: 'album.create', albumId: albumId(), name: 'b' }), mine.number({ op: 'album.create', albumId: albumId(), name: 'c' })]);
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'duplicate_device_identity' });
    expect((await pageOf(device, 0)).head).toBe(1);
  });

  test('M2 so does a number whose result was acknowledged', async () => {
    await mine.send({ op: 'album.create', albumId: albumId(), name: 'a' });
    await mine.post([], 1);
    mine.next = 1;
    expect(await (await mine.post([mine.number({ op: 'album.create', albumId: albumId(), name: 'b' })])).json()).toMatchObject({ code: 'duplicate_device_identity' });
  });

  test('M3 what is no operation is refused by itself; what stands behind it goes on', async () => {
    const response = await mine.post([mine.number({ op: 'nonsense' } as never), mine.number({ op: 'album.create', albumId: albumId(), name: 'a' })]);
    expect(await response.json()).toMatchObject({ results: [{ outcome: 'rejected', code: 'invalid_request' }, { outcome: 'applied', seq: 1 }] });
  });
});

describe('what the fields hold', () => {
  test('M5 the last write in the log holds, field by field', async () => {
    const id = await mine.adds(server, 'one');
    await mine.do({ op: 'asset.set', assetIds: [id], fields: { caption: 'mine', favourite: true } });
    await theirs.do({ op: 'asset.set', assetIds: [id], fields: { caption: 'theirs' } });
    expect(await assetRow(id)).toMatchObject({ caption: 'theirs', favourite: true });
  });

  test('M5 what is so already writes no entry', async () => {
    const id = await mine.adds(server, 'one');
    const { head } = await pageOf(device, 0);
    expect(await mine.do({ op: 'asset.set', assetIds: [id], fields: { favourite: false } })).toBe(head);
    expect((await pageOf(device, 0)).head).toBe(head);
  });

  test('M6 edits stay on a deleted row, and come back with it', async () => {
    const id = await mine.adds(server, 'one');
    await mine.do({ op: 'asset.trash', assetIds: [id] });
    await theirs.do({ op: 'asset.set', assetIds: [id], fields: { caption: 'later' } });
    expect(await assetRow(id)).toMatchObject({ state: 'trashed', trashedAt: server.clock.time, caption: 'later' });
    await theirs.do({ op: 'asset.recover', assetIds: [id] });
    expect(await assetRow(id)).toMatchObject({ state: 'live', trashedAt: null, caption: 'later' });
  });

  test('M6 targets that are gone are passed over; not_found where none is left', async () => {
    const id = await mine.adds(server, 'one');
    const gone = newId() as never;
    expect(await mine.do({ op: 'asset.trash', assetIds: [gone, id] })).toBe(2);
    expect(await mine.do({ op: 'asset.trash', assetIds: [gone] })).toBe('not_found');
  });

  test('M10 a device’s clock decides nothing: times are the server’s', async () => {
    const id = await mine.adds(server, 'one');
    server.clock.time += 1000;
    await mine.do({ op: 'asset.trash', assetIds: [id] });
    expect(await assetRow(id)).toMatchObject({ addedAt: server.clock.time - 1000, trashedAt: server.clock.time });
  });
});

describe('M7 deleting for ever', () => {
  test('M7 only what lies in Recently Deleted', async () => {
    const id = await mine.adds(server, 'one');
    expect(await mine.do({ op: 'asset.purge', assetId: id, saw: 99 })).toBe('not_in_recently_deleted');
  });

  test('M7 another device’s change since refuses it; one’s own does not', async () => {
    const id = await mine.adds(server, 'one');
    const saw = (await mine.do({ op: 'asset.trash', assetIds: [id] })) as number;
    await theirs.do({ op: 'asset.set', assetIds: [id], fields: { caption: 'wait' } });
    await mine.do({ op: 'asset.set', assetIds: [id], fields: { favourite: true } });
    expect(await mine.do({ op: 'asset.purge', assetId: id, saw })).toBe('newer_edit');
    const seen = (await pageOf(device, 0)).head;
    await mine.do({ op: 'asset.set', assetIds: [id], fields: { favourite: false } });
    expect(await mine.do({ op: 'asset.purge', assetId: id, saw: seen })).toBeTypeOf('number');
  });

  test('M7 A4 purging lets the bytes go, returns their space and remembers them', async () => {
    const live = [photo('still'), photo('moving', { role: 'paired_video', mediaType: 'video/quicktime' })];
    await store(server, device, ...live);
    const add = addOf(device, live);
    await mine.do(add);
    expect(await usedBytes()).toBe(live[0]!.bytes + live[1]!.bytes);
    const saw = (await mine.do({ op: 'asset.trash', assetIds: [add.assetId] })) as number;
    await mine.do({ op: 'asset.purge', assetId: add.assetId, saw });

    expect(await assetRow(add.assetId)).toMatchObject({ state: 'purged', resources: [], caption: null });
    expect(await usedBytes()).toBe(0);
    expect(await server.services.db.selectFrom('resource').selectAll().execute()).toEqual([]);
    expect(await server.services.db.selectFrom('asset_resource').selectAll().execute()).toEqual([]);
    expect(await mine.do(add)).toBe('deleted_from_library');
  });

  test('M7 bytes that another asset uses stay', async () => {
    const shared = photo('sidecar', { role: 'sidecar', mediaType: 'application/xml' });
    const [one, two] = [photo('one'), photo('two')];
    await store(server, device, shared, one, two);
    const [first, second] = [addOf(device, [one, shared]), addOf(device, [two, shared])];
    await mine.send(first, second);
    const saw = (await mine.do({ op: 'asset.trash', assetIds: [first.assetId] })) as number;
    await mine.do({ op: 'asset.purge', assetId: first.assetId, saw });
    expect(await usedBytes()).toBe(shared.bytes + two.bytes);
    expect((await assetRow(second.assetId)).resources).toEqual([two, shared]);
    const purged = await server.services.db.selectFrom('purged_resource').select('sha256').execute();
    expect(purged).toEqual([{ sha256: one.sha256 }]);
  });

  test('M7 adding, deleting and purging in one request comes to the same', async () => {
    const [one, other] = [photo('one'), photo('other')];
    await store(server, device, one, other);
    const add = addOf(device, [one]);
    await theirs.do(addOf(device, [other, one]));
    const results = await mine.send(add, { op: 'asset.trash', assetIds: [add.assetId] }, { op: 'asset.purge', assetId: add.assetId, saw: 3 }, add);
    expect(results.map((result) => (result.outcome === 'applied' ? 'applied' : result.code))).toEqual(['applied', 'applied', 'applied', 'deleted_from_library']);
    expect(await usedBytes()).toBe(one.bytes + other.bytes);
  });
});

describe('M8 M9 albums', () => {
  let album: AlbumId;
  beforeEach(async () => {
    album = albumId();
    await mine.do({ op: 'album.create', albumId: album, name: 'Summer' });
  });

  test('M8 a removal passes over a membership that another device added or renewed since', async () => {
    const [one, two] = [await mine.adds(server, 'one'), await mine.adds(server, 'two')];
    const saw = (await mine.do({ op: 'album.add', albumId: album, items: [{ assetId: one, position: 'a' }, { assetId: two, position: 'b' }] })) as number;
    await theirs.do({ op: 'album.add', albumId: album, items: [{ assetId: one, position: 'c' }] });
    await mine.do({ op: 'album.remove', albumId: album, assetIds: [one, two], saw });
    const rows = await tail(device, 0);
    expect(rows.get(`album_item:${album}/${one}`)).toMatchObject({ row: { present: true, position: 'a' } });
    expect(rows.get(`album_item:${album}/${two}`)).toMatchObject({ row: { present: false } });
  });

  test('M8 one operation on many items is one place in the log (L2)', async () => {
    const ids = [await mine.adds(server, 'one'), await mine.adds(server, 'two'), await mine.adds(server, 'three')];
    const seq = await mine.do({ op: 'album.add', albumId: album, items: ids.map((assetId, place) => ({ assetId, position: `a${place}` })) });
    const items = (await pageOf(device, 0)).entries.filter((entry) => entry.kind === 'album_item');
    expect(items.map((entry) => entry.seq)).toEqual([seq, seq, seq]);
  });

  test('M8 an item that is named twice is added once', async () => {
    const one = await mine.adds(server, 'one');
    await mine.do({ op: 'album.add', albumId: album, items: [{ assetId: one, position: 'a' }, { assetId: one, position: 'b' }] });
    expect((await pageOf(device, 0)).entries.filter((entry) => entry.kind === 'album_item')).toHaveLength(1);
  });

  test('M9 deleting an album deletes no asset; the album does not come back', async () => {
    const one = await mine.adds(server, 'one');
    await mine.do({ op: 'album.add', albumId: album, items: [{ assetId: one, position: 'a' }] });
    await theirs.do({ op: 'album.delete', albumId: album });
    expect(await assetRow(one)).toMatchObject({ state: 'live' });
    expect(await mine.do({ op: 'album.rename', albumId: album, name: 'x' })).toBe('album_deleted');
    expect(await mine.do({ op: 'album.create', albumId: album, name: 'x' })).toBe('album_deleted');
    expect(await mine.do({ op: 'album.add', albumId: album, items: [{ assetId: one, position: 'a' }] })).toBe('album_deleted');
  });
});

describe('assets and their resources', () => {
  test('A1 one photo from two devices is one asset', async () => {
    const resource = photo('one');
    await store(server, device, resource);
    expect(await mine.do(addOf(device, [resource], { caption: 'first' }))).toBe(1);
    expect(await theirs.do(addOf(device, [{ ...resource, name: 'copy.heic' }], { caption: 'second' }))).toBe(1);
    expect((await pageOf(device, 0)).entries).toMatchObject([{ row: { caption: 'first', resources: [{ name: 'one.heic' }] } }]);
  });

  test('A1 an id that is not its primary resource’s is refused', async () => {
    const resource = photo('one');
    await store(server, device, resource);
    expect(await mine.do({ ...addOf(device, [resource]), assetId: newId() as never })).toBe('invalid_request');
    expect(await mine.do({ ...addOf(device, [resource]), resources: [photo('two')] })).toBe('invalid_request');
    expect((await pageOf(device, 0)).head).toBe(0);
  });

  test('A2 a photo that gets its paired video is a Live Photo', async () => {
    const [still, moving] = [photo('still'), photo('moving', { role: 'paired_video' })];
    await store(server, device, still, moving);
    const add = addOf(device, [still]);
    await mine.do(add);
    expect(await assetRow(add.assetId)).toMatchObject({ mediaKind: 'photo' });
    await theirs.do(addOf(device, [still, moving], { caption: 'ignored' }));
    expect(await assetRow(add.assetId)).toMatchObject({ mediaKind: 'live_photo', caption: null, resources: [still, moving] });
  });

  test('A2 no asset gets more resources than devices can read', async () => {
    const resources = Array.from({ length: 18 }, (_, place) => photo(`part ${place}`, { role: 'sidecar' }));
    await store(server, device, ...resources);
    const primary = resources[0]!;
    expect(await mine.do(addOf(device, resources.slice(0, 16)))).toBe(1);
    expect(await mine.do(addOf(device, [primary, resources[17]!]))).toBe('invalid_request');
  });

  test('A3 an asset whose bytes are not held is refused', async () => {
    const [still, moving] = [photo('still'), photo('moving', { role: 'paired_video' })];
    await store(server, device, still);
    expect(await mine.do(addOf(device, [still, moving]))).toBe('resource_missing');
  });

  test('A3 I2 bytes of another size than the stored ones are refused', async () => {
    const resource = photo('one');
    await store(server, device, resource);
    expect(await mine.do(addOf(device, [{ ...resource, bytes: resource.bytes + 1 }]))).toBe('invalid_request');
  });

  test('A3 I2 a row whose file is gone is not enough, as after a restore beside older originals', async () => {
    const bare = await testServer({ originals: { bytesOf: async () => undefined, restore: async () => false } as Partial<OriginalStore> as OriginalStore });
    const someone = await bare.person('c@example.com');
    const resource = photo('one');
    await store(bare, someone, resource);
    expect(await new Outbox(someone).do(addOf(someone, [resource]))).toBe('resource_missing');
    await bare.closeSound();
  });

  test('A3 another library’s bytes are not this one’s', async () => {
    const stranger = await server.person('b@example.com');
    const resource = photo('one');
    await store(server, device, resource);
    expect(await new Outbox(stranger).do(addOf(stranger, [resource]))).toBe('resource_missing');
  });

  test('A4 what lies in Recently Deleted comes back by “again” alone', async () => {
    const id = await mine.adds(server, 'one', { caption: 'kept' });
    await mine.do({ op: 'asset.trash', assetIds: [id] });
    expect(await theirs.do(addOf(device, [photo('one')]))).toBe('deleted_from_library');
    expect(await theirs.do(addOf(device, [photo('one')], {}, true))).toBeTypeOf('number');
    expect(await assetRow(id)).toMatchObject({ state: 'live', caption: 'kept' });
  });

  test('A4 what was purged comes back by “again” when its bytes are there again, and is then no longer refused', async () => {
    const id = await mine.adds(server, 'one');
    const saw = (await mine.do({ op: 'asset.trash', assetIds: [id] })) as number;
    await mine.do({ op: 'asset.purge', assetId: id, saw });
    expect(await theirs.do(addOf(device, [photo('one')], {}, true))).toBe('resource_missing');
    await store(server, device, photo('one'));
    expect(await theirs.do(addOf(device, [photo('one')]))).toBe('deleted_from_library');
    expect(await theirs.do(addOf(device, [photo('one')], { caption: 'new' }, true))).toBeTypeOf('number');
    expect(await assetRow(id)).toMatchObject({ state: 'live', caption: 'new', resources: [photo('one')] });
    expect(await server.services.db.selectFrom('purged_resource').selectAll().execute()).toEqual([]);
    expect(await mine.do(addOf(device, [photo('one')]))).toBeTypeOf('number');
  });

  test('text that no database keeps as it is is refused', async () => {
    const id = await mine.adds(server, 'one');
    expect(await mine.do({ op: 'asset.set', assetIds: [id], fields: { caption: 'a\0b' } })).toBe('invalid_request');
    expect(await mine.do({ op: 'asset.set', assetIds: [id], fields: { caption: 'half \ud83d' } })).toBe('invalid_request');
    expect(await mine.do({ op: 'asset.set', assetIds: [id], fields: { caption: 'whole 😀 \\u0000' } })).toBeTypeOf('number');
    expect(await assetRow(id)).toMatchObject({ caption: 'whole 😀 \\u0000' });
  });

  test('every field comes back as it went', async () => {
    const fields = { favourite: true, hidden: true, archived: true, caption: 'ü', capture: { at: -62_135_596_800_000, offsetMinutes: -330 }, place: { latitude: -12.5, longitude: 179.999_999, altitude: null } };
    const id = await mine.adds(server, 'one', fields);
    expect(await assetRow(id)).toEqual({ ...plainFields, ...fields, id, primary: photo('one').sha256, state: 'live', trashedAt: null, mediaKind: 'photo', addedAt: server.clock.time, resources: [photo('one')], details: null });
  });
});
