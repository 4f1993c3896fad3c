import { createHash, randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Sha256, UploadId } from '@everroll/protocol';
import { describe, expect, it } from 'vitest';
import type { OriginalStore } from './store.ts';

/** Every implementation of `OriginalStore` passes this suite: `make` gives an empty store each time. */
export function originalStoreContract(name: string, make: () => Promise<OriginalStore>): void {
  describe(`${name} keeps the contract of an original store`, () => {
    it('stages bytes in parts and says how many it holds', async () => {
      const store = await make();
      const upload = newUpload();
      expect(await store.stagedBytes(upload)).toBeUndefined();
      await stage(store, upload, 0, [Buffer.from('abc'), Buffer.from('de')]);
      expect(await store.stagedBytes(upload)).toBe(5);
      await stage(store, upload, 5, [Buffer.from('f')]);
      expect((await collect(store.readStaged(upload))).toString()).toBe('abcdef');
    });

    it('goes on at an earlier offset and cuts off what lay behind it', async () => {
      const store = await make();
      const upload = newUpload();
      await stage(store, upload, 0, [Buffer.from('abcdef')]);
      await stage(store, upload, 2, [Buffer.from('X')]);
      expect((await collect(store.readStaged(upload))).toString()).toBe('abX');
    });

    it('refuses to leave a hole: an offset behind the end fails', async () => {
      const store = await make();
      const { upload } = await staged(store, 5);
      await expect(store.stage(upload, 6)).rejects.toThrow('expected');
      await expect(store.stage(newUpload(), 1)).rejects.toBeInstanceOf(Error);
    });

    it('cuts back to an offset while writing', async () => {
      const store = await make();
      const upload = newUpload();
      const writer = await store.stage(upload, 0);
      await writer.append([Buffer.from('abcdef')]);
      await writer.truncate(3);
      await writer.append([Buffer.from('!')]);
      expect(writer.offset).toBe(4);
      await writer.close();
      expect((await collect(store.readStaged(upload))).toString()).toBe('abc!');
    });

    it('commits what was made durable while it was written', async () => {
      const store = await make();
      const upload = newUpload();
      const { bytes, sha256 } = hashed(randomBytes(100));
      const writer = await store.stage(upload, 0);
      await writer.append([bytes]);
      await writer.sync();
      await writer.close();
      await store.commit(upload, sha256);
      expect((await read(store, sha256, 0, 100)).equals(bytes)).toBe(true);
    });

    it('shows an original only once it is committed, whole and under its hash', async () => {
      const store = await make();
      const { upload, sha256, bytes } = await staged(store, 300_000);
      expect(await store.bytesOf(sha256)).toBeUndefined();
      expect(await store.read(sha256, 0, 1)).toBeUndefined();
      await store.commit(upload, sha256);
      expect(await store.bytesOf(sha256)).toBe(bytes.length);
      expect((await read(store, sha256, 0, bytes.length)).equals(bytes)).toBe(true);
      expect(await all(store.list())).toEqual([sha256]);
      await store.discard(upload);
      expect(await store.stagedBytes(upload)).toBeUndefined();
      expect((await read(store, sha256, 0, bytes.length)).equals(bytes)).toBe(true);
    });

    it('commits again after a commit whose end was not seen', async () => {
      const store = await make();
      const { upload, sha256, bytes } = await staged(store, 10);
      await store.commit(upload, sha256);
      if ((await store.stagedBytes(upload)) !== undefined) await store.commit(upload, sha256);
      await store.discard(upload);
      expect((await read(store, sha256, 0, 10)).equals(bytes)).toBe(true);
      expect(await all(store.listStaged())).toEqual([]);
    });

    it('replaces an original that is there already, so that rot is mended', async () => {
      const store = await make();
      const { sha256 } = hashed(Buffer.from('whole'));
      const rotten = newUpload();
      await stage(store, rotten, 0, [Buffer.from('rot')]);
      await store.commit(rotten, sha256);
      const mend = newUpload();
      await stage(store, mend, 0, [Buffer.from('whole')]);
      await store.commit(mend, sha256);
      expect((await read(store, sha256, 0, 5)).toString()).toBe('whole');
    });

    it('reads a range, and ends in an error where the bytes run out', async () => {
      const store = await make();
      const { upload, sha256, bytes } = await staged(store, 1_000_000);
      await store.commit(upload, sha256);
      expect((await read(store, sha256, 300_000, 700_001)).equals(bytes.subarray(300_000, 700_001))).toBe(true);
      expect(await read(store, sha256, 5, 5)).toHaveLength(0);
      await expect(read(store, sha256, 0, 1_000_001)).rejects.toThrow('expected');
    });

    it('hands over pieces in order, each of them its taker’s until that is done with it', async () => {
      const store = await make();
      const { upload, sha256, bytes } = await staged(store, 1_000_000);
      await store.commit(upload, sha256);
      const slowly = async (start: number, end: number): Promise<Buffer> => {
        const taken: Buffer[] = [];
        const pour = await store.pieces(sha256, start, end);
        await pour?.(async (piece) => {
          await nextTurn();
          taken.push(Buffer.from(piece));
        });
        return Buffer.concat(taken);
      };
      const both = await Promise.all([slowly(300_000, 700_001), slowly(0, 1_000_000)]);
      expect(both.map((got, index) => got.equals(index === 0 ? bytes.subarray(300_000, 700_001) : bytes))).toEqual([true, true]);
      await expect(slowly(0, 1_000_001)).rejects.toThrow('expected');
      const pour = await store.pieces(sha256, 0, 1_000_000);
      await expect(pour?.(async () => await Promise.reject(new Error('the taker went away')))).rejects.toThrow('went away');
      expect(await store.pieces(hashed(Buffer.from('not there')).sha256, 0, 1)).toBeUndefined();
    });

    it('lists what is staged and discards it, twice if asked', async () => {
      const store = await make();
      const { upload } = await staged(store, 5);
      expect((await all(store.listStaged())).map((entry) => entry.upload)).toEqual([upload]);
      await store.discard(upload);
      await store.discard(upload);
      expect(await all(store.listStaged())).toEqual([]);
    });

    it('sets aside, restores, and lists for removal only what was set aside before a day', async () => {
      const store = await make();
      const first = await committed(store, 10);
      const second = await committed(store, 20);
      const day = Date.UTC(2026, 6, 1);
      await store.setAside(first, day);
      await store.setAside(second, day + 86_400_000);
      await store.setAside(first, day);
      expect(await all(store.list())).toEqual([]);
      expect(await all(store.listSetAside(day))).toEqual([]);
      const old = await all(store.listSetAside(day + 86_400_000));
      expect(old).toEqual([{ sha256: first, day: '2026-07-01' }]);
      for (const entry of old) await store.removeSetAside(entry);
      expect(await all(store.listSetAside(day + 86_400_000))).toEqual([]);
      expect(await store.restore(first)).toBe(false);
      expect(await store.restore(second)).toBe(true);
      expect(await store.restore(second)).toBe(true);
      expect(await all(store.list())).toEqual([second]);
    });

    it('is asked by several at once for what was set aside: it is there for each of them', async () => {
      const store = await make();
      const sha256 = await committed(store, 10);
      await store.setAside(sha256, 0);
      expect(await Promise.all([store.restore(sha256), store.restore(sha256), store.restore(sha256)])).toEqual([true, true, true]);
      expect(await all(store.list())).toEqual([sha256]);
    });

    it('keeps the fresh original when an older one that was set aside is restored', async () => {
      const store = await make();
      const { upload, sha256, bytes } = await staged(store, 10);
      await store.commit(upload, sha256);
      await store.setAside(sha256, 0);
      const again = newUpload();
      await stage(store, again, 0, [bytes]);
      await store.commit(again, sha256);
      expect(await store.restore(sha256)).toBe(true);
      expect((await read(store, sha256, 0, 10)).equals(bytes)).toBe(true);
    });

    it('keeps a damaged original out of the way, every one of them, and nothing brings it back', async () => {
      const store = await make();
      const { upload, sha256, bytes } = await staged(store, 10);
      await store.commit(upload, sha256);
      await store.setAsideDamaged(sha256, 0);
      expect(await store.bytesOf(sha256)).toBeUndefined();
      expect(await store.restore(sha256)).toBe(false);
      expect(await all(store.listSetAside(Date.UTC(2100, 0, 1)))).toEqual([]);
      const again = newUpload();
      await stage(store, again, 0, [bytes]);
      await store.commit(again, sha256);
      expect(await store.bytesOf(sha256)).toBe(10);
      await store.setAsideDamaged(sha256, 1);
      await store.setAsideDamaged(sha256, 2);
      expect(await all(store.list())).toEqual([]);
    });

    it('is known by its mark, which is no original', async () => {
      const store = await make();
      expect(await store.mark()).toBeUndefined();
      await store.setMark('first');
      await store.setMark('second');
      expect(await store.mark()).toBe('second');
      expect(await all(store.list())).toEqual([]);
    });

    it('says how much room there is', async () => {
      expect(await (await make()).freeBytes()).toBeGreaterThan(0);
    });
  });
}

