import type { Asset, AssetFields, AssetId, MediaDetails, Resource } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockLibrary } from '../log/commit.ts';
import { LibraryState } from '../log/state.ts';
import { addOf, albumId, Outbox, pageOf, photo, sha256Of, store } from '../testing/test-library.ts';
import { type TestDevice, type TestServer, testServer } from '../testing/test-server.ts';
import { assetsById } from './candidates.ts';
import { joinGroups } from './join.ts';

let server: TestServer;
let device: TestDevice;
let phone: Outbox;
let camera: Outbox;

beforeEach(async () => {
  server = await testServer();
  device = await server.person('a@example.com');
  phone = new Outbox(device);
  camera = new Outbox(await device.another('camera card'));
});
afterEach(async () => {
  // I3: no join charges or returns a byte.
  const { used_bytes } = await server.services.db.selectFrom('account').select('used_bytes').where('id', '=', device.accountId).executeTakeFirstOrThrow();
  const held = await server.services.db.selectFrom('resource').select('bytes').execute();
  if (used_bytes !== held.reduce((sum, { bytes }) => sum + bytes, 0)) throw new Error(`used is ${used_bytes}, the sum is another`);
  await server.closeSound();
});

const moment = { at: Date.UTC(2025, 4, 26, 14, 27, 6, 603), offsetMinutes: -300 };
const iPhone: MediaDetails = { camera: { make: 'Apple', model: 'iPhone 15 Pro' } };

const still = photo('still', { name: 'IMG_1234.HEIC' });
const video: Resource = { role: 'video', sha256: sha256Of('video'), bytes: 10, name: 'clip.MOV', mediaType: 'video/quicktime' };
const raw: Resource = { role: 'raw', sha256: sha256Of('raw'), bytes: 20, name: 'IMG_1234.DNG', mediaType: 'image/x-adobe-dng' };
const aae: Resource = { role: 'sidecar', sha256: sha256Of('aae'), bytes: 30, name: 'IMG_1234.AAE', mediaType: 'application/x-plist' };
const edit = photo('edit', { name: 'IMG_E1234.HEIC' });

/** As a device adds one file and the server then reads it. */
async function arrives(outbox: Outbox, resource: Resource, details: MediaDetails = iPhone, fields: Partial<AssetFields> = {}): Promise<AssetId> {
  await store(server, device, resource);
  const add = addOf(device, [resource], { capture: moment, ...fields });
  await outbox.do(add);
  await describes(add.assetId, details);
  return add.assetId;
}

/** What the media pipeline does with what it read. */
async function describes(id: AssetId, details: MediaDetails): Promise<void> {
  await server.services.db.transaction().execute(async (trx) => {
    const library = await lockLibrary(trx, device.libraryId);
    const state = await LibraryState.load(trx, library, [{ kind: 'asset', id }], [], []);
    const asset = state.rowsFor('server').asset(id);
    if (!asset) throw new Error('no such asset');
    state.appendDerived({ ...asset, details });
    await state.flush(trx, server.clock.time);
    await joinGroups(trx, device.libraryId, id, server.clock.time);
  });
}

async function assetOf(id: AssetId): Promise<Asset | undefined> {
  const [found] = await assetsById(server.services.db, device.libraryId, [id]);
  return found;
}

async function live(): Promise<string[]> {
  const rows = await server.services.db.selectFrom('asset').select('id').where('state', '=', 'live').execute();
  const found = await assetsById(server.services.db, device.libraryId, rows.map((row) => row.id));
  return found.map((one) => one.resources.map((resource) => `${resource.role}:${resource.name}`).join(' ')).toSorted();
}

const withId = (contentIdentifier: string, more: MediaDetails = {}): MediaDetails => ({ ...iPhone, contentIdentifier, ...more });

