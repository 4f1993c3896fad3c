import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Source, type SourceEntry, SourceGone, TransferError } from '../src/ports/source.ts';
import type { Bytes } from '../src/ports/server-client.ts';

export interface SourceWorld {
  readonly source: Source;
  /** Writes a file as a person would, making its folders. Whatever its size, its time of change is new. */
  write(path: string, content: Uint8Array): Promise<void>;
  move(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** The disk is unmounted, and mounted again. */
  detach(): Promise<void>;
  attach(): Promise<void>;
  /** A small JPEG; another seed is another file of another hash. */
  photo(seed: string): { readonly content: Uint8Array; readonly sha256: string };
  end(): Promise<void>;
}

const never = new AbortController().signal;

export async function listAll(source: Source): Promise<{ entries: SourceEntry[]; unreadable: string[] }> {
  const entries: SourceEntry[] = [];
  const unreadable: string[] = [];
  for await (const listed of source.list(never)) {
    if (listed.what === 'entries') entries.push(...listed.entries);
    else unreadable.push(listed.localId);
  }
  return { entries: entries.toSorted((a, b) => (a.localId < b.localId ? -1 : 1)), unreadable };
}

export async function bytesOf(body: Bytes): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** What every implementation of the port `Source` does. A library folder is a source too. */
export function sourceContract(name: string, begin: () => Promise<SourceWorld>): void {
  describe(`${name} keeps the contract of Source`, () => {
    let world: SourceWorld;
    beforeEach(async () => {
      world = await begin();
    });
    afterEach(() => world.end());

    const entryAt = async (localId: string): Promise<SourceEntry> => {
      const found = (await listAll(world.source)).entries.find((entry) => entry.localId === localId);
      if (found === undefined) throw new Error(`${localId} was not listed`);
      return found;
    };

    test('a listing has every file once, in folders of any depth, with size and name', async () => {
      const { content } = world.photo('one');
      for (const path of ['IMG_1.JPG', '2024/05/IMG_1.JPG', '2024/05/IMG_2.JPG']) await world.write(path, content);
      const { entries, unreadable } = await listAll(world.source);
      expect(entries.map(({ localId, name: file, bytes }) => [localId, file, bytes])).toEqual([
        ['2024/05/IMG_1.JPG', 'IMG_1.JPG', content.length],
        ['2024/05/IMG_2.JPG', 'IMG_2.JPG', content.length],
        ['IMG_1.JPG', 'IMG_1.JPG', content.length],
      ]);
      expect(unreadable).toEqual([]);
    });

    test('a name is given in NFC, the local id as the disk spells it', async () => {
      const nfd = 'Käfer.jpg'.normalize('NFD');
      await world.write(nfd, world.photo('one').content);
      const { entries } = await listAll(world.source);
      expect(entries.map((entry) => entry.name)).toEqual(['Käfer.jpg'.normalize('NFC')]);
      const [entry] = entries;
      expect((await world.source.stat(entry?.localId ?? '')).ok).toBe(true);
      expect((await world.source.inspect(entry?.localId ?? '', never)).ok).toBe(true);
    });

    test('a source that is there and empty lists nothing and ends by itself', async () => {
      expect(await listAll(world.source)).toEqual({ entries: [], unreadable: [] });
    });

    test('a source that is gone throws SourceGone and never looks empty', async () => {
      await world.write('IMG_1.JPG', world.photo('one').content);
      await listAll(world.source);
      await world.detach();
      await expect(listAll(world.source)).rejects.toBeInstanceOf(SourceGone);
      expect(await world.source.stat('IMG_1.JPG')).toMatchObject({ ok: false, failure: { code: 'source_missing' } });
      expect(await world.source.inspect('IMG_1.JPG', never)).toMatchObject({ ok: false, failure: { code: 'source_missing' } });
      await world.attach();
      expect((await listAll(world.source)).entries).toHaveLength(1);
    });

    test('stat says what the listing says, and undefined for what is not there', async () => {
      await world.write('IMG_1.JPG', world.photo('one').content);
      expect(await world.source.stat('IMG_1.JPG')).toEqual({ ok: true, value: await entryAt('IMG_1.JPG') });
      expect(await world.source.stat('IMG_2.JPG')).toEqual({ ok: true, value: undefined });
      expect(await world.source.stat('no/such/folder/IMG.JPG')).toEqual({ ok: true, value: undefined });
    });

    test('a moved file keeps its identity, size and time', async () => {
      await world.write('IMG_1.JPG', world.photo('one').content);
      const before = await entryAt('IMG_1.JPG');
      await world.move('IMG_1.JPG', '2024/IMG_9.JPG');
      const after = await entryAt('2024/IMG_9.JPG');
      expect({ ...after, localId: '', name: '' }).toEqual({ ...before, localId: '', name: '' });
    });

    test('inspection gives the hash of all bytes, the facts, and the entry as listed', async () => {
      const { content, sha256 } = world.photo('one');
      await world.write('IMG_1.JPG', content);
      expect(await world.source.inspect('IMG_1.JPG', never)).toMatchObject({
        ok: true,
        value: { entry: await entryAt('IMG_1.JPG'), sha256, isMedia: true, kind: 'photo', mediaType: 'image/jpeg' },
      });
    });

    test('inspection of what is no media says so, and of what is gone says vanished', async () => {
      await world.write('letter.txt', new TextEncoder().encode('Dear Ada,'));
      expect(await world.source.inspect('letter.txt', never)).toMatchObject({ ok: true, value: { isMedia: false } });
      expect(await world.source.inspect('IMG_2.JPG', never)).toMatchObject({ ok: false, failure: { code: 'vanished' } });
    });

    test('read gives exactly the bytes that were asked for', async () => {
      const { content } = world.photo('one');
      await world.write('IMG_1.JPG', content);
      const entry = await entryAt('IMG_1.JPG');
      expect(await bytesOf(world.source.read(entry, 0, content.length))).toEqual(new Uint8Array(content));
      expect(await bytesOf(world.source.read(entry, 10, 20))).toEqual(new Uint8Array(content.slice(10, 30)));
      expect(await bytesOf(world.source.read(entry, content.length, 0))).toHaveLength(0);
    });

    test('read of a file that is another now gives no byte', async () => {
      await world.write('IMG_1.JPG', world.photo('one').content);
      const entry = await entryAt('IMG_1.JPG');
      await world.write('IMG_1.JPG', world.photo('longer name of a seed').content);
      await expect(bytesOf(world.source.read(entry, 0, 10))).rejects.toMatchObject({ code: 'changed_during_upload' });
    });

    test('read of a file that changes meanwhile never reaches its announced length', async () => {
      const content = new Uint8Array(3_000_000).fill(7);
      await world.write('IMG_1.JPG', content);
      const entry = await entryAt('IMG_1.JPG');
      let got = 0;
      const reading = (async () => {
        for await (const chunk of world.source.read(entry, 0, content.length)) {
          if (got === 0) await world.write('IMG_1.JPG', new Uint8Array(3_000_000).fill(8));
          got += chunk.length;
        }
      })();
      await expect(reading).rejects.toBeInstanceOf(TransferError);
      expect(got).toBeLessThan(content.length);
    });

    test('read of a file that is gone says vanished', async () => {
      await world.write('IMG_1.JPG', world.photo('one').content);
      const entry = await entryAt('IMG_1.JPG');
      await world.remove('IMG_1.JPG');
      await expect(bytesOf(world.source.read(entry, 0, 10))).rejects.toMatchObject({ code: 'vanished' });
    });
  });
}
