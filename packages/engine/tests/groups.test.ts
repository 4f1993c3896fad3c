import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAae, makeJpeg, makeLivePhoto, makeMov } from '@everroll/media/samples';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeExif } from '../../media/samples/exif.ts';
import { addFile, filesOf, type TestDevice, world, type World } from './world.ts';

/** Rule A7 on devices: real files in real folders, a real server. */
let w: World;
beforeEach(async () => {
  w = await world();
});
afterEach(async () => await w.close());

const capturedAt = Date.UTC(2024, 4, 17, 12);
const live = makeLivePhoto({ seed: 'live', capturedAt });
const heic = makeJpeg({ seed: 'still', capturedAt });
const raw = makeExif({ capturedAt });
const edit = makeJpeg({ seed: 'edit', capturedAt });
const aae = makeAae('aae');

/** The library as a person counts it: each asset's resources, by role and name. */
function groups(device: TestDevice): string[] {
  return device.engine
    .assets()
    .map((asset) => asset.resources.map((resource) => `${resource.role} ${resource.name}`).join(', '))
    .toSorted();
}

/** Nothing is left that is not saved, and nobody is said to have deleted anything. */
function expectAllSaved(device: TestDevice, files: number): void {
  expect(device.engine.status().items).toMatchObject({ found: files, verified: files });
  expect(device.engine.status().reasons).toEqual([]);
  expect(device.engine.assets({ state: 'trashed' })).toEqual([]);
}

const parts: readonly (readonly [what: string, original: string, originalBytes: Uint8Array, part: string, partBytes: Uint8Array, group: string])[] = [
  ['an edit as instructions', 'IMG_1.HEIC', heic, 'IMG_1.AAE', aae, 'photo IMG_1.HEIC, sidecar IMG_1.AAE'],
  ['a rendered edit', 'IMG_1234.JPG', heic, 'IMG_E1234.JPG', edit, 'photo IMG_1234.JPG, rendered_edit IMG_E1234.JPG'],
  ['RAW and JPEG', 'IMG_1.JPG', heic, 'IMG_1.DNG', raw, 'photo IMG_1.JPG, raw IMG_1.DNG'],
  ['names in another case', 'img_1.jpg', heic, 'IMG_1.aae', aae, 'photo img_1.jpg, sidecar IMG_1.aae'],
];

describe.each(parts)('A7 %s', (_what, original, originalBytes, part, partBytes, group) => {
  test('that come together are one asset', async () => {
    const a = await w.device('a');
    addFile(a.photos, part, partBytes);
    addFile(a.photos, original, originalBytes);
    a.addSource();
    await a.sync();
    expect(groups(a)).toEqual([group]);
    expectAllSaved(a, 2);
  });

  test('the original first, the part long after', async () => {
    const a = await w.device('a');
    addFile(a.photos, original, originalBytes);
    a.addSource();
    await a.sync();
    addFile(a.photos, part, partBytes);
    await a.sync();
    expect(groups(a)).toEqual([group]);
    expectAllSaved(a, 2);
  });

  test('the part first, which goes up as what it is; then the original, into which it is folded', async () => {
    const a = await w.device('a');
    addFile(a.photos, part, partBytes);
    a.addSource();
    await a.sync();
    expect(groups(a)).toHaveLength(1);
    expectAllSaved(a, 1);
    addFile(a.photos, original, originalBytes);
    await a.sync();
    expect(groups(a)).toEqual([group]);
    expectAllSaved(a, 2);
  });

  test('from two devices: the one that has both joins them, the other one follows', async () => {
    const [a, b] = [await w.device('a'), await w.device('b')];
    addFile(a.photos, part, partBytes);
    a.addSource();
    await a.sync();
    addFile(b.photos, part, partBytes);
    addFile(b.photos, original, originalBytes);
    b.addSource();
    await b.sync();
    await a.sync();
    for (const device of [a, b]) expect(groups(device)).toEqual([group]);
    expectAllSaved(a, 1);
    expectAllSaved(b, 2);
    expect(a.engine.why({ name: part }).map(({ assetId }) => assetId)).toEqual(a.engine.assets().map((asset) => asset.id));
  });

  test('a library folder that has the part alone keeps the file, and gets only the original', async () => {
    const [a, b] = [await w.device('a'), await w.device('b')];
    addFile(a.photos, part, partBytes);
    a.addSource();
    await a.sync();
    b.setFolder();
    await b.sync();
    const before = [...filesOf(b.library).keys()];
    expect(before).toHaveLength(1);
    addFile(a.photos, original, originalBytes);
    await a.sync();
    b.calls.length = 0;
    await b.sync();
    expect(b.calls.filter((call) => call === 'download')).toHaveLength(1);
    expect([...filesOf(b.library).keys()]).toEqual(expect.arrayContaining(before));
    expect(filesOf(b.library).size).toBe(2);
    expectAllSaved(b, 2);
    b.engine.act({ op: 'asset.trash', assetIds: b.engine.assets().map((asset) => asset.id) });
    await b.sync();
    expect(filesOf(b.library).size).toBe(0);
  });
});

