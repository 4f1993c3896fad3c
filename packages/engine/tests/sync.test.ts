import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeLivePhoto } from '@everroll/media/samples';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { positionsAfter } from '../src/positions.ts';
import { addFile, addPhoto, filesOf, type World, world } from './world.ts';

let w: World;
beforeEach(async () => {
  w = await world();
});
afterEach(async () => {
  await w.close();
});

describe('one photo, two devices', () => {
  test('every file found ends verified or with a reason, and the numbers add up', async () => {
    const a = await w.device('a');
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    addPhoto(a.photos, 'deep/er/IMG_2.JPG', 'two');
    addFile(a.photos, 'empty.heic', new Uint8Array(0));
    addFile(a.photos, 'notes.txt', Buffer.from('not a photo'));
    addFile(a.photos, 'cut.jpg', Buffer.from('not really a JPEG, but by its name it is one'));
    a.addSource();
    await a.sync();
    const status = a.engine.status();
    expect(status.items).toEqual({ found: 5, verified: 3, waiting: 0, uploading: 0, failed: 0, excluded: 2 });
    expect(new Map(status.reasons.map((reason) => [reason.code, reason.items]))).toEqual(new Map([['empty_file', 1], ['excluded_by_rule', 1]]));
    expect(status.atRisk).toEqual({ items: 0, bytes: 0, oldest: null });
    expect(status.cursor?.seq).toBe(status.head);
  });

  test('a library folder elsewhere holds the same bytes', async () => {
    const a = await w.device('a');
    const b = await w.device('b');
    const one = addPhoto(a.photos, 'IMG_1.JPG', 'one');
    const two = addPhoto(a.photos, 'IMG_1 copy/IMG_1.JPG', 'two');
    a.addSource();
    b.setFolder();
    await a.sync();
    await b.sync();
    const files = filesOf(b.library);
    expect([...files.keys()].toSorted()).toEqual(['2024/05/IMG_1 (2).JPG', '2024/05/IMG_1.JPG']);
    const held = [...files.values()].map((bytes) => bytes.toString('base64')).toSorted();
    expect(held).toEqual([Buffer.from(one).toString('base64'), Buffer.from(two).toString('base64')].toSorted());
  });

  test('I13: one more sync does no work', async () => {
    const a = await w.device('a');
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    a.addSource();
    await a.sync();
    a.calls.length = 0;
    await a.sync();
    expect(a.calls.toSorted()).toEqual(['changes', 'settings']);
  });

  test('A5: a device that lost its database sends no byte again', async () => {
    const a = await w.device('a');
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    a.addSource();
    await a.sync();
    const again = await w.device('a again');
    expect(again.engine.addSource(a.photos).ok).toBe(true);
    await again.sync();
    expect(again.engine.status().items).toMatchObject({ found: 1, verified: 1 });
    expect(again.calls).not.toContain('createUpload');
    expect(again.calls).not.toContain('mutate');
  });

  test('A1: the same photo added on both at once is one asset', async () => {
    const a = await w.device('a');
    const b = await w.device('b');
    for (const device of [a, b]) {
      addPhoto(device.photos, 'IMG_1.JPG', 'one');
      device.addSource();
    }
    await Promise.all([a.sync(), b.sync()]);
    await a.sync();
    expect(a.engine.assets()).toHaveLength(1);
    expect(b.engine.status().items.verified).toBe(1);
  });

  test('two files with the same bytes are sent once and both verified', async () => {
    const a = await w.device('a');
    addPhoto(a.photos, 'one.jpg', 'same');
    addPhoto(a.photos, 'two.jpg', 'same');
    a.addSource();
    await a.sync();
    expect(a.engine.status().items).toMatchObject({ found: 2, verified: 2 });
    expect(a.calls.filter((call) => call === 'createUpload')).toHaveLength(1);
  });
});

test('C1: a snapshot of several pages is read to its end', async () => {
  const a = await w.device('a');
  addPhoto(a.photos, 'IMG_1.JPG', 'one');
  a.addSource();
  await a.sync();
  const { id } = a.engine.assets()[0]!;
  const albumOf = (n: number): never => n.toString(16).padStart(32, '0') as never;
  for (let n = 0; n < 1100; n += 1) {
    a.engine.act({ op: 'album.create', albumId: albumOf(n), name: `Album ${n}` });
    a.engine.act({ op: 'album.add', albumId: albumOf(n), items: [{ assetId: id, position: 'a0' }] });
  }
  await a.sync();
  const b = await w.device('b');
  await b.sync();
  expect(b.engine.albums()).toHaveLength(1100);
  expect(b.engine.albums().every(({ items }) => items.length === 1)).toBe(true);
  expect(b.engine.status().cursor?.seq).toBe(b.engine.status().head);
});

