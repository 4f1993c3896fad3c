import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { makeLivePhoto } from '@everroll/media/samples';
import { beginEpoch } from '@everroll/server';
import { addFile, addPhoto, filesOf, type World, world } from './world.ts';

let w: World;
afterEach(async () => {
  await w.close();
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

      await w.restartServer(() => {
        rmSync(data, { recursive: true });
        cpSync(backup, data, { recursive: true });
      });
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
      await w.restartServer(() => {
        rmSync(data, { recursive: true });
        cpSync(backup, data, { recursive: true });
      });
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
      await w.restartServer(() => {
        rmSync(data, { recursive: true });
        cpSync(backup, data, { recursive: true });
      });
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
});

describe('a full plan', () => {
  test('quota_full says what is short, small things and edits go on, and uploads resume when there is room', async () => {
    w = await world();
    await w.server.services.db.updateTable('account').set({ plan_bytes: 300_000 }).execute();
    const a = await w.device('a');
    addPhoto(a.photos, 'first.jpg', 'first', { bytes: 200_000 });
    addPhoto(a.photos, 'never.jpg', 'never', { bytes: 300_001 });
    a.addSource();
    await a.sync();
    addPhoto(a.photos, 'large.jpg', 'large', { bytes: 250_000 });
    addPhoto(a.photos, 'larger.jpg', 'larger', { bytes: 280_000 });
    addPhoto(a.photos, 'small.jpg', 'small', { bytes: 50_000 });
    await a.sync();
    expect(a.engine.status().items).toMatchObject({ found: 5, verified: 2, waiting: 3 });
    const codes = (): unknown => new Map(a.engine.status().reasons.map((reason) => [reason.code, reason.items]));
    expect(codes()).toEqual(new Map([['quota_full', 2], ['item_larger_than_plan', 1]]));
    const [why] = a.engine.why({ name: 'large.jpg' });
    expect(why?.reason).toMatchObject({ code: 'quota_full', evidence: { shortBytes: 200_000 } });

    const first = a.engine.assets().find((asset) => asset.resources[0]?.name === 'first.jpg')!;
    a.engine.act({ op: 'asset.trash', assetIds: [first.id] });
    await a.sync();
    a.engine.act({ op: 'asset.purge', assetId: first.id, saw: a.engine.status().cursor!.seq });
    await a.sync();
    expect(a.engine.why({ name: 'large.jpg' })[0]?.state).toBe('verified');
    expect(a.engine.why({ name: 'larger.jpg' })[0]?.reason?.code).toBe('quota_full');

    await w.server.services.db.updateTable('account').set({ plan_bytes: 5_000_000_000 }).execute();
    a.engine.retry();
    await a.sync();
    expect(a.engine.status().items).toMatchObject({ verified: 4, excluded: 1 });
  });
});

describe('faults of one item stop no other', () => {
  test('L4: an entry that cannot be read is parked, the page and the cursor go on', async () => {
    w = await world();
    const a = await w.device('a');
    const b = await w.device('b');
    addPhoto(a.photos, 'one.jpg', 'one');
    addPhoto(a.photos, 'two.jpg', 'two');
    a.addSource();
    await a.sync();
    b.answers.changes = (page) => page;
    await b.sync();
    a.engine.act({ op: 'asset.set', assetIds: a.engine.assets().map((asset) => asset.id), fields: { favourite: true } });
    await a.sync();
    let spoilt = false;
    b.answers.changes = (page) => {
      if (spoilt || page.entries.length < 2) return page;
      spoilt = true;
      return { ...page, entries: [{ kind: 'hologram', seq: page.to, row: {} }, ...page.entries.slice(1)] };
    };
    await b.sync();
    expect(b.engine.status().parkedEntries).toBe(1);
    expect(b.engine.assets().filter((asset) => asset.favourite)).toHaveLength(1);
    expect(b.engine.status().cursor?.seq).toBe(b.engine.status().head);
  });

  test('L3: a page that does not begin at the cursor changes nothing', async () => {
    w = await world();
    const a = await w.device('a');
    const b = await w.device('b');
    addPhoto(a.photos, 'one.jpg', 'one');
    a.addSource();
    await b.sync();
    await a.sync();
    const before = b.engine.status().cursor;
    b.answers.changes = (page) => ({ ...page, from: page.from + 1 });
    await b.sync();
    expect(b.engine.status().cursor).toEqual(before);
    expect(b.engine.assets()).toEqual([]);
    b.answers.changes = (page) => page;
    b.engine.retry();
    await b.sync();
    expect(b.engine.assets()).toHaveLength(1);
  });

  test('M3: an answer that was lost is asked for again and has one effect', async () => {
    w = await world();
    const a = await w.device('a');
    addPhoto(a.photos, 'one.jpg', 'one');
    a.addSource();
    await a.sync();
    const { id } = a.engine.assets()[0]!;
    let lost = 0;
    a.answers.mutate = (answer) => (lost++ === 0 ? { ok: false, failure: { code: 'server_unreachable', evidence: {} } } : answer);
    a.engine.act({ op: 'asset.trash', assetIds: [id] });
    await a.sync();
    a.engine.retry();
    await a.sync();
    expect(lost).toBe(2);
    expect(a.engine.status()).toMatchObject({ pendingChanges: 0, rejectedChanges: [] });
    expect(a.engine.assets({ state: 'trashed' })).toHaveLength(1);
  });

  test('bytes that are spoilt on the way are read and sent again', async () => {
    w = await world();
    const a = await w.device('a');
    addPhoto(a.photos, 'one.jpg', 'one');
    addFile(a.photos, 'two.jpg', Buffer.from('two'));
    a.addSource();
    let spoilt = 0;
    a.answers.createUpload = (answer) => (spoilt++ === 0 ? { ok: false, failure: { code: 'checksum_mismatch', evidence: {} } } : answer);
    await a.sync();
    a.engine.retry();
    await a.sync();
    expect(a.engine.status().items).toMatchObject({ found: 2, verified: 2 });
  });
});

