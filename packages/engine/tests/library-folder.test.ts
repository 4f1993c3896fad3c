import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { makeLivePhoto } from '@everroll/media/samples';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { addFile, addPhoto, filesOf, type World, world } from './world.ts';

let w: World;
beforeEach(async () => {
  w = await world();
});
afterEach(async () => {
  await w.close();
});

describe('the library folder', () => {
  test('a file added is in the library, a file removed is in Recently Deleted', async () => {
    const a = await w.device('a');
    const b = await w.device('b');
    a.setFolder();
    for (const name of ['one', 'two', 'three']) addPhoto(a.library, `${name}.jpg`, name);
    await a.sync();
    await b.sync();
    expect(b.engine.assets()).toHaveLength(3);
    rmSync(join(a.library, 'two.jpg'));
    await a.sync();
    await b.sync();
    expect(b.engine.assets({ state: 'trashed' }).map((asset) => asset.resources[0]?.name)).toEqual(['two.jpg']);
    expect(filesOf(a.library).size).toBe(2);
  });

  test('a file that another device added first, and whose row comes before it is read here, is not fetched beside itself', async () => {
    const a = await w.device('a');
    const b = await w.device('b');
    a.addSource();
    addPhoto(a.photos, 'one.jpg', 'one');
    await a.sync();
    b.setFolder();
    addPhoto(b.library, 'my own.jpg', 'one');
    const openFolder = b.ports.openFolder.bind(b.ports);
    b.ports.openFolder = (at) => {
      const folder = openFolder(at);
      return {
        ...folder,
        inspect: async (...of) => {
          await vi.waitUntil(() => b.engine.assets().length === 1, 30_000);
          return folder.inspect(...of);
        },
      };
    };
    await b.sync();
    expect([...filesOf(b.library).keys()]).toEqual(['my own.jpg']);
    expect(b.calls).not.toContain('download');
    expect(b.engine.status().items).toMatchObject({ found: 1, verified: 1 });
  });

  test('nor one that a person puts there while its bytes are on their way', async () => {
    const a = await w.device('a');
    const b = await w.device('b');
    a.addSource();
    addPhoto(a.photos, 'one.jpg', 'one');
    await a.sync();
    b.setFolder();
    b.answers.amidDownload = async () => {
      addPhoto(b.library, 'my own.jpg', 'one');
      b.engine.rescan();
      await vi.waitUntil(() => b.engine.status().items.found === 1, 30_000);
    };
    await b.sync();
    expect([...filesOf(b.library).keys()]).toEqual(['my own.jpg']);
    expect(b.engine.assets()).toHaveLength(1);
    expect(b.engine.status().items).toMatchObject({ found: 1, verified: 1 });
    // What had come takes no room for ever.
    await b.sync();
    expect(await b.ports.openFolder({ kind: 'folder', location: b.library }).staged(b.engine.assets()[0]!.resources[0]!.sha256)).toBe(0);
  });

  test('more bytes than an original has are not taken, and what is in the way is said', async () => {
    const a = await w.device('a');
    const b = await w.device('b');
    a.addSource();
    const bytes = addPhoto(a.photos, 'one.jpg', 'one');
    await a.sync();
    b.setFolder();
    let came = 0;
    b.answers.download = async function* (body) {
      yield* body;
      for (; came < 1000; came += 1) yield new Uint8Array(1_000_000);
    };
    await b.sync();
    expect(came).toBeLessThan(10);
    expect(filesOf(b.library).size).toBe(0);
    expect(b.engine.status()).toMatchObject({ downloads: { items: 1, bytes: bytes.length }, reasons: [{ code: 'proxy_interferes', items: 1 }] });
    delete b.answers.download;
    b.engine.retry();
    await b.sync();
    expect([...filesOf(b.library).values()]).toEqual([Buffer.from(bytes)]);
    expect(b.engine.status().reasons).toEqual([]);
  });

  test('a file that moves or is renamed is the same photo', async () => {
    const a = await w.device('a');
    a.setFolder();
    const bytes = addPhoto(a.library, 'one.jpg', 'one');
    addPhoto(a.library, 'two.jpg', 'two');
    await a.sync();
    a.calls.length = 0;
    rmSync(join(a.library, 'one.jpg'));
    addFile(a.library, 'sorted/renamed.jpg', bytes);
    await a.sync();
    expect(a.engine.assets()).toHaveLength(2);
    expect(a.engine.assets({ state: 'trashed' })).toEqual([]);
    expect(a.calls).not.toContain('createUpload');
    expect([...filesOf(a.library).keys()].toSorted()).toEqual(['sorted/renamed.jpg', 'two.jpg']);
  });

  /** An editor that saves beside and renames leaves another file under the name: nothing of the earlier one is there any more, as after a deletion. */
  test('a file that was moved and then replaced as a whole, before anybody looked, counts as deleted: its photo can be recovered', async () => {
    const a = await w.device('a');
    a.setFolder();
    const bytes = addPhoto(a.library, 'one.jpg', 'one');
    for (const name of ['two', 'three']) addPhoto(a.library, `${name}.jpg`, name);
    await a.sync();
    mkdirSync(join(a.library, 'sorted'));
    renameSync(join(a.library, 'one.jpg'), join(a.library, 'sorted/one.jpg'));
    addPhoto(a.library, 'sorted/saved.jpg', 'edited');
    renameSync(join(a.library, 'sorted/saved.jpg'), join(a.library, 'sorted/one.jpg'));
    await a.sync();
    expect(a.engine.assets()).toHaveLength(3);
    const [deleted] = a.engine.assets({ state: 'trashed' });
    expect(deleted?.resources[0]?.name).toBe('one.jpg');
    a.engine.act({ op: 'asset.recover', assetIds: [deleted?.id ?? expect.fail()] });
    await a.sync();
    expect(a.engine.assets()).toHaveLength(4);
    expect([...filesOf(a.library).values()].some((content) => content.equals(bytes))).toBe(true);
  });

  test('nor does a folder that is renamed while a listing runs, from where that had not been to where it had', async () => {
    const a = await w.device('a');
    a.setFolder();
    for (const name of ['one', 'two', 'three']) addPhoto(a.library, `${name}.jpg`, name);
    addPhoto(a.library, 'June/four.jpg', 'four');
    await a.sync();
    const open = a.ports.openFolder.bind(a.ports);
    let listings = 0;
    a.ports.openFolder = (place) => {
      const folder = open(place);
      const list = folder.list.bind(folder);
      folder.list = async function* (signal) {
        const isFirst = (listings += 1) === 1;
        // It had passed by where August comes to lie, and not yet come to June.
        for await (const listed of list(signal)) yield isFirst && listed.what === 'entries' ? { ...listed, entries: listed.entries.filter(({ localId }) => !localId.startsWith('June')) } : listed;
        if (isFirst) renameSync(join(a.library, 'June'), join(a.library, 'August'));
      };
      return folder;
    };
    await a.sync();
    expect(a.engine.assets()).toHaveLength(4);
    expect(listings).toBe(2);
    expect(a.engine.status()).toMatchObject({ items: { found: 4, verified: 4 }, pendingChanges: 0, reasons: [] });
  });

  test('a folder that is emptied at once deletes nothing before a person says so', async () => {
    const a = await w.device('a');
    a.setFolder();
    for (let n = 0; n < 12; n += 1) addPhoto(a.library, `${n}.jpg`, `n${n}`);
    await a.sync();
    for (let n = 0; n < 12; n += 1) rmSync(join(a.library, `${n}.jpg`));
    await a.sync();
    expect(a.engine.assets()).toHaveLength(12);
    expect(a.engine.status().reasons.map((reason) => [reason.code, reason.items])).toEqual([['mass_deletion_guard', 12]]);

    expect(a.engine.restoreRemoved()).toBe(12);
    await a.sync();
    expect(filesOf(a.library).size).toBe(12);
    expect(a.engine.status().reasons).toEqual([]);

    for (const path of filesOf(a.library).keys()) rmSync(join(a.library, path));
    await a.sync();
    expect(a.engine.confirmRemovals()).toBe(12);
    await a.sync();
    expect(a.engine.assets()).toEqual([]);
    expect(a.engine.assets({ state: 'trashed' })).toHaveLength(12);
    expect(a.engine.status().reasons).toEqual([]);
  });

  test('nor when another file takes the name of one of two in the emptied folder, and a download lands there', async () => {
    const a = await w.device('a');
    const b = await w.device('b');
    b.setFolder();
    for (const name of ['one', 'two']) addPhoto(b.library, `${name}.jpg`, name);
    await b.sync();
    // Away, and not deleted: so no new file gets their inodes.
    mkdirSync(join(w.folder, 'away'));
    for (const path of filesOf(b.library).keys()) renameSync(join(b.library, path), join(w.folder, 'away', path));
    addPhoto(b.library, 'one.jpg', 'another one');
    addPhoto(a.photos, 'three.jpg', 'three');
    a.addSource();
    await a.sync();
    for (let times = 2; times > 0; times -= 1) await b.sync();
    expect(b.engine.assets({ state: 'trashed' })).toEqual([]);
    expect(b.engine.status().reasons.map((reason) => reason.code)).toEqual(['mass_deletion_guard']);
    renameSync(join(w.folder, 'away', 'two.jpg'), join(b.library, 'two.jpg'));
    await b.sync();
    expect(b.engine.status()).toMatchObject({ items: { verified: 4 }, reasons: [] });
  });

  test('nor when a download lands in the emptied folder', async () => {
    const a = await w.device('a');
    const b = await w.device('b');
    b.setFolder();
    for (const name of ['one', 'two']) addPhoto(b.library, `${name}.jpg`, name);
    await b.sync();
    for (const path of filesOf(b.library).keys()) rmSync(join(b.library, path));
    addPhoto(a.photos, 'three.jpg', 'three');
    a.addSource();
    await a.sync();
    await b.sync();
    expect(b.engine.assets()).toHaveLength(3);
    expect(b.engine.status().reasons.map((reason) => reason.code)).toEqual(['mass_deletion_guard']);
  });

  test('a file that leaves while the folder is being listed is not a new one that vanished', async () => {
    const a = await w.device('a');
    const b = await w.device('b');
    for (let n = 0; n < 30; n += 1) addPhoto(a.photos, `${n}.jpg`, `n${n}`);
    a.addSource();
    b.setFolder();
    await a.sync();
    await b.sync();
    a.engine.act({ op: 'asset.trash', assetIds: a.engine.assets().slice(0, 20).map((asset) => asset.id) });
    await a.sync();
    // Every step of the removal finds a listing wanted, as a watcher would ask for one.
    const asking = setInterval(() => b.engine.rescan(), 1);
    await b.sync();
    clearInterval(asking);
    await b.sync();
    expect(b.engine.status().items).toMatchObject({ found: 10, verified: 10, failed: 0 });
    expect(filesOf(b.library).size).toBe(10);
  });

  test('a folder whose disk is gone deletes nothing', async () => {
    const a = await w.device('a');
    a.setFolder();
    addPhoto(a.library, 'one.jpg', 'one');
    addPhoto(a.library, 'two.jpg', 'two');
    await a.sync();
    rmSync(a.library, { recursive: true });
    await a.sync();
    expect(a.engine.assets()).toHaveLength(2);
    expect(a.engine.status().reasons.map((reason) => reason.code)).toEqual(['source_missing']);
  });

  test('a file that was changed in place is a new photo, and the original comes back beside it', async () => {
    const a = await w.device('a');
    a.setFolder();
    const original = addPhoto(a.library, 'one.jpg', 'one');
    addPhoto(a.library, 'two.jpg', 'two');
    await a.sync();
    const edited = addPhoto(a.library, 'one.jpg', 'edited');
    await a.sync();
    const files = filesOf(a.library);
    expect(files.get('one.jpg')?.equals(edited)).toBe(true);
    expect(files.get('2024/05/one.jpg')?.equals(original)).toBe(true);
    expect(a.engine.assets()).toHaveLength(3);
  });
});

