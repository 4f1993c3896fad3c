import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginEpoch } from '@everroll/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeInventory } from '../../../apps/server/src/scrub/inventory.ts';
import { addFile, addPhoto, filesOf, type TestDevice, type World, world } from './world.ts';

let w: World;
let data: string;
let a: TestDevice;
let b: TestDevice;
let original: Uint8Array;

/** A has the photo in a source, B a picture of it in its library folder. */
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'everroll-evicted-lost-'));
  w = await world({ makesPictures: true, folder: join(data, 'now') });
  a = await w.device('a');
  b = await w.device('b');
  a.addSource();
  b.setFolder();
  b.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
});
afterEach(async () => {
  await w.close();
  rmSync(data, { recursive: true, force: true });
});

async function evictOnB(): Promise<void> {
  original = addPhoto(a.photos, 'one.jpg', 'one', { bytes: 300_000 });
  await a.sync();
  await b.sync();
  await expect.poll(async () => (await b.sync(), b.engine.status().evicted.items), { timeout: 60_000 }).toBe(1);
  expect(b.engine.status()).toMatchObject({ items: { found: 1, verified: 1 }, atRisk: { items: 0 }, reasons: [] });
}

const saysLost = { items: { found: 1, verified: 0, waiting: 1 }, atRisk: { items: 1 }, reasons: [{ code: 'bit_rot', items: 1 }] };
const isWell = { items: { found: 1, verified: 1 }, atRisk: { items: 0 }, reasons: [] };

describe('an original that gave way on the server’s word, and that the server lost', () => {
  test('in an older backup is asked about, said to be in danger, and well again when a device that has it sends it', async () => {
    await w.restartServer(() => cpSync(join(data, 'now'), join(data, 'backup'), { recursive: true }));
    await evictOnB();
    rmSync(join(a.photos, 'one.jpg'));
    await a.sync();
    await w.restartServer(() => {
      rmSync(join(data, 'now'), { recursive: true });
      cpSync(join(data, 'backup'), join(data, 'now'), { recursive: true });
    });
    await b.sync();
    expect(b.engine.status()).toMatchObject(saysLost);
    expect(b.engine.why({ name: 'one.jpg' })).toMatchObject([{ state: 'waiting', stage: 'evicted', reason: { code: 'bit_rot' } }]);
    expect(await b.engine.removeFromDevice(AbortSignal.timeout(30_000))).toMatchObject({ ok: true, value: { what: 'at risk', items: [{ name: 'one.jpg' }] } });
    addFile(a.photos, 'found again.jpg', original);
    await a.sync();
    await b.sync();
    expect(b.engine.status()).toMatchObject(isWell);
    expect(filesOf(b.library).size).toBe(1);
    expect(b.engine.assets()).toHaveLength(1);
  });

  test('and still has after all is asked about once, and nothing is said', async () => {
    await evictOnB();
    await w.restartServer(() => cpSync(join(data, 'now'), join(data, 'backup'), { recursive: true }));
    b.engine.act({ op: 'asset.set', assetIds: [b.engine.assets()[0]!.id], fields: { favourite: true } });
    await b.sync();
    await w.restartServer(() => {
      rmSync(join(data, 'now'), { recursive: true });
      cpSync(join(data, 'backup'), join(data, 'now'), { recursive: true });
    });
    b.calls.length = 0;
    await b.sync();
    expect(b.engine.status()).toMatchObject(isWell);
    expect(b.calls.filter((call) => call === 'known')).toHaveLength(1);
  });

  test('S2: from its disk is said as soon as the log says it, until it is back', async () => {
    await evictOnB();
    await takeInventory(w.server.uploads, 0);
    const sha256 = b.engine.assets()[0]!.resources[0]!.sha256;
    rmSync(join(w.server.folder, 'originals', sha256.slice(0, 2), sha256.slice(2, 4), sha256));
    expect(await takeInventory(w.server.uploads, 0)).toMatchObject({ missing: 1 });
    await b.sync();
    expect(b.engine.status()).toMatchObject(saysLost);
    await a.sync();
    await b.sync();
    expect(b.engine.status()).toMatchObject(isWell);
  });
});

describe('a photo that was deleted for ever before a device read the library anew', () => {
  const beginAnew = async (): Promise<void> => {
    const { services } = w.server;
    await services.db.transaction().execute(async (trx) => void (await beginEpoch(trx, services.random, a.engine.identity()!.library.id, services.clock.now())));
  };
  /** The pages of the snapshot that were kept for A are of a moment before the photo was deleted, and its purge would follow them. */
  const forgetPages = async (): Promise<void> => void (await w.server.services.db.deleteFrom('snapshot').execute());
  const purgeOnA = async (): Promise<void> => {
    const { id } = a.engine.assets()[0]!;
    a.engine.act({ op: 'asset.trash', assetIds: [id] });
    await a.sync();
    expect(a.engine.act({ op: 'asset.purge', assetId: id, saw: a.engine.status().head }).ok).toBe(true);
    await a.sync();
    expect(a.engine.assets({ state: 'trashed' })).toHaveLength(0);
    await forgetPages();
  };
  const leftOnB = () => ({ files: filesOf(b.library).size, ...b.engine.status() });
  const nothing = { files: 0, items: { found: 0 }, atRisk: { items: 0 }, reasons: [] };

  test('takes its picture with it, though no page of the log says so', async () => {
    await evictOnB();
    await beginAnew();
    await purgeOnA();
    await b.sync();
    expect(leftOnB()).toMatchObject(nothing);
  });

  test('also where the server was asked before the snapshot was read', async () => {
    await evictOnB();
    await beginAnew();
    await purgeOnA();
    b.answers.snapshot = () => ({ ok: false, failure: { code: 'internal_error', evidence: {} } });
    await b.sync();
    expect(b.engine.status()).toMatchObject({ items: { found: 1 } });
    delete b.answers.snapshot;
    b.engine.retry();
    await b.sync();
    expect(leftOnB()).toMatchObject(nothing);
  });

  test('also where the picture was away meanwhile', async () => {
    await evictOnB();
    addPhoto(a.photos, 'two.jpg', 'two', { bytes: 300_000 });
    await a.sync();
    await expect.poll(async () => (await b.sync(), b.engine.status().evicted.items), { timeout: 60_000 }).toBe(2);
    const first = a.engine.assets().findIndex((asset) => asset.resources[0]!.name === 'one.jpg');
    const other = a.engine.assets()[1 - first]!;
    const held = [...filesOf(b.library).keys()];
    const away = (path: string) => join(data, path.replaceAll('/', '-'));
    for (const path of held) renameSync(join(b.library, path), away(path));
    await b.sync();
    await beginAnew();
    a.engine.act({ op: 'asset.trash', assetIds: [other.id] });
    await a.sync();
    a.engine.act({ op: 'asset.purge', assetId: other.id, saw: a.engine.status().head });
    await a.sync();
    await forgetPages();
    await b.sync();
    for (const path of held) renameSync(away(path), join(b.library, path));
    await b.sync();
    expect([...filesOf(b.library).keys()]).toEqual([expect.stringMatching(/one\.jpg\.preview/)]);
    expect(b.engine.status()).toMatchObject(isWell);
  });
});
