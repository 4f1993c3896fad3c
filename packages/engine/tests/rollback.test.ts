import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ports } from '@everroll/engine';
import { beginEpoch } from '@everroll/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { addPhoto, filesOf, type TestDevice, type World, world } from './world.ts';

type Place = Parameters<Ports['openFolder']>[0];

let w: World;
let data: string;
let backup: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'everroll-rolled-back-'));
  backup = `${data}-backup`;
});
afterEach(async () => {
  await w.close();
  for (const folder of [data, backup, later()]) rmSync(folder, { recursive: true, force: true });
});

/** Of another backup, made after the first. */
const later = (): string => `${data}-later`;

/** An operator copies the server's data away while it stands still. */
const backUp = async (to = backup): Promise<void> => await w.restartServer(() => cpSync(data, to, { recursive: true }));

/** An operator copies a backup back while the server stands still. */
const putBack = async (from = backup): Promise<void> =>
  await w.restartServer(() => {
    rmSync(data, { recursive: true });
    cpSync(from, data, { recursive: true });
  });

/** What the command that restores does besides. */
const beginAnew = async (): Promise<void> => {
  const { services } = w.server;
  await services.db.transaction().execute(async (trx) => void (await beginEpoch(trx, services.random, w.owner.libraryId, services.clock.now())));
};

/** A photo that `a` has saved; `b` has seen nothing yet. */
const withOnePhoto = async (): Promise<Record<'a' | 'b', TestDevice>> => {
  w = await world({ folder: data });
  const [a, b] = [await w.device('a'), await w.device('b')];
  addPhoto(a.photos, 'one.jpg', 'one');
  a.addSource();
  await a.sync();
  return { a, b };
};