describe('A7 parts that arrive apart', () => {
  for (const order of ['the still first', 'the video first']) {
    test(`a Live Photo, ${order}`, async () => {
      const parts = [() => arrives(phone, still, withId('A')), () => arrives(camera, video, withId('A'), { capture: { ...moment, at: moment.at - 1300 } })];
      for (const part of order === 'the still first' ? parts : parts.toReversed()) await part();
      expect(await live()).toEqual(['photo:IMG_1234.HEIC paired_video:clip.MOV']);
    });

    test(`RAW and photo, ${order === 'the still first' ? 'the photo first' : 'the RAW first'}`, async () => {
      const parts = [() => arrives(phone, still), () => arrives(camera, raw, iPhone, { capture: { ...moment, at: moment.at - 603 } })];
      for (const part of order === 'the still first' ? parts : parts.toReversed()) await part();
      expect(await live()).toEqual(['photo:IMG_1234.HEIC raw:IMG_1234.DNG']);
    });
  }

  test('an edit by its name, with an identifier of its own', async () => {
    await arrives(camera, edit, withId('B'));
    await arrives(phone, still, withId('A'));
    expect(await live()).toEqual(['photo:IMG_1234.HEIC rendered_edit:IMG_E1234.HEIC']);
  });

  test('an edit by the mark in it, where identifier and moment agree', async () => {
    await arrives(phone, still, withId('A'));
    await arrives(camera, { ...edit, name: 'better.heic' }, withId('A', { marks: ['edited'] }));
    expect(await live()).toEqual(['photo:IMG_1234.HEIC rendered_edit:better.heic']);
  });

  test('an edited Live Photo with both its files', async () => {
    await arrives(phone, still, withId('A'));
    const add = addOf(device, [edit, { ...video, role: 'paired_video', name: 'IMG_E1234.MOV' }], { capture: moment });
    await store(server, device, ...add.resources);
    await camera.do(add);
    await describes(add.assetId, withId('B'));
    expect(await live()).toEqual(['photo:IMG_1234.HEIC rendered_edit:IMG_E1234.HEIC rendered_edit:IMG_E1234.MOV']);
  });

  test('a photo that comes last gathers all its parts', async () => {
    await arrives(camera, aae, {});
    await arrives(camera, { ...aae, sha256: sha256Of('other aae'), name: 'IMG_O1234.AAE' }, {});
    await arrives(camera, edit, withId('A'));
    await arrives(camera, raw);
    await arrives(camera, video, withId('A'));
    await arrives(phone, still, withId('A'));
    const [whole, ...others] = await live();
    expect(others).toEqual([]);
    expect(whole?.split(' ').toSorted()).toEqual(['paired_video:clip.MOV', 'photo:IMG_1234.HEIC', 'raw:IMG_1234.DNG', 'rendered_edit:IMG_E1234.HEIC', 'sidecar:IMG_1234.AAE', 'sidecar:IMG_O1234.AAE'].toSorted());
  });
});