describe('A7 a Live Photo that was edited', () => {
  const names = ['IMG_1234.JPG', 'IMG_1234.MOV', 'IMG_E1234.JPG', 'IMG_E1234.MOV', 'IMG_1234.AAE', 'IMG_O1234.AAE'];
  /** As an iPhone writes them: the edit has the identifier of its original. */
  const bytes = [
    live.still,
    live.video,
    makeJpeg({ seed: 'rendered', capturedAt, contentIdentifier: live.contentIdentifier }),
    makeMov({ seed: 'rendered', capturedAt, contentIdentifier: live.contentIdentifier }),
    aae,
    makeAae('original adjustments'),
  ];
  const whole = ['paired_video IMG_1234.MOV', 'photo IMG_1234.JPG', 'rendered_edit IMG_E1234.JPG', 'rendered_edit IMG_E1234.MOV', 'sidecar IMG_1234.AAE', 'sidecar IMG_O1234.AAE'];
  const orders: readonly (readonly number[])[] = [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [2, 1, 0, 4, 3, 5], [3, 1, 5, 2, 4, 0], [1, 3, 0, 2, 4, 5]];

  test.each(orders.map((order) => [order.map((n) => names[n]).join(' '), order] as const))('one by one, each long after the other: %s', async (_, order) => {
    const a = await w.device('a');
    a.addSource();
    for (const n of order) {
      addFile(a.photos, names[n]!, bytes[n]!);
      await a.sync();
    }
    expect(a.engine.assets().map((asset) => asset.mediaKind)).toEqual(['live_photo']);
    expect(groups(a).join().split(', ').toSorted()).toEqual(whole);
    expectAllSaved(a, 6);
  });

  test('all at once', async () => {
    const a = await w.device('a');
    for (const n of names.keys()) addFile(a.photos, names[n]!, bytes[n]!);
    a.addSource();
    await a.sync();
    expect(groups(a).join().split(', ').toSorted()).toEqual(whole);
    expectAllSaved(a, 6);
  });
});