describe('C3, C4, C5: a server restored from an older backup', () => {
  test.each([
    ['is behind their cursors', 0],
    ['has grown past their cursors since', 40],
  ])('devices offer again what it lost, rows and bytes, and delete nothing: the log %s', async (_, growth) => {
    w = await world({ folder: data });
    const a = await w.device('a');
    const b = await w.device('b');
    const c = await w.device('c');
    addPhoto(a.photos, 'old.jpg', 'old');
    a.addSource();
    b.setFolder();
    await a.sync();
    await b.sync();
    await w.server.services.db.destroy();
    cpSync(data, backup, { recursive: true });

    await w.restartServer();
    const old = a.engine.assets()[0]!;
    addPhoto(a.photos, 'new.jpg', 'new');
    a.engine.act({ op: 'asset.set', assetIds: [old.id], fields: { caption: 'written after the backup' } });
    const albumId = 'c3'.repeat(16) as never;
    a.engine.act({ op: 'album.create', albumId, name: 'After' });
    a.engine.act({ op: 'album.add', albumId, items: [{ assetId: old.id, position: 'a0' }] });
    await a.sync();
    b.engine.act({ op: 'asset.set', assetIds: [old.id], fields: { favourite: true } });
    await b.sync();
    await a.sync();
    expect(filesOf(b.library).size).toBe(2);

    await putBack();
    for (let n = 0; n < growth; n += 1) c.engine.act({ op: 'album.create', albumId: n.toString(16).padStart(32, 'd') as never, name: `Since ${n}` });
    if (growth > 0) await c.sync();
    await b.sync();
    await a.sync();
    await b.sync();
    await a.sync();
    expect(filesOf(b.library).size).toBe(2);
    for (const device of [a, b]) {
      const assets = device.engine.assets();
      expect(assets).toHaveLength(2);
      expect(assets.find((asset) => asset.id === old.id)).toMatchObject({ caption: 'written after the backup', favourite: true });
      const albums = device.engine.albums().map(({ album, items }) => [album.name, items.length]);
      expect(albums).toContainEqual(['After', 1]);
      expect(albums).toHaveLength(1 + growth);
      expect(device.engine.status()).toMatchObject({ pendingChanges: 0, reasons: [] });
    }
    expect(a.engine.status().items).toMatchObject({ found: 2, verified: 2 });
    // A device that never synced before sees what the server really holds.
    c.setFolder();
    await c.sync();
    expect(filesOf(c.library).size).toBe(2);
  });

  test('a change that was answered but not read back is sent again, though others have taken its place', async () => {
    const { a, b } = await withOnePhoto();
    await backUp();
    await a.sync();
    a.answers.mutate = (answer) => {
      a.conditions.online = false;
      return answer;
    };
    a.engine.act({ op: 'asset.set', assetIds: [a.engine.assets()[0]!.id], fields: { caption: 'told, not read' } });
    await a.sync();
    await putBack();
    b.engine.act({ op: 'album.create', albumId: 'e5'.repeat(16) as never, name: 'In its place' });
    await b.sync();
    delete a.answers.mutate;
    a.conditions.online = true;
    await a.sync();
    await b.sync();
    expect(b.engine.assets().map((asset) => asset.caption)).toEqual(['told, not read']);
    expect(a.engine.status()).toMatchObject({ pendingChanges: 0, reasons: [] });
  });

  test('a change that was answered while a question for the log was on its way: the answer to that question says nothing of it', async () => {
    const { a, b } = await withOnePhoto();
    await backUp();
    await a.sync();
    await b.sync();
    const answered = Promise.withResolvers<void>();
    a.answers.mutate = (answer) => {
      answered.resolve();
      return answer;
    };
    const ask = a.ports.server.changes.bind(a.ports.server);
    let waits = true;
    a.ports.server.changes = async (...question) => {
      if (waits) {
        waits = false;
        await answered.promise;
        await putBack();
        b.engine.act({ op: 'album.create', albumId: 'e7'.repeat(16) as never, name: 'In its place' });
        await b.sync();
      }
      return await ask(...question);
    };
    a.engine.act({ op: 'asset.set', assetIds: [a.engine.assets()[0]!.id], fields: { caption: 'told meanwhile' } });
    await a.sync();
    await b.sync();
    expect(waits).toBe(false);
    expect(b.engine.assets().map((asset) => asset.caption)).toEqual(['told meanwhile']);
    expect(a.engine.albums().map(({ album }) => album.name)).toEqual(['In its place']);
    expect(a.engine.status()).toMatchObject({ pendingChanges: 0, reasons: [] });
  });

  test('a change whose answer was on its way while the log was read over its place: what was read says nothing of it', async () => {
    const { a, b } = await withOnePhoto();
    await backUp();
    await a.sync();
    await b.sync();
    const send = a.ports.server.mutate.bind(a.ports.server);
    let waits = true;
    a.ports.server.mutate = async (...batch) => {
      const answer = await send(...batch);
      if (!waits) return answer;
      waits = false;
      await putBack();
      b.engine.act({ op: 'album.create', albumId: 'e8'.repeat(16) as never, name: 'In its place' });
      await b.sync();
      a.engine.serverHasNews(true);
      await vi.waitFor(() => expect(a.engine.albums().map(({ album }) => album.name)).toEqual(['In its place']), 5000);
      return answer;
    };
    a.engine.act({ op: 'asset.set', assetIds: [a.engine.assets()[0]!.id], fields: { caption: 'answered late' } });
    await a.sync();
    await b.sync();
    expect(waits).toBe(false);
    expect(b.engine.assets().map((asset) => asset.caption)).toEqual(['answered late']);
    expect(a.engine.assets().map((asset) => asset.caption)).toEqual(['answered late']);
    expect(a.engine.status()).toMatchObject({ pendingChanges: 0, reasons: [] });
  });

  test('a backup that is copied back after a restore by the command: what came in between is offered again', async () => {
    const { a, b } = await withOnePhoto();
    await backUp();
    await beginAnew();
    await a.sync();
    a.engine.act({ op: 'asset.set', assetIds: [a.engine.assets()[0]!.id], fields: { caption: 'in between' } });
    await a.sync();
    await putBack();
    await a.sync();
    await a.sync();
    expect(a.engine.status()).toMatchObject({ pendingChanges: 0, reasons: [] });
    await b.sync();
    expect(b.engine.assets().map((asset) => asset.caption)).toEqual(['in between']);
  });

  test.each(['who knows the first comes first', 'who knows the second comes first'])('back by the command, and back again by hand: what was written later holds, though it stood earlier in its log (%s)', async (order) => {
    const { a, b } = await withOnePhoto();
    await b.sync();
    await backUp();
    const id = a.engine.assets()[0]!.id;
    for (let n = 0; n < 9; n += 1) a.engine.act({ op: 'album.create', albumId: n.toString(16).padStart(32, 'f') as never, name: `Of the first ${n}` });
    a.engine.act({ op: 'asset.set', assetIds: [id], fields: { caption: 'of the first' } });
    await a.sync();
    await putBack();
    await beginAnew();
    await b.sync();
    b.engine.act({ op: 'asset.set', assetIds: [id], fields: { caption: 'of the second' } });
    await b.sync();
    await putBack();
    const [first, second] = order.startsWith('who knows the first') ? [a, b] : [b, a];
    for (const device of [first, second, first, second, first]) await device.sync();
    for (const device of [a, b]) {
      expect(device.engine.assets().map((asset) => asset.caption)).toEqual(['of the second']);
      expect(device.engine.albums()).toHaveLength(9);
      expect(device.engine.status()).toMatchObject({ pendingChanges: 0, reasons: [] });
    }
  });

  test('a server that went back again before its library was read anew: what was saved in between is saved again', async () => {
    w = await world({ folder: data });
    const a = await w.device('a');
    await a.sync();
    await backUp();
    const saved = async (): Promise<number> => (await w.server.services.db.selectFrom('resource').select('sha256').execute()).length;
    await beginAnew();
    a.answers.snapshot = () => ({ ok: false, failure: { code: 'internal_error', evidence: {} } });
    addPhoto(a.photos, 'one.jpg', 'one');
    a.addSource();
    await a.sync();
    expect(a.engine.status().items.verified).toBe(1);
    expect(await saved()).toBe(1);
    await putBack();
    await beginAnew();
    expect(await saved()).toBe(0);
    delete a.answers.snapshot;
    a.engine.retry();
    await a.sync();
    expect(a.engine.status()).toMatchObject({ items: { verified: 1 }, pendingChanges: 0, reasons: [] });
    expect(await saved()).toBe(1);
  });

  test('a server that went back and forth again while it said at which number it stands: that was of the first time', async () => {
    const { a, b } = await withOnePhoto();
    const id = a.engine.assets()[0]!.id;
    await backUp();
    for (const caption of ['two', 'three', 'four']) {
      a.engine.act({ op: 'asset.set', assetIds: [id], fields: { caption } });
      await a.sync();
    }
    await backUp(later());
    await putBack();
    await beginAnew();
    const send = a.ports.server.mutate.bind(a.ports.server);
    let settled = 0;
    a.ports.server.mutate = async (...batch) => {
      const answer = await send(...batch);
      if (batch[1].mutations.length > 0 || (settled += 1) > 1) return answer;
      await putBack(later());
      await beginAnew();
      a.engine.serverHasNews(true);
      await vi.waitFor(() => expect(a.engine.status().cursor?.epoch).not.toBe(batch[1].epoch), 5000);
      return answer;
    };
    a.engine.act({ op: 'asset.set', assetIds: [id], fields: { caption: 'five' } });
    await a.sync();
    await b.sync();
    expect(b.engine.assets().map((asset) => asset.caption)).toEqual(['five']);
    expect(a.engine.status()).toMatchObject({ pendingChanges: 0, reasons: [] });
    expect(settled).toBe(2);
  });

  test('a server that went back again while it said that it went back: the library is read of the last time alone', async () => {
    const { a } = await withOnePhoto();
    await backUp();
    await a.sync();
    const send = a.ports.server.mutate.bind(a.ports.server);
    let refused = 0;
    a.ports.server.mutate = async (...batch) => {
      const answer = await send(...batch);
      if (answer.ok || answer.failure.code !== 'server_rolled_back' || (refused += 1) > 1) return answer;
      await putBack();
      await beginAnew();
      a.engine.serverHasNews(true);
      await vi.waitFor(() => expect(a.engine.status().cursor).toMatchObject({ epoch: expect.not.stringMatching(batch[1].epoch) }), 5000);
      a.calls.length = 0;
      return answer;
    };
    await beginAnew();
    a.engine.act({ op: 'asset.set', assetIds: [a.engine.assets()[0]!.id], fields: { caption: 'two' } });
    await a.sync();
    expect(refused).toBe(1);
    expect(a.calls).not.toContain('snapshot');
    expect(a.engine.assets().map((asset) => asset.caption)).toEqual(['two']);
    expect(a.engine.status()).toMatchObject({ pendingChanges: 0, reasons: [] });
  });

  test('a photo that is deleted before the device hears of it is sent again, and its file goes after that', async () => {
    w = await world({ folder: data });
    const a = await w.device('a');
    const b = await w.device('b');
    a.setFolder();
    await a.sync();
    await backUp();
    const bytes = addPhoto(a.library, 'one.jpg', 'one');
    await a.sync();
    const asset = a.engine.assets()[0]!;
    await putBack();
    a.engine.act({ op: 'asset.trash', assetIds: [asset.id] });
    expect([a.engine.assets().length, a.engine.assets({ state: 'trashed' }).length]).toEqual([0, 1]);
    a.answers.beforeUpload = () => expect(filesOf(a.library).size).toBe(1);
    await a.sync();
    expect(filesOf(a.library).size).toBe(0);
    await b.sync();
    b.engine.act({ op: 'asset.recover', assetIds: [asset.id] });
    await b.sync();
    await a.sync();
    expect([...filesOf(a.library).values()].map((file) => file.equals(bytes))).toEqual([true]);
    expect(a.engine.status()).toMatchObject({ pendingChanges: 0, reasons: [] });
  });

  test('what was to be removed is asked for again: a photo that was deleted elsewhere, whose file had not gone yet', async () => {
    w = await world({ folder: data });
    const a = await w.device('a');
    const b = await w.device('b');
    a.setFolder();
    await a.sync();
    await backUp();
    addPhoto(a.library, 'one.jpg', 'one');
    await a.sync();
    await b.sync();
    const asset = b.engine.assets()[0]!;
    b.engine.act({ op: 'asset.trash', assetIds: [asset.id] });
    await b.sync();
    const ports = { ...a.ports };
    const busy = { ok: false, failure: { code: 'unreadable', evidence: {} } } as const;
    Object.assign(a.ports, { openFolder: (place: Place) => Object.assign(ports.openFolder(place), { remove: () => Promise.resolve(busy) }) });
    await a.sync();
    expect([a.engine.assets().length, filesOf(a.library).size]).toEqual([0, 1]);
    await putBack();
    Object.assign(a.ports, { openFolder: (place: Place) => ports.openFolder(place) });
    a.engine.retry();
    const beforeUpload = vi.fn<() => void>(() => expect(filesOf(a.library).size).toBe(1));
    a.answers.beforeUpload = beforeUpload;
    await a.sync();
    expect(beforeUpload).toHaveBeenCalled();
    expect([filesOf(a.library).size, a.engine.assets({ state: 'trashed' }).length]).toEqual([0, 1]);
    expect(a.engine.status()).toMatchObject({ pendingChanges: 0, reasons: [] });
  });
});