describe('A7 what is not joined', () => {
  const xmp = (at: number) => () => arrives(camera, aae, {}, { capture: { at, offsetMinutes: null } });
  const apart: readonly (readonly [what: string, parts: readonly (() => Promise<AssetId>)[]])[] = [
    ['a video of another identifier', [() => arrives(phone, still, withId('A')), () => arrives(camera, { ...video, name: 'IMG_1234.MOV' }, withId('B'))]],
    ['a video without one, whatever its name', [() => arrives(phone, still), () => arrives(camera, { ...video, name: 'IMG_1234.MOV' })]],
    ['a second video for one still', [() => arrives(phone, video, withId('A')), () => arrives(phone, { ...video, sha256: sha256Of('trimmed') }, withId('A')), () => arrives(camera, still, withId('A'))]],
    ['a RAW of another camera', [() => arrives(phone, still), () => arrives(camera, raw, { camera: { model: 'ILCE-7M4' } })]],
    ['a RAW of another moment', [() => arrives(phone, still), () => arrives(camera, raw, iPhone, { capture: { ...moment, at: moment.at + 5000 } })]],
    ['a RAW of which no camera is known', [() => arrives(phone, still, {}), () => arrives(camera, raw, {})]],
    ['an edit of another moment', [() => arrives(phone, still), () => arrives(camera, edit, iPhone, { capture: { ...moment, at: 0 } })]],
    ['two photos of one name and moment', [() => arrives(phone, still), () => arrives(camera, photo('other', { name: 'IMG_1234.JPG' }))]],
    ['two photos of one identifier of which neither is marked', [() => arrives(phone, still, withId('A')), () => arrives(camera, photo('copy', { name: 'copy.heic' }), withId('A'))]],
    ['a sidecar where two photos have its name', [() => arrives(phone, still), () => arrives(phone, photo('two', { name: 'IMG_1234.JPG' }), iPhone, { capture: { at: 0, offsetMinutes: null } }), xmp(moment.at + 1000)]],
    ['a sidecar that is older than the photo', [() => arrives(phone, still), xmp(moment.at - 30 * 86_400_000)]],
    ['the photos of a burst', ['one', 'two', 'three'].map((name) => () => arrives(phone, photo(name, { name: `IMG_${name}.HEIC` }), { ...iPhone, burstId: 'B' }))],
  ];
  test.each(apart)('%s', async (_, parts) => {
    for (const part of parts) await part();
    expect(await live()).toHaveLength(parts.length);
  });
  test('what a person hid, to what is shown', async () => {
    const id = await arrives(phone, raw);
    await phone.do({ op: 'asset.set', assetIds: [id], fields: { hidden: true } });
    await arrives(camera, still);
    expect(await live()).toHaveLength(2);
  });
  test('what lies in Recently Deleted', async () => {
    const id = await arrives(phone, still);
    await phone.do({ op: 'asset.trash', assetIds: [id] });
    await arrives(camera, raw);
    expect(await live()).toEqual(['raw:IMG_1234.DNG']);
  });
});