describe('A7 what is not joined', () => {
  test('an edit of another moment, whose name is that of a later photo with the same number', async () => {
    const a = await w.device('a');
    addFile(a.photos, 'IMG_1234.JPG', heic);
    addFile(a.photos, 'IMG_E1234.JPG', makeJpeg({ seed: 'edit', capturedAt: capturedAt - 86_400_000 }));
    a.addSource();
    await a.sync();
    expect(groups(a)).toEqual(['photo IMG_1234.JPG', 'photo IMG_E1234.JPG']);
    expectAllSaved(a, 2);
  });

  test('files of one name in two folders', async () => {
    const a = await w.device('a');
    addFile(a.photos, 'one/IMG_1.JPG', heic);
    addFile(a.photos, 'two/IMG_1.AAE', aae);
    a.addSource();
    await a.sync();
    expect(groups(a)).toEqual(['photo IMG_1.JPG', 'sidecar IMG_1.AAE']);
    expectAllSaved(a, 2);
  });

  test('a photo and a video that share only their name', async () => {
    const a = await w.device('a');
    addFile(a.photos, 'IMG_1.JPG', heic);
    addFile(a.photos, 'IMG_1.MOV', makeMov({ seed: 'video', capturedAt }));
    a.addSource();
    await a.sync();
    expect(groups(a)).toEqual(['photo IMG_1.JPG', 'video IMG_1.MOV']);
  });
});

describe('A7 and what people delete', () => {
  test('a deleted photo takes its parts along: they are not added again from a source that has them', async () => {
    const [a, b] = [await w.device('a'), await w.device('b')];
    for (const device of [a, b]) {
      addFile(device.photos, 'IMG_1.JPG', heic);
      addFile(device.photos, 'IMG_1.AAE', aae);
    }
    a.addSource();
    await a.sync();
    a.engine.act({ op: 'asset.trash', assetIds: a.engine.assets().map((asset) => asset.id) });
    await a.sync();
    b.addSource();
    await b.sync();
    for (const device of [a, b]) expect(groups(device)).toEqual([]);
    expect(b.engine.status().items).toMatchObject({ found: 2, excluded: 2 });
    b.engine.act({ op: 'asset.recover', assetIds: b.engine.assets({ state: 'trashed' }).map((asset) => asset.id) });
    await b.sync();
    expect(groups(b)).toEqual(['photo IMG_1.JPG, sidecar IMG_1.AAE']);
    expectAllSaved(b, 2);
  });

  test('the part of a photo whose file a person takes out of the library folder comes back', async () => {
    const a = await w.device('a');
    a.setFolder();
    addFile(a.library, 'IMG_1.JPG', heic);
    addFile(a.library, 'IMG_1.AAE', aae);
    await a.sync();
    rmSync(join(a.library, 'IMG_1.AAE'));
    await a.sync();
    expect(groups(a)).toEqual(['photo IMG_1.JPG, sidecar IMG_1.AAE']);
    expect(filesOf(a.library).size).toBe(2);
    rmSync(join(a.library, 'IMG_1.JPG'));
    await a.sync();
    expect(a.engine.assets()).toEqual([]);
    expect(filesOf(a.library).size).toBe(0);
  });
});

describe('A7 and a server that was restored', () => {
  test('a join that the server lost is made again, and no bytes go with the asset that ended', async () => {
    const data = mkdtempSync(join(tmpdir(), 'everroll-joined-'));
    const backup = `${data}-backup`;
    const restored = await world({ folder: data });
    try {
      const [a, b] = [await restored.device('a'), await restored.device('b')];
      addFile(a.photos, 'IMG_1.AAE', aae);
      a.addSource();
      b.setFolder();
      await a.sync();
      await b.sync();
      await restored.server.services.db.destroy();
      cpSync(data, backup, { recursive: true });
      await restored.restartServer();
      addFile(a.photos, 'IMG_1.JPG', heic);
      await a.sync();
      await b.sync();
      await restored.restartServer(() => {
        rmSync(data, { recursive: true });
        cpSync(backup, data, { recursive: true });
      });
      for (const device of [b, a, b, a]) await device.sync();
      for (const device of [a, b]) {
        expect(groups(device)).toEqual(['photo IMG_1.JPG, sidecar IMG_1.AAE']);
        expectAllSaved(device, 2);
      }
      expect(filesOf(b.library).size).toBe(2);
    } finally {
      await restored.close();
      for (const folder of [data, backup]) rmSync(folder, { recursive: true, force: true });
    }
  });
});