describe('Live Photos', () => {
  const live = makeLivePhoto({ seed: 'live' });

  test('A2: still and video are one asset, whatever their names and folders', async () => {
    const a = await w.device('a');
    addFile(a.photos, 'IMG_1.JPG', live.still);
    addFile(a.photos, 'elsewhere/other name.mov', live.video);
    a.addSource();
    await a.sync();
    const [asset, ...others] = a.engine.assets();
    expect(others).toEqual([]);
    expect(asset?.mediaKind).toBe('live_photo');
    expect(asset?.resources.map((resource) => resource.role)).toEqual(['photo', 'paired_video']);
    expect(a.engine.status().items).toMatchObject({ found: 2, verified: 2 });
  });

  test('half of one goes up as what it is, and becomes whole when the video comes later', async () => {
    const a = await w.device('a');
    addFile(a.photos, 'IMG_1.JPG', live.still);
    a.addSource();
    await a.sync();
    expect(a.engine.assets().map((asset) => asset.mediaKind)).toEqual(['photo']);
    addFile(a.photos, 'IMG_1.MOV', live.video);
    await a.sync();
    expect(a.engine.assets().map((asset) => asset.mediaKind)).toEqual(['live_photo']);
  });

  test('a video that came first is folded into the Live Photo when its still comes', async () => {
    const a = await w.device('a');
    addFile(a.photos, 'IMG_1.MOV', live.video);
    a.addSource();
    await a.sync();
    expect(a.engine.assets().map((asset) => asset.mediaKind)).toEqual(['video']);
    addFile(a.photos, 'IMG_1.JPG', live.still);
    await a.sync();
    expect(a.engine.assets().map((asset) => asset.mediaKind)).toEqual(['live_photo']);
    expect(a.engine.assets({ state: 'trashed' })).toEqual([]);
  });
});

describe('what people change', () => {
  test('M4: a change made offline is shown at once, and is everywhere after', async () => {
    const a = await w.device('a');
    const b = await w.device('b');
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    a.addSource();
    await a.sync();
    await b.sync();
    const asset = b.engine.assets()[0]!;
    b.conditions.online = false;
    expect(b.engine.act({ op: 'asset.set', assetIds: [asset.id], fields: { favourite: true, caption: 'Ada at the lake' } }).ok).toBe(true);
    const albumId = 'a1'.repeat(16) as never;
    expect(b.engine.act({ op: 'album.create', albumId, name: 'Lake' }).ok).toBe(true);
    const [position] = positionsAfter([], 1);
    expect(b.engine.act({ op: 'album.add', albumId, items: [{ assetId: asset.id, position: position! }] }).ok).toBe(true);
    await b.sync();
    expect(b.engine.assets()[0]).toMatchObject({ favourite: true, caption: 'Ada at the lake' });
    expect(b.engine.status().pendingChanges).toBe(3);
    expect(a.engine.assets()[0]?.favourite).toBe(false);

    b.conditions.online = true;
    const restarted = b.restart();
    await restarted.sync();
    await a.sync();
    expect(a.engine.assets()[0]).toMatchObject({ favourite: true, caption: 'Ada at the lake' });
    expect(a.engine.albums().map(({ album, items }) => [album.name, items.map((item) => item.assetId)])).toEqual([['Lake', [asset.id]]]);
    expect(restarted.engine.status().pendingChanges).toBe(0);
  });

  test('M6: deleted elsewhere leaves the library folder, recovered comes back; a source is never touched', async () => {
    const a = await w.device('a');
    const b = await w.device('b');
    const one = addPhoto(a.photos, 'IMG_1.JPG', 'one');
    a.addSource();
    b.setFolder();
    await a.sync();
    await b.sync();
    const { id } = a.engine.assets()[0]!;
    a.engine.act({ op: 'asset.trash', assetIds: [id] });
    await a.sync();
    await b.sync();
    expect(filesOf(b.library).size).toBe(0);
    expect(filesOf(a.photos).size).toBe(1);
    expect(a.engine.status().items.verified).toBe(1);
    a.engine.act({ op: 'asset.recover', assetIds: [id] });
    await a.sync();
    await b.sync();
    expect(filesOf(b.library).get('2024/05/IMG_1.JPG')?.equals(one)).toBe(true);
  });

  test('A4: what was purged is not brought back by a source, until a person asks for it', async () => {
    const a = await w.device('a');
    const b = await w.device('b');
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    a.addSource();
    await a.sync();
    await b.sync();
    const { id } = b.engine.assets()[0]!;
    b.engine.act({ op: 'asset.trash', assetIds: [id] });
    await b.sync();
    const seq = b.engine.status().cursor!.seq;
    b.engine.act({ op: 'asset.purge', assetId: id, saw: seq });
    await b.sync();
    await a.sync();
    expect(a.engine.assets()).toEqual([]);
    expect(a.engine.status().items).toMatchObject({ found: 1, excluded: 1 });
    expect(a.engine.status().reasons.map((reason) => reason.code)).toEqual(['deleted_from_library']);

    // Nor by another device, nor by a scan, before any byte is sent.
    addPhoto(b.photos, 'copy.jpg', 'one');
    b.addSource();
    b.calls.length = 0;
    await b.sync();
    expect(b.calls).not.toContain('createUpload');
    const [why] = b.engine.why({ name: 'copy.jpg' });
    expect(why?.reason?.code).toBe('deleted_from_library');

    expect(b.engine.again(why!.itemId).ok).toBe(true);
    await b.sync();
    await a.sync();
    expect(b.engine.status().items.verified).toBe(1);
    expect(a.engine.assets()).toHaveLength(1);
    expect(a.engine.status().items.verified).toBe(1);
  });

  test('M9: a deleted album deletes no asset', async () => {
    const a = await w.device('a');
    addPhoto(a.photos, 'IMG_1.JPG', 'one');
    a.addSource();
    await a.sync();
    const { id } = a.engine.assets()[0]!;
    const albumId = 'b2'.repeat(16) as never;
    a.engine.act({ op: 'album.create', albumId, name: 'Short-lived' });
    a.engine.act({ op: 'album.add', albumId, items: [{ assetId: id, position: 'a0' }] });
    a.engine.act({ op: 'album.delete', albumId });
    await a.sync();
    expect(a.engine.albums()).toEqual([]);
    expect(a.engine.assets()).toHaveLength(1);
  });
});

