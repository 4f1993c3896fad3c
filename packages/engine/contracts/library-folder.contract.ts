import { Sha256 } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Bytes } from '../src/ports/server-client.ts';
import { type LibraryFolder, type SourceEntry, TransferError } from '../src/ports/source.ts';
import { type SourceWorld, bytesOf, listAll } from './source.contract.ts';

export interface LibraryFolderWorld extends SourceWorld {
  readonly source: LibraryFolder;
}

const never = new AbortController().signal;
const may2024 = Date.UTC(2024, 4, 17, 12);

/** What every implementation of the port `LibraryFolder` does beside being a source. */
export function libraryFolderContract(name: string, begin: () => Promise<LibraryFolderWorld>): void {
  describe(`${name} keeps the contract of LibraryFolder`, () => {
    let world: LibraryFolderWorld;
    beforeEach(async () => {
      world = await begin();
    });
    afterEach(() => world.end());

    const photo = (seed: string): { content: Uint8Array; sha256: Sha256 } => {
      const { content, sha256 } = world.photo(seed);
      return { content: new Uint8Array(content), sha256: Sha256.parse(sha256) };
    };
    const stage = async (seed: string): Promise<{ content: Uint8Array; sha256: Sha256 }> => {
      const one = photo(seed);
      expect(await world.source.stage(one.sha256, 0, chunks(one.content), never)).toEqual({ ok: true, value: one.content.length });
      return one;
    };
    const place = async (seed: string, folder: string, file: string): Promise<SourceEntry> => {
      const { sha256 } = await stage(seed);
      const placed = await world.source.place(sha256, { folder, name: file, modifiedAt: may2024 });
      if (!placed.ok) throw new Error(placed.failure.code);
      return placed.value;
    };
    const contentOf = (entry: SourceEntry): Promise<Uint8Array> => bytesOf(world.source.read(entry, 0, entry.bytes));

    test('what is staged is in no listing; placed, it is a file with its bytes, name and time', async () => {
      const { content, sha256 } = await stage('one');
      expect((await listAll(world.source)).entries).toEqual([]);
      const placed = await world.source.place(sha256, { folder: '2024/05', name: 'IMG_1.JPG', modifiedAt: may2024 });
      expect(placed).toMatchObject({ ok: true, value: { localId: '2024/05/IMG_1.JPG', name: 'IMG_1.JPG', bytes: content.length, modifiedAt: may2024 } });
      const { entries } = await listAll(world.source);
      expect(entries).toEqual(placed.ok ? [placed.value] : []);
      expect(await Promise.all(entries.map(contentOf))).toEqual([content]);
      expect(await world.source.staged(sha256)).toBe(0);
    });

    test('a photo from before 1970 keeps its time', async () => {
      const { sha256 } = await stage('one');
      const taken = Date.UTC(1962, 3, 1);
      expect(await world.source.place(sha256, { folder: '1962/04', name: 'scan.jpg', modifiedAt: taken })).toMatchObject({ ok: true, value: { modifiedAt: taken } });
    });

    test('what is staged of an original that is not to come any more goes, the rest stays', async () => {
      const [one, two] = [await stage('one'), await stage('two')];
      await world.source.tidy((sha256) => sha256 === two.sha256);
      expect([await world.source.staged(one.sha256), await world.source.staged(two.sha256)]).toEqual([0, two.content.length]);
    });

    test('a download that broke goes on behind what arrived', async () => {
      const { content, sha256 } = photo('one');
      const broken = (async function* (): Bytes {
        yield content.slice(0, 300);
        throw new TransferError('server_unreachable', 'the connection broke');
      })();
      expect(await world.source.stage(sha256, 0, broken, never)).toMatchObject({ ok: false, failure: { code: 'server_unreachable' } });
      expect(await world.source.staged(sha256)).toBe(300);
      expect(await world.source.stage(sha256, 300, chunks(content.slice(300)), never)).toEqual({ ok: true, value: content.length });
      expect((await world.source.place(sha256, { folder: '', name: 'a.jpg', modifiedAt: may2024 })).ok).toBe(true);
    });

    test('what is staged behind `from` is dropped', async () => {
      const { content, sha256 } = photo('one');
      await world.source.stage(sha256, 0, chunks(new Uint8Array(5000).fill(1)), never);
      expect(await world.source.stage(sha256, 0, chunks(content), never)).toEqual({ ok: true, value: content.length });
      expect((await world.source.place(sha256, { folder: '', name: 'a.jpg', modifiedAt: may2024 })).ok).toBe(true);
    });

    test('bytes that are not the announced ones are dropped and never seen', async () => {
      const { sha256 } = photo('one');
      await world.source.stage(sha256, 0, chunks(photo('two').content), never);
      expect(await world.source.place(sha256, { folder: '', name: 'a.jpg', modifiedAt: may2024 })).toMatchObject({ ok: false, failure: { code: 'bit_rot' } });
      expect(await world.source.staged(sha256)).toBe(0);
      expect((await listAll(world.source)).entries).toEqual([]);
    });

    test('no file is ever overwritten: a name that is taken gives one beside it', async () => {
      await world.write('2024/05/IMG_1.JPG', photo('a person’s own').content);
      const first = await place('one', '2024/05', 'IMG_1.JPG');
      const second = await place('two', '2024/05', 'IMG_1.JPG');
      const { entries } = await listAll(world.source);
      expect(entries).toHaveLength(3);
      expect(new Set(entries.map((entry) => entry.localId)).size).toBe(3);
      expect(first.name.endsWith('.JPG') && second.name.endsWith('.JPG')).toBe(true);
      expect(await contentOf(first)).toEqual(photo('one').content);
      expect(await contentOf(second)).toEqual(photo('two').content);
    });

    test('placing again what was placed and not noted gives the same file', async () => {
      const first = await place('one', '2024/05', 'IMG_1.JPG');
      const again = await place('one', '2024/05', 'IMG_1.JPG');
      expect(again).toEqual(first);
      expect((await listAll(world.source)).entries).toEqual([first]);
    });

    test.each([
      ['../../escape.jpg'],
      ['..'],
      ['/etc/passwd'],
      ['C:\\Windows\\evil.jpg'],
      ['con.jpg'],
      ['.hidden.jpg'],
      ['trailing. . '],
      ['new\nline\u0000.jpg'],
      ['\u202egpj.exe'],
      [`${'long '.repeat(60)}.heic`],
      [`${'🐞'.repeat(120)}.heic`],
      ['..jpg'],
    ])('a hostile name %j becomes a plain file in the folder', async (hostile) => {
      const entry = await place('one', '2024/../../05', hostile);
      expect(entry.localId.split('/').every((part) => part !== '..' && part !== '.' && !part.startsWith('.'))).toBe(true);
      expect(new TextEncoder().encode(entry.name).length).toBeLessThanOrEqual(255);
      expect(entry.name.endsWith('.heic')).toBe(hostile.endsWith('.heic'));
      expect((await listAll(world.source)).entries).toEqual([entry]);
    });

    test('remove takes the file that was listed, leaves one that changed, and says what is gone', async () => {
      const entry = await place('one', '2024/05', 'IMG_1.JPG');
      await world.write(entry.localId, photo('a person’s later work').content);
      expect(await world.source.remove(entry)).toEqual({ ok: true, value: 'changed' });
      const now = await world.source.stat(entry.localId);
      if (!now.ok || now.value === undefined) throw new Error('it was left in place');
      expect(await world.source.remove(now.value)).toEqual({ ok: true, value: 'removed' });
      expect(await world.source.remove(now.value)).toEqual({ ok: true, value: 'gone' });
      expect((await listAll(world.source)).entries).toEqual([]);
    });

    test('a staged preview is in no listing; placed, it says for which original it stands, wherever it is moved', async () => {
      const { sha256 } = photo('one');
      expect(await world.source.stagePreview(sha256, { mediaType: 'image/jpeg', content: photo('picture').content })).toEqual({ ok: true, value: undefined });
      expect((await listAll(world.source)).entries).toEqual([]);
      const placed = await world.source.placePreview(sha256, { folder: '2024/05', name: 'IMG_1.HEIC.preview.jpg', modifiedAt: may2024 });
      expect(placed).toMatchObject({ ok: true, value: { localId: '2024/05/IMG_1.HEIC.preview.jpg', modifiedAt: may2024 } });
      await world.move('2024/05/IMG_1.HEIC.preview.jpg', 'Trip/renamed.jpg');
      expect(await world.source.inspect('Trip/renamed.jpg', never)).toMatchObject({ ok: true, value: { previewOf: sha256 } });
    });

    test('a photo is no preview', async () => {
      const entry = await place('one', '', 'a.jpg');
      expect(await world.source.inspect(entry.localId, never)).toMatchObject({ ok: true, value: { previewOf: null, sha256: photo('one').sha256 } });
    });

    test('an original that is evicted leaves its preview beside its place, with its time', async () => {
      const entry = await place('one', '2024/05', 'IMG_1.HEIC');
      const { sha256 } = photo('one');
      await world.source.stagePreview(sha256, { mediaType: 'image/jpeg', content: photo('picture').content });
      const evicted = await world.source.evict(entry, sha256, 'IMG_1.HEIC.preview.jpg');
      if (!evicted.ok || evicted.value.what !== 'evicted') throw new Error(JSON.stringify(evicted));
      expect(evicted.value.preview).toMatchObject({ localId: '2024/05/IMG_1.HEIC.preview.jpg', modifiedAt: may2024 });
      expect((await listAll(world.source)).entries).toEqual([evicted.value.preview]);
    });

    test('an original that a person changed meanwhile stays, and no preview comes', async () => {
      const entry = await place('one', '2024/05', 'IMG_1.HEIC');
      await world.write(entry.localId, photo('a person’s later work').content);
      const { sha256 } = photo('one');
      await world.source.stagePreview(sha256, { mediaType: 'image/jpeg', content: photo('picture').content });
      expect(await world.source.evict(entry, sha256, 'IMG_1.HEIC.preview.jpg')).toEqual({ ok: true, value: { what: 'changed' } });
      expect((await listAll(world.source)).entries.map(({ localId }) => localId)).toEqual(['2024/05/IMG_1.HEIC']);
    });

    test('without a staged preview nothing is evicted', async () => {
      const entry = await place('one', '', 'a.jpg');
      expect((await world.source.evict(entry, photo('one').sha256, 'a.jpg.preview.jpg')).ok).toBe(false);
      expect((await listAll(world.source)).entries).toEqual([entry]);
    });

    test('an original that comes back lies beside its preview, in a person’s own folder too', async () => {
      await world.write('My trip: day 1/note.jpg', photo('another').content);
      const { sha256 } = await stage('one');
      const placed = await world.source.place(sha256, { folder: '2024/05', name: 'IMG_1.HEIC', modifiedAt: may2024, beside: 'My trip: day 1/note.jpg' });
      expect(placed).toMatchObject({ ok: true, value: { localId: 'My trip: day 1/IMG_1.HEIC' } });
    });

    test('a folder that is gone takes nothing, and says so', async () => {
      const entry = await place('one', '', 'a.jpg');
      const { sha256, content } = photo('two');
      await world.detach();
      expect(await world.source.stage(sha256, 0, chunks(content), never)).toMatchObject({ ok: false, failure: { code: 'source_missing' } });
      expect(await world.source.place(sha256, { folder: '', name: 'b.jpg', modifiedAt: may2024 })).toMatchObject({ ok: false, failure: { code: 'source_missing' } });
      expect(await world.source.remove(entry)).toMatchObject({ ok: false, failure: { code: 'source_missing' } });
      expect(await world.source.stagePreview(sha256, { mediaType: 'image/jpeg', content })).toMatchObject({ ok: false, failure: { code: 'source_missing' } });
      expect(await world.source.evict(entry, sha256, 'a.jpg.preview.jpg')).toMatchObject({ ok: false, failure: { code: 'source_missing' } });
      expect(world.source.room()).toBeNull();
      await world.attach();
      expect((await listAll(world.source)).entries).toEqual([entry]);
    });
  });
}

async function* chunks(content: Uint8Array): Bytes {
  for (let at = 0; at < content.length; at += 1000) yield content.slice(at, at + 1000);
}
