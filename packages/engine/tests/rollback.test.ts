import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ports } from '@everroll/engine';
import { beginEpoch } from '@everroll/server';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { addPhoto, filesOf, type World, world } from './world.ts';

type Place = Parameters<Ports['openFolder']>[0];

let w: World;
afterEach(async () => {
  await w.close();
});

/** An operator copies a backup back while the server stands still. */
const putBack = async (data: string, backup: string): Promise<void> =>
  await w.restartServer(() => {
    rmSync(data, { recursive: true });
    cpSync(backup, data, { recursive: true });
  });

describe('C3, C4, C5: a server restored from an older backup', () => {
  test.each([
    ['is behind their cursors', 0],
    ['has grown past their cursors since', 40],
  ])('devices offer again what it lost, rows and bytes, and delete nothing: the log %s', async (_, growth) => {
    const data = mkdtempSync(join(tmpdir(), 'everroll-rolled-back-'));
    const backup = `${data}-backup`;
    try {
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

      await putBack(data, backup);
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
    } finally {
      rmSync(data, { recursive: true, force: true });
      rmSync(backup, { recursive: true, force: true });
    }
  });

  test('a change that was answered but not read back is sent again, though others have taken its place', async () => {
    const data = mkdtempSync(join(tmpdir(), 'everroll-answered-'));
    const backup = `${data}-backup`;
    try {
      w = await world({ folder: data });
      const a = await w.device('a');
      const b = await w.device('b');
      addPhoto(a.photos, 'one.jpg', 'one');
      a.addSource();
      await a.sync();
      await w.restartServer(() => cpSync(data, backup, { recursive: true }));
      await a.sync();
      a.answers.mutate = (answer) => {
        a.conditions.online = false;
        return answer;
      };
      a.engine.act({ op: 'asset.set', assetIds: [a.engine.assets()[0]!.id], fields: { caption: 'told, not read' } });
      await a.sync();
      await putBack(data, backup);
      b.engine.act({ op: 'album.create', albumId: 'e5'.repeat(16) as never, name: 'In its place' });
      await b.sync();
      delete a.answers.mutate;
      a.conditions.online = true;
      await a.sync();
      await b.sync();
      expect(b.engine.assets().map((asset) => asset.caption)).toEqual(['told, not read']);
      expect(a.engine.status()).toMatchObject({ pendingChanges: 0, reasons: [] });
    } finally {
      rmSync(data, { recursive: true, force: true });
      rmSync(backup, { recursive: true, force: true });
    }
  });

  test('a change that was answered while a question for the log was on its way: the answer to that question says nothing of it', async () => {
    const data = mkdtempSync(join(tmpdir(), 'everroll-on-its-way-'));
    const backup = `${data}-backup`;
    try {
      w = await world({ folder: data });
      const a = await w.device('a');
      const b = await w.device('b');
      addPhoto(a.photos, 'one.jpg', 'one');
      a.addSource();
      await a.sync();
      await w.restartServer(() => cpSync(data, backup, { recursive: true }));
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
          await putBack(data, backup);
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
    } finally {
      rmSync(data, { recursive: true, force: true });
      rmSync(backup, { recursive: true, force: true });
    }
  });

  test('a change whose answer was on its way while the log was read over its place: what was read says nothing of it', async () => {
    const data = mkdtempSync(join(tmpdir(), 'everroll-answer-late-'));
    const backup = `${data}-backup`;
    try {
      w = await world({ folder: data });
      const a = await w.device('a');
      const b = await w.device('b');
      addPhoto(a.photos, 'one.jpg', 'one');
      a.addSource();
      await a.sync();
      await w.restartServer(() => cpSync(data, backup, { recursive: true }));
      await a.sync();
      await b.sync();
      const send = a.ports.server.mutate.bind(a.ports.server);
      let waits = true;
      a.ports.server.mutate = async (...batch) => {
        const answer = await send(...batch);
        if (!waits) return answer;
        waits = false;
        await putBack(data, backup);
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
    } finally {
      rmSync(data, { recursive: true, force: true });
      rmSync(backup, { recursive: true, force: true });
    }
  });

  test('a backup that is copied back after a restore by the command: what came in between is offered again', async () => {
    const data = mkdtempSync(join(tmpdir(), 'everroll-twice-back-'));
    const backup = `${data}-backup`;
    try {
      w = await world({ folder: data });
      const a = await w.device('a');
      const b = await w.device('b');
      addPhoto(a.photos, 'one.jpg', 'one');
      a.addSource();
      await a.sync();
      await w.restartServer(() => cpSync(data, backup, { recursive: true }));
      const { services } = w.server;
      const library = a.engine.identity()!.library.id;
      await services.db.transaction().execute(async (trx) => void (await beginEpoch(trx, services.random, library, services.clock.now())));
      await a.sync();
      a.engine.act({ op: 'asset.set', assetIds: [a.engine.assets()[0]!.id], fields: { caption: 'in between' } });
      await a.sync();
      await putBack(data, backup);
      await a.sync();
      await a.sync();
      expect(a.engine.status()).toMatchObject({ pendingChanges: 0, reasons: [] });
      await b.sync();
      expect(b.engine.assets().map((asset) => asset.caption)).toEqual(['in between']);
    } finally {
      rmSync(data, { recursive: true, force: true });
      rmSync(backup, { recursive: true, force: true });
    }
  });

  test.each(['who knows the first comes first', 'who knows the second comes first'])('back by the command, and back again by hand: what was written later holds, though it stood earlier in its log (%s)', async (order) => {
    const data = mkdtempSync(join(tmpdir(), 'everroll-two-lost-'));
    const backup = `${data}-backup`;
    try {
      w = await world({ folder: data });
      const a = await w.device('a');
      const b = await w.device('b');
      addPhoto(a.photos, 'one.jpg', 'one');
      a.addSource();
      await a.sync();
      await b.sync();
      await w.restartServer(() => cpSync(data, backup, { recursive: true }));
      const id = a.engine.assets()[0]!.id;
      for (let n = 0; n < 9; n += 1) a.engine.act({ op: 'album.create', albumId: n.toString(16).padStart(32, 'f') as never, name: `Of the first ${n}` });
      a.engine.act({ op: 'asset.set', assetIds: [id], fields: { caption: 'of the first' } });
      await a.sync();
      await putBack(data, backup);
      const { services } = w.server;
      await services.db.transaction().execute(async (trx) => void (await beginEpoch(trx, services.random, a.engine.identity()!.library.id, services.clock.now())));
      await b.sync();
      b.engine.act({ op: 'asset.set', assetIds: [id], fields: { caption: 'of the second' } });
      await b.sync();
      await putBack(data, backup);
      const [first, second] = order.startsWith('who knows the first') ? [a, b] : [b, a];
      for (const device of [first, second, first, second, first]) await device.sync();
      for (const device of [a, b]) {
        expect(device.engine.assets().map((asset) => asset.caption)).toEqual(['of the second']);
        expect(device.engine.albums()).toHaveLength(9);
        expect(device.engine.status()).toMatchObject({ pendingChanges: 0, reasons: [] });
      }
    } finally {
      rmSync(data, { recursive: true, force: true });
      rmSync(backup, { recursive: true, force: true });
    }
  });

  test('a server that went back again before its library was read anew: what was saved in between is saved again', async () => {
    const data = mkdtempSync(join(tmpdir(), 'everroll-back-unread-'));
    const backup = `${data}-backup`;
    try {
      w = await world({ folder: data });
      const a = await w.device('a');
      await a.sync();
      await w.restartServer(() => cpSync(data, backup, { recursive: true }));
      const library = a.engine.identity()!.library.id;
      const beginAnew = async (): Promise<void> => {
        const { services } = w.server;
        await services.db.transaction().execute(async (trx) => void (await beginEpoch(trx, services.random, library, services.clock.now())));
      };
      const saved = async (): Promise<number> => (await w.server.services.db.selectFrom('resource').select('sha256').execute()).length;
      await beginAnew();
      a.answers.snapshot = () => ({ ok: false, failure: { code: 'internal_error', evidence: {} } });
      addPhoto(a.photos, 'one.jpg', 'one');
      a.addSource();
      await a.sync();
      expect(a.engine.status().items.verified).toBe(1);
      expect(await saved()).toBe(1);
      await putBack(data, backup);
      await beginAnew();
      expect(await saved()).toBe(0);
      delete a.answers.snapshot;
      a.engine.retry();
      await a.sync();
      expect(a.engine.status()).toMatchObject({ items: { verified: 1 }, pendingChanges: 0, reasons: [] });
      expect(await saved()).toBe(1);
    } finally {
      rmSync(data, { recursive: true, force: true });
      rmSync(backup, { recursive: true, force: true });
    }
  });

  test('a photo that is deleted before the device hears of it is sent again, and its file goes after that', async () => {
    const data = mkdtempSync(join(tmpdir(), 'everroll-deleted-'));
    const backup = `${data}-backup`;
    try {
      w = await world({ folder: data });
      const a = await w.device('a');
      const b = await w.device('b');
      a.setFolder();
      await a.sync();
      await w.restartServer(() => cpSync(data, backup, { recursive: true }));
      const bytes = addPhoto(a.library, 'one.jpg', 'one');
      await a.sync();
      const asset = a.engine.assets()[0]!;
      await putBack(data, backup);
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
    } finally {
      rmSync(data, { recursive: true, force: true });
      rmSync(backup, { recursive: true, force: true });
    }
  });

  test('what was to be removed is asked for again: a photo that was deleted elsewhere, whose file had not gone yet', async () => {
    const data = mkdtempSync(join(tmpdir(), 'everroll-to-remove-'));
    const backup = `${data}-backup`;
    try {
      w = await world({ folder: data });
      const a = await w.device('a');
      const b = await w.device('b');
      a.setFolder();
      await a.sync();
      await w.restartServer(() => cpSync(data, backup, { recursive: true }));
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
      await putBack(data, backup);
      Object.assign(a.ports, { openFolder: (place: Place) => ports.openFolder(place) });
      a.engine.retry();
      const beforeUpload = vi.fn<() => void>(() => expect(filesOf(a.library).size).toBe(1));
      a.answers.beforeUpload = beforeUpload;
      await a.sync();
      expect(beforeUpload).toHaveBeenCalled();
      expect([filesOf(a.library).size, a.engine.assets({ state: 'trashed' }).length]).toEqual([0, 1]);
      expect(a.engine.status()).toMatchObject({ pendingChanges: 0, reasons: [] });
    } finally {
      rmSync(data, { recursive: true, force: true });
      rmSync(backup, { recursive: true, force: true });
    }
  });
});