describe('found by review', () => {
  test('large changes go in as many requests as they need', async () => {
    w = await world();
    const a = await w.device('a');
    for (let n = 0; n < 10; n += 1) addPhoto(a.photos, `${n}.jpg`, `n${n}`);
    a.addSource();
    await a.sync();
    for (const { id } of a.engine.assets()) for (let n = 0; n < 20; n += 1) a.engine.act({ op: 'asset.set', assetIds: [id], fields: { caption: `${n}${'字'.repeat(9_900)}` } });
    await a.sync();
    expect(a.engine.status()).toMatchObject({ pendingChanges: 0, reasons: [] });
  });

  test('a source that is taken away while it is read ends nothing but itself', async () => {
    w = await world();
    const a = await w.device('a');
    for (let n = 0; n < 40; n += 1) addPhoto(a.photos, `${n}.jpg`, `n${n}`);
    a.addSource();
    const [source] = a.engine.sources();
    a.answers.createUpload = (answer) => {
      if (a.engine.sources().length > 0) a.engine.removeSource(source!.id);
      return answer;
    };
    await a.sync();
    expect(a.engine.status().items.found).toBe(0);
    delete a.answers.createUpload;
    a.addSource();
    expect(a.engine.sources()[0]!.id).not.toBe(source!.id);
    await a.sync();
    expect(a.engine.status().items).toMatchObject({ found: 40, verified: 40 });
  });

  test('half of a Live Photo whose bytes are saved is added though its file is gone', async () => {
    w = await world();
    const a = await w.device('a');
    const { still } = makeLivePhoto({ seed: 'half' });
    addFile(a.photos, 'half.jpg', still);
    addPhoto(a.photos, 'other.jpg', 'other');
    // Just written: it waits for its video.
    const now = new Date();
    utimesSync(join(a.photos, 'half.jpg'), now, now);
    a.addSource();
    let uploads = 0;
    a.answers.createUpload = (answer) => {
      uploads += 1;
      if (uploads === 2) {
        rmSync(join(a.photos, 'half.jpg'));
        a.engine.rescan();
      }
      return answer;
    };
    await a.sync();
    await a.sync();
    expect(a.engine.assets().map((asset) => asset.resources[0]?.name).toSorted((x, y) => ((x ?? '') < (y ?? '') ? -1 : 1))).toEqual(['half.jpg', 'other.jpg']);
    expect(a.engine.status().reasons).toEqual([]);
  });
});

describe('another account', () => {
  test('signing in to it never merges two libraries', async () => {
    w = await world();
    const a = await w.device('a');
    const identity = a.engine.identity()!;
    const other = { ...identity, account: { ...identity.account, id: 'f0'.repeat(16) as never } };
    expect(a.engine.signIn(other)).toMatchObject({ ok: false, failure: { code: 'wrong_account' } });
    expect(a.engine.identity()).toEqual(identity);
  });
});

describe('found by review, in the library folder', () => {
  test('an answer of the guard holds once: what goes another day is asked about again', async () => {
    w = await world();
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
    w = await world();
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
    w = await world();
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
    w = await world();
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

  test('an original that is gone from the server is sent again by a device that has it', async () => {
    w = await world();
    const a = await w.device('a');
    addPhoto(a.photos, 'one.jpg', 'one');
    a.addSource();
    await a.sync();
    const { sha256 } = a.engine.assets()[0]!.resources[0]!;
    const file = join(w.server.folder, 'originals', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
    rmSync(file);
    a.engine.retry();
    await a.sync();
    expect(existsSync(file)).toBe(true);
    expect(a.engine.status().items).toMatchObject({ found: 1, verified: 1 });
  });
});