describe('the guard, links and parts of the library folder', () => {
  test('an answer of the guard holds once: what goes another day is asked about again', async () => {
    const a = await w.device('a');
    a.setFolder();
    for (let n = 0; n < 12; n += 1) addPhoto(a.library, `${n}.jpg`, `n${n}`);
    await a.sync();
    for (const path of filesOf(a.library).keys()) rmSync(join(a.library, path));
    await a.sync();
    a.engine.confirmRemovals();
    a.engine.restoreRemoved();
    await a.sync();
    expect(filesOf(a.library).size).toBe(12);
    for (const path of filesOf(a.library).keys()) rmSync(join(a.library, path));
    await a.sync();
    expect(a.engine.assets()).toHaveLength(12);
    expect(a.engine.status().reasons.map((reason) => reason.code)).toEqual(['mass_deletion_guard']);
  });

  test('what goes little by little counts together', async () => {
    const a = await w.device('a');
    a.setFolder();
    for (let n = 0; n < 60; n += 1) addPhoto(a.library, `${n}.jpg`, `n${n}`);
    await a.sync();
    for (let slice = 0; slice < 6; slice += 1) {
      for (let n = 0; n < 9; n += 1) rmSync(join(a.library, `${slice * 9 + n}.jpg`));
      await a.sync();
    }
    expect(a.engine.assets().length).toBeGreaterThan(40);
    expect(a.engine.status().reasons.map((reason) => reason.code)).toEqual(['mass_deletion_guard']);
  });

  test('a link in it does not reach into a source', async () => {
    const a = await w.device('a');
    const b = await w.device('b');
    addPhoto(a.photos, 'one.jpg', 'one');
    addPhoto(a.photos, 'two.jpg', 'two');
    symlinkSync(a.photos, join(a.library, 'my pictures'));
    a.addSource();
    a.setFolder();
    await a.sync();
    await b.sync();
    b.engine.act({ op: 'asset.trash', assetIds: b.engine.assets().map((asset) => asset.id) });
    await b.sync();
    await a.sync();
    expect(filesOf(a.photos).size).toBe(2);
  });

  test('a Live Photo that was downloaded stays one asset when its files are asked for again', async () => {
    const a = await w.device('a');
    const b = await w.device('b');
    const { still, video } = makeLivePhoto({ seed: 'downloaded' });
    addFile(a.photos, 'a.jpg', still);
    addFile(a.photos, 'a.mov', video);
    a.addSource();
    b.setFolder();
    await a.sync();
    await b.sync();
    b.engine.retry();
    await b.sync();
    expect(b.engine.assets().map((asset) => asset.mediaKind)).toEqual(['live_photo']);
    expect(b.engine.status().items).toMatchObject({ found: 2, verified: 2 });
    b.engine.act({ op: 'asset.trash', assetIds: b.engine.assets().map((asset) => asset.id) });
    await b.sync();
    expect(filesOf(b.library).size).toBe(0);
  });
});
