import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { takeInventory } from '../../../apps/server/src/scrub/inventory.ts';
import { READ_AFTER_MS, scrubNext } from '../../../apps/server/src/scrub/scrub.ts';
import { sha256Of } from '../../../apps/server/src/testing/tus-requests.ts';
import { addPhoto, filesOf, type TestDevice, type World, world } from './world.ts';

let w: World;
beforeEach(async () => {
  w = await world();
  await takeInventory(w.server.uploads, 0);
});
afterEach(async () => {
  await w.close();
});

const originalOf = (bytes: Uint8Array): string => {
  const sha256 = sha256Of(bytes);
  return join(w.server.folder, 'originals', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
};
/** Its file is gone from the server's disk, and the server has noticed. */
const lose = async (...all: readonly Uint8Array[]): Promise<void> => {
  for (const bytes of all) rmSync(originalOf(bytes));
  expect(await takeInventory(w.server.uploads, 0)).toMatchObject({ missing: all.length });
};
const isThere = async (bytes: Uint8Array): Promise<boolean> => (await w.server.services.originals.bytesOf(sha256Of(bytes))) === bytes.length;
const sent = ({ calls }: TestDevice): number => calls.filter((call) => call === 'createUpload').length;

describe('S2 what the server lost', () => {
  test.each(['missing', 'rotten'])('is sent again by the device that has it, once, and by no other (%s)', async (how) => {
    const [a, b] = [await w.device('a'), await w.device('b')];
    a.addSource();
    const bytes = addPhoto(a.photos, 'one.jpg', 'one');
    addPhoto(a.photos, 'two.jpg', 'two');
    await a.sync();
    await b.sync();
    if (how === 'missing') await lose(bytes);
    else {
      const rotten = Uint8Array.from(bytes);
      rotten[100]! ^= 1;
      writeFileSync(originalOf(bytes), rotten);
      w.server.clock.time += READ_AFTER_MS + 1;
      const due = { now: w.server.clock.time, askedAt: null };
      while ((await scrubNext(w.server.uploads, due)) !== null);
    }
    const before = sent(a);
    const seen: unknown[] = [];
    a.answers.beforeUpload = () => seen.push(a.engine.why({ name: 'one.jpg' }).map(({ state, reason }) => [state, reason?.code]));
    await b.sync();
    await a.sync();
    expect([sent(a) - before, sent(b), await isThere(bytes), seen]).toEqual([1, 0, true, [[['uploading', 'bit_rot']]]]);
    expect(a.engine.status()).toMatchObject({ items: { verified: 2 }, reasons: [] });
    await a.sync();
    expect([sent(a) - before, a.engine.assets().map(({ wanted }) => wanted)]).toEqual([1, [undefined, undefined]]);
  });

  test('is told by the first device that fetches it and sees that it is damaged, and comes from the one that has it', async () => {
    const [a, b] = [await w.device('a'), await w.device('b')];
    a.addSource();
    const bytes = addPhoto(a.photos, 'one.jpg', 'one');
    await a.sync();
    const rotten = Uint8Array.from(bytes);
    rotten[100]! ^= 1;
    writeFileSync(originalOf(bytes), rotten);
    b.setFolder();
    await b.sync();
    expect([a.calls, b.calls].map((calls) => calls.includes('verified'))).toEqual([false, true]);
    await a.sync();
    expect(await isThere(bytes)).toBe(true);
    b.engine.tryNow();
    await b.sync();
    expect([...filesOf(b.library).values()].map((file) => sha256Of(file))).toEqual([sha256Of(bytes)]);
  });

  test('is at risk and no longer verified from the moment that the device heard of it', async () => {
    const a = await w.device('a');
    a.addSource();
    const bytes = addPhoto(a.photos, 'one.jpg', 'one');
    await a.sync();
    await lose(bytes);
    // Metadata may pass, originals may not.
    a.engine.set({ power: 'wifi' });
    Object.assign(a.conditions, { metered: true });
    await a.sync();
    expect(a.engine.status()).toMatchObject({ items: { verified: 0, waiting: 1 }, atRisk: { items: 1 }, reasons: [{ code: 'waiting_for_wifi', items: 1 }] });
    Object.assign(a.conditions, { metered: false });
    await a.sync();
    expect(a.engine.status()).toMatchObject({ items: { verified: 1 }, reasons: [] });
  });

  test('is not asked for by a library folder that lacks it, which says why and gets it when it is there again', async () => {
    const [a, b] = [await w.device('a'), await w.device('b')];
    a.addSource();
    b.setFolder();
    const bytes = addPhoto(a.photos, 'one.jpg', 'one');
    await a.sync();
    await lose(bytes);
    await b.sync();
    expect(b.calls).not.toContain('download');
    expect(b.engine.status()).toMatchObject({ downloads: { items: 1 }, reasons: [{ code: 'bit_rot', class: 'waiting', items: 1 }] });
    const [asset] = b.engine.assets();
    expect(b.engine.whereabouts(asset!.id)).toMatchObject([{ onServer: false, lostSince: expect.any(Number), wanted: { reason: { code: 'bit_rot' } } }]);
    await a.sync();
    await b.sync();
    expect([filesOf(b.library).size, b.engine.status().reasons]).toEqual([1, []]);
  });

  test('comes from a library folder as well as from a source, and whichever device comes first', async () => {
    const [a, b] = [await w.device('a'), await w.device('b')];
    a.addSource();
    b.setFolder();
    const bytes = addPhoto(a.photos, 'one.jpg', 'one');
    await a.sync();
    await b.sync();
    await lose(bytes);
    await b.sync();
    expect(await isThere(bytes)).toBe(true);
    const before = sent(a);
    await a.sync();
    expect([sent(a) - before, a.engine.status().items.verified]).toEqual([0, 1]);
  });

  test('S5 is sent though the plan is full and others wait for it', async () => {
    const a = await w.device('a');
    a.addSource();
    const bytes = addPhoto(a.photos, 'large.jpg', 'large', { bytes: 200_000 });
    await a.sync();
    await w.server.services.db.updateTable('account').set({ plan_bytes: 200_000 }).execute();
    addPhoto(a.photos, 'more.jpg', 'more', { bytes: 50_000 });
    await a.sync();
    await lose(bytes);
    await a.sync();
    expect(await isThere(bytes)).toBe(true);
    expect(a.engine.status()).toMatchObject({ items: { verified: 1, waiting: 1 }, reasons: [{ code: 'quota_full', items: 1 }] });
  });

  test('of a photo in Recently Deleted is sent before its file leaves the library folder, so that it can be recovered', async () => {
    const [a, b] = [await w.device('a'), await w.device('b')];
    a.setFolder();
    const bytes = addPhoto(a.library, 'one.jpg', 'one');
    await a.sync();
    await b.sync();
    const [asset] = b.engine.assets();
    b.engine.act({ op: 'asset.trash', assetIds: [asset!.id] });
    await b.sync();
    await lose(bytes);
    await a.sync();
    expect([await isThere(bytes), filesOf(a.library).size]).toEqual([true, 0]);
    b.engine.act({ op: 'asset.recover', assetIds: [asset!.id] });
    await b.sync();
    await a.sync();
    expect(filesOf(a.library).size).toBe(1);
  });

  test('and was deleted for ever meanwhile is let go of on both sides', async () => {
    const [a, b] = [await w.device('a'), await w.device('b')];
    a.setFolder();
    const bytes = addPhoto(a.library, 'one.jpg', 'one');
    await a.sync();
    await b.sync();
    await lose(bytes);
    const [asset] = b.engine.assets();
    b.engine.act({ op: 'asset.trash', assetIds: [asset!.id] });
    await b.sync();
    b.engine.act({ op: 'asset.purge', assetId: asset!.id, saw: Number.MAX_SAFE_INTEGER });
    await b.sync();
    await a.sync();
    expect([filesOf(a.library).size, await isThere(bytes), a.engine.status().reasons]).toEqual([0, false, []]);
  });

  test('once more, right after it came, is sent once more', async () => {
    const a = await w.device('a');
    a.addSource();
    const bytes = addPhoto(a.photos, 'one.jpg', 'one');
    await a.sync();
    for (const round of [1, 2, 3]) {
      await lose(bytes);
      await a.sync();
      expect([round, await isThere(bytes)]).toEqual([round, true]);
    }
  });

  test('is sent by a device that was installed anew and finds it in its source', async () => {
    const [a, b] = [await w.device('a'), await w.device('b')];
    a.addSource();
    b.addSource();
    const bytes = addPhoto(a.photos, 'one.jpg', 'one');
    await a.sync();
    await lose(bytes);
    addPhoto(b.photos, 'copy.jpg', 'one');
    await b.sync();
    expect([await isThere(bytes), b.engine.status().items.verified, b.engine.assets().length]).toEqual([true, 1, 1]);
  });
});