/** Settings and reports are no part of it: by them a device hears that it is switched on again. */
const isOfLibrary = (call: string): boolean => !['settings', 'changeSettings', 'report'].includes(call);

describe('sources', () => {
  test('I11: of a source that a person emptied nothing is said but what was not saved, and nothing is deleted', async () => {
    const a = await w.device('a');
    addPhoto(a.photos, 'one.jpg', 'one');
    addPhoto(a.photos, 'two.jpg', 'two');
    a.addSource();
    await a.sync();
    a.engine.set({ power: 'wifi' });
    a.conditions.metered = true;
    const third = addPhoto(a.photos, 'three.jpg', 'three');
    await a.sync();
    for (const name of ['one', 'two', 'three']) rmSync(join(a.photos, `${name}.jpg`));
    await a.sync();
    expect(a.engine.status().items).toMatchObject({ found: 1, failed: 1 });
    expect(a.engine.status().reasons.map(({ code, items }) => [code, items])).toEqual([['vanished', 1]]);
    expect(a.engine.assets()).toHaveLength(2);
    // The card comes back as it was: what is saved is not sent again.
    a.conditions.metered = false;
    a.calls.length = 0;
    addPhoto(a.photos, 'one.jpg', 'one');
    addFile(a.photos, 'three.jpg', third);
    await a.sync();
    expect(a.engine.status()).toMatchObject({ items: { found: 2, verified: 2 }, reasons: [] });
    expect(a.calls.filter((call) => call === 'createUpload')).toHaveLength(1);
  });

  test('a file that vanished before it was saved says so; the other goes on', async () => {
    const a = await w.device('a');
    addPhoto(a.photos, 'one.jpg', 'one');
    addPhoto(a.photos, 'two.jpg', 'two');
    a.addSource();
    a.connectTo('http://127.0.0.1:9');
    await a.sync();
    expect(a.engine.status().reasons.map((reason) => [reason.code, reason.items])).toEqual([['server_unreachable', 2]]);
    expect(a.engine.status().atRisk.items).toBe(2);
    rmSync(join(a.photos, 'one.jpg'));
    a.connectTo(w.server.origin);
    a.engine.retry();
    await a.sync();
    expect(a.engine.status().items).toMatchObject({ found: 2, verified: 1, failed: 1 });
    expect(a.engine.status().reasons.map((reason) => reason.code)).toEqual(['vanished']);
  });

  test('switched off, nothing moves; on again, nothing is sent twice', async () => {
    const a = await w.device('a');
    addPhoto(a.photos, 'one.jpg', 'one');
    a.addSource();
    a.engine.set({ sync: false });
    await a.sync();
    expect(a.calls.filter(isOfLibrary)).toEqual([]);
    expect(a.engine.status().reasons.map((reason) => reason.code)).toEqual(['sync_off']);
    a.engine.set({ sync: true });
    await a.sync();
    a.engine.set({ sync: false });
    a.engine.set({ sync: true });
    a.calls.length = 0;
    await a.sync();
    expect(a.engine.status().items.verified).toBe(1);
    expect(a.calls.filter(isOfLibrary)).toEqual(['changes']);
  });

  test('sources may not lie in one another', async () => {
    const a = await w.device('a');
    a.addSource();
    expect(a.engine.addSource(join(a.photos, 'inner'))).toMatchObject({ ok: false, failure: { code: 'invalid_request' } });
  });
});
