import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { libraryFolderContract, listAll, sourceContract } from '@everroll/engine/contracts';
import { describe, expect, test } from 'vitest';
import { Sha256 } from '@everroll/protocol';
import { personIn, temporaryFolder } from '../../testing/folders.ts';
import { openLibraryFolder } from './library-folder.ts';
import { markLibraryFolder } from './marker.ts';
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
