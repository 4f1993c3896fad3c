import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { libraryFolderContract, listAll, sourceContract } from '@everroll/engine/contracts';
import { describe, expect, test } from 'vitest';
import { Sha256 } from '@everroll/protocol';
import { personIn, temporaryFolder } from '../../testing/folders.ts';
import { openLibraryFolder } from './library-folder.ts';
import { markLibraryFolder, stagingOf } from './marker.ts';
import { safeFileName } from './safe-name.ts';
import { openWitnesses } from './witnesses.ts';

async function begin() {
  const folder = await temporaryFolder();
  const root = join(folder.path, 'library');
  mkdirSync(root);
  markLibraryFolder(root);
  return { root, source: openLibraryFolder(root, openWitnesses(join(folder.path, 'witnesses.json'))), ...personIn(root), end: folder.end };
}

sourceContract('a library folder', begin);
libraryFolderContract('a library folder', begin);

describe('a library folder', () => {
  test('without its marker it is gone, whatever lies in it', async () => {
    const world = await begin();
    await world.write('IMG_1.JPG', world.photo('one').content);
    rmSync(join(world.root, '.everroll'), { recursive: true });
    await expect(listAll(world.source)).rejects.toMatchObject({ code: 'source_missing' });
    expect(await world.source.stat('IMG_1.JPG')).toMatchObject({ ok: false, failure: { code: 'source_missing' } });
    await world.end();
  });

  test('what was written to after it came is not placed, though it was hashed as it came', async () => {
    const world = await begin();
    const { content, sha256: text } = world.photo('one');
    const sha256 = Sha256.parse(text);
    await world.source.stage(sha256, 0, one(Buffer.from(content)), new AbortController().signal);
    writeFileSync(join(stagingOf(world.root), `${sha256}.part`), Buffer.alloc(content.length, 1));
    expect(await world.source.place(sha256, { folder: '', name: 'a.jpg', modifiedAt: 0 })).toMatchObject({ ok: false, failure: { code: 'bit_rot' } });
    expect(await world.source.staged(sha256)).toBe(0);
    expect((await listAll(world.source)).entries).toEqual([]);
    await world.end();
  });

  test('many that are placed at once are all there', async () => {
    const world = await begin();
    const photos = Array.from({ length: 20 }, (_, index) => world.photo(`photo ${index}`));
    const placed = await Promise.all(
      photos.map(async ({ content, sha256 }, index) => {
        await world.source.stage(Sha256.parse(sha256), 0, one(Buffer.from(content)), new AbortController().signal);
        return await world.source.place(Sha256.parse(sha256), { folder: '2024/05', name: `${index % 3}.jpg`, modifiedAt: 0 });
      }),
    );
    const entries = placed.flatMap((result) => (result.ok ? [result.value] : []));
    expect(new Set(entries.map(({ localId }) => localId)).size).toBe(20);
    expect((await listAll(world.source)).entries.toSorted((a, b) => a.localId.localeCompare(b.localId))).toEqual(entries.toSorted((a, b) => a.localId.localeCompare(b.localId)));
    await world.end();
  });

  test('a month’s folder goes with its last photo, a person’s own folder stays', async () => {
    const world = await begin();
    for (const folder of ['2024/2024-05', 'Trip']) {
      const { content, sha256 } = world.photo(folder);
      await world.source.stage(Sha256.parse(sha256), 0, one(content), new AbortController().signal);
      const placed = await world.source.place(Sha256.parse(sha256), { folder, name: 'a.jpg', modifiedAt: 0 });
      if (!placed.ok) throw new Error(placed.failure.code);
      expect(await world.source.remove(placed.value)).toMatchObject({ value: 'removed' });
    }
    expect(readdirSync(world.root).toSorted()).toEqual(['.everroll', 'Trip']);
    await world.end();
  });
});

test.each([
  ['IMG_1.JPG', 'IMG_1.JPG'],
  ['a/b\\c.jpg', 'a_b_c.jpg'],
  ['..', '_'],
  ['.jpg', '_jpg'],
  ['NUL', '_NUL'],
  ['com1.jpg', '_com1.jpg'],
  ['common.jpg', 'common.jpg'],
  ['what? "really".jpg', 'what_ _really_.jpg'],
  ['end. ', 'end_'],
])('the name %j becomes %j', (hostile, safe) => {
  expect(safeFileName(hostile)).toBe(safe);
});

async function* one(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