describe('A7 what becomes of the asset that was joined', () => {
  test('it ends in the same seq, is charged as before and is not remembered as deleted', async () => {
    const before = await arrives(camera, raw);
    const id = await arrives(phone, still);
    const { entries } = await pageOf(device, 0);
    const rows = entries.map((entry) => entry as { seq: number; row: Asset });
    const [tombstone, whole] = [rows.find(({ row }) => row.id === before), rows.find(({ row }) => row.id === id)];
    expect(tombstone).toMatchObject({ seq: whole?.seq, row: { state: 'purged', joinedTo: id, resources: [], trashedAt: null } });
    expect(whole?.row.resources.map((resource) => resource.sha256)).toEqual([still.sha256, raw.sha256]);
    expect(await server.services.db.selectFrom('purged_resource').selectAll().execute()).toEqual([]);
    const account = await server.services.db.selectFrom('account').select('used_bytes').where('id', '=', device.accountId).executeTakeFirstOrThrow();
    expect(account.used_bytes).toBe(still.bytes + raw.bytes);
  });

  test('its favourite, caption and albums pass over where the other had none', async () => {
    const lone = await arrives(camera, raw);
    const [album, both] = [albumId(), albumId()];
    for (const id of [album, both]) await camera.do({ op: 'album.create', albumId: id, name: 'Lake' });
    await camera.do({ op: 'asset.set', assetIds: [lone], fields: { favourite: true, caption: 'from the card' } });
    await camera.do({ op: 'album.add', albumId: album, items: [{ assetId: lone, position: 'm' }] });
    await camera.do({ op: 'album.add', albumId: both, items: [{ assetId: lone, position: 'm' }] });
    await store(server, device, still);
    const add = addOf(device, [still], { capture: moment });
    await phone.do(add);
    await phone.do({ op: 'asset.set', assetIds: [add.assetId], fields: { caption: 'from the phone' } });
    await phone.do({ op: 'album.add', albumId: both, items: [{ assetId: add.assetId, position: 'z' }] });
    await describes(add.assetId, iPhone);
    expect(await assetOf(add.assetId)).toMatchObject({ favourite: true, caption: 'from the phone' });
    const items = await server.services.db.selectFrom('album_item').select(['album_id', 'position']).where('asset_id', '=', add.assetId).where('present', '=', 1).execute();
    expect(new Map(items.map((item) => [item.album_id, item.position]))).toEqual(new Map([[album, 'm'], [both, 'z']]));
  });

  test('adding it again changes nothing; what its bytes are part of is not deleted by that', async () => {
    const lone = await arrives(camera, raw);
    const id = await arrives(phone, still);
    await camera.do(addOf(device, [raw], { capture: moment }));
    expect(await live()).toEqual(['photo:IMG_1234.HEIC raw:IMG_1234.DNG']);
    expect(await assetOf(lone)).toMatchObject({ state: 'purged', joinedTo: id });
  });

  test('A4 adding it while the whole lies in Recently Deleted is refused, and brings the whole back when a person says so', async () => {
    await arrives(camera, raw);
    const id = await arrives(phone, still);
    await phone.do({ op: 'asset.trash', assetIds: [id] });
    const [refused] = await camera.send(addOf(device, [raw], { capture: moment }));
    expect(refused).toMatchObject({ outcome: 'rejected', code: 'deleted_from_library' });
    await camera.do(addOf(device, [raw], { capture: moment }, true));
    expect(await live()).toEqual(['photo:IMG_1234.HEIC raw:IMG_1234.DNG']);
  });

  test('A4 purging the whole purges its parts: neither comes back by itself', async () => {
    await arrives(camera, raw);
    const id = await arrives(phone, still);
    await phone.do({ op: 'asset.trash', assetIds: [id] });
    await phone.do({ op: 'asset.purge', assetId: id, saw: 1000 });
    for (const part of [raw, still]) expect((await camera.send(addOf(device, [part])))[0]).toMatchObject({ outcome: 'rejected', code: 'deleted_from_library' });
    await store(server, device, raw);
    await camera.do(addOf(device, [raw], { capture: moment }, true));
    expect(await live()).toEqual(['raw:IMG_1234.DNG']);
  });

  test('M7 a purge that had not seen the join is refused: it would take more than the person saw', async () => {
    const id = await arrives(phone, still);
    const { to: saw } = await pageOf(device, 0);
    await arrives(camera, raw);
    await phone.do({ op: 'asset.trash', assetIds: [id] });
    expect((await phone.send({ op: 'asset.purge', assetId: id, saw }))[0]).toMatchObject({ outcome: 'rejected', code: 'newer_edit' });
  });

  test('a resource that a device adds to an asset ends the asset that had only that, and its albums pass over', async () => {
    await store(server, device, still, video);
    const alone = addOf(device, [video], { capture: moment });
    const album = albumId();
    await camera.do(alone);
    await camera.do({ op: 'album.create', albumId: album, name: 'Lake' });
    await camera.do({ op: 'album.add', albumId: album, items: [{ assetId: alone.assetId, position: 'm' }] });
    const whole = addOf(device, [still, { ...video, role: 'paired_video' }], { capture: moment });
    const seq = await phone.do(whole);
    expect(await live()).toEqual(['photo:IMG_1234.HEIC paired_video:clip.MOV']);
    expect(await server.services.db.selectFrom('asset').select(['id', 'seq', 'joined_to']).where('state', '=', 'purged').execute()).toEqual([{ id: alone.assetId, seq, joined_to: whole.assetId }]);
    expect(await server.services.db.selectFrom('album_item').select('asset_id').where('album_id', '=', album).execute()).toHaveLength(2);
  });

  test('an asset that was joined to one that was joined is added to the last', async () => {
    await arrives(camera, { ...aae, name: 'IMG_1234.DNG.xmp' }, {}, { capture: { at: moment.at + 1000, offsetMinutes: null } });
    await arrives(camera, raw);
    expect(await live()).toEqual(['raw:IMG_1234.DNG sidecar:IMG_1234.DNG.xmp']);
    await arrives(phone, still);
    const whole = ['photo:IMG_1234.HEIC raw:IMG_1234.DNG sidecar:IMG_1234.DNG.xmp'];
    expect(await live()).toEqual(whole);
    await camera.do(addOf(device, [{ ...aae, name: 'IMG_1234.DNG.xmp' }]));
    expect(await live()).toEqual(whole);
  });
});