function newUpload(): UploadId {
  return UploadId.parse(randomBytes(16).toString('hex'));
}

function hashed(bytes: Buffer): { bytes: Buffer; sha256: Sha256 } {
  return { bytes, sha256: Sha256.parse(createHash('sha256').update(bytes).digest('hex')) };
}

async function stage(store: OriginalStore, upload: UploadId, offset: number, chunks: Uint8Array[]): Promise<void> {
  const writer = await store.stage(upload, offset);
  await writer.append(chunks);
  await writer.close();
}

async function staged(store: OriginalStore, size: number) {
  const upload = newUpload();
  const { bytes, sha256 } = hashed(randomBytes(size));
  await stage(store, upload, 0, [bytes]);
  return { upload, bytes, sha256 };
}

async function committed(store: OriginalStore, size: number): Promise<Sha256> {
  const { upload, sha256 } = await staged(store, size);
  await store.commit(upload, sha256);
  await store.discard(upload);
  return sha256;
}

async function read(store: OriginalStore, sha256: Sha256, start: number, end: number): Promise<Buffer> {
  const stream = await store.read(sha256, start, end);
  if (!stream) throw new Error('no such original');
  return collect(stream);
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await all(source));
}

async function all<Item>(source: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of source) items.push(item);
  return items;
}
