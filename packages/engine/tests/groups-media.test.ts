import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMedia } from '@everroll/media';
import type { AssetId } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { joinGroups } from '../../../apps/server/src/groups/join.ts';
import { lockLibrary } from '../../../apps/server/src/log/commit.ts';
import { LibraryState } from '../../../apps/server/src/log/state.ts';
import { filesOf, type TestDevice, world, type World } from './world.ts';

/** Real files of cameras, where they lie beside the repository. */
const media = join(import.meta.dirname, '../../../../shared/media');
const folders = ['aae-edits', 'livephoto', 'livephoto-jpg', 'burst', 'raw-jpeg-pair'];
const files = existsSync(media) ? folders.flatMap((folder) => readdirSync(join(media, folder)).map((name) => join(media, folder, name))) : [];

let w: World;
beforeEach(async () => {
  w = await world();
});
afterEach(async () => await w.close());

function groups(device: TestDevice): string[] {
  return device.engine
    .assets()
    .map((asset) => asset.resources.map((resource) => `${resource.role} ${resource.name}`).toSorted().join(', '))
    .toSorted();
}

/** As the media pipeline describes what arrived. */
async function describeAll(device: TestDevice): Promise<void> {
  const paths = new Map(files.map((path) => [createHash('sha256').update(readFileSync(path)).digest('hex'), path]));
  const { id: library } = device.engine.identity()!.library;
  const describeOne = async (id: AssetId): Promise<void> => {
    await w.server.services.db.transaction().execute(async (trx) => {
      const state = await LibraryState.load(trx, await lockLibrary(trx, library), [{ kind: 'asset', id }], [], []);
      const asset = state.rowsFor('server').asset(id)!;
      if (asset.state !== 'live') return;
      const { details } = await readMedia(paths.get(asset.primary)!);
      state.appendDerived({ ...asset, details });
      await state.flush(trx, Date.now());
      await joinGroups(trx, library, id, Date.now());
    });
  };
  for (const { id } of device.engine.assets()) await describeOne(id);
}

const inFolders = [
  'paired_video IMG_4394.mov, photo IMG_4394.HEIC',
  'paired_video IMG_4580.mov, photo IMG_4580.HEIC',
  'paired_video 51F2BEF7_live.mov, photo 51F2BEF7_live.jpeg',
  'photo IMG_1853.HEIC, rendered_edit IMG_E1853.heic, sidecar IMG_1853.AAE',
  'photo St James Park.jpg, rendered_edit St James Park_edited.jpg, sidecar St James Park.AAE',
  'photo IMG_0658.JPG',
  'photo IMG_0664.JPG',
  'photo IMG_0667.JPG',
  'photo IMG_0675.JPG',
  'photo IMG_1994.JPG',
  'photo live-image.heic',
  'photo test2.heic',
  'sidecar IMG_O3932.aae',
  'sidecar IMG_O5747.aae',
  'sidecar PLIST.aae',
];
/** Its original lies in another folder than its edit and the sidecars: only the server sees them together. */
const apart = ['paired_video IMG_3582.mov, photo IMG_3582.HEIC', 'paired_video IMG_3582_edited.mov, photo IMG_3582_edited.heic', 'sidecar IMG_3582.AAE', 'sidecar IMG_O3582.AAE'];
const together = ['paired_video IMG_3582.mov, photo IMG_3582.HEIC, rendered_edit IMG_3582_edited.heic, rendered_edit IMG_3582_edited.mov, sidecar IMG_3582.AAE, sidecar IMG_O3582.AAE'];

describe.skipIf(files.length === 0)(`A7 on ${files.length} files of cameras`, () => {
  test('each group is one asset, and every byte is saved', async () => {
    const a = await w.device('a');
    for (const folder of folders) a.engine.addSource(join(media, folder));
    await a.sync();
    expect(groups(a)).toEqual([...inFolders, ...apart].toSorted());
    await describeAll(a);
    await a.sync();
    expect(groups(a)).toEqual([...inFolders, ...together].toSorted());
    expect(a.engine.status().items).toMatchObject({ found: files.length, verified: files.length });
    expect(a.engine.assets({ state: 'trashed' })).toEqual([]);

    const stored = await w.server.services.db.selectFrom('resource').select(['sha256', 'bytes']).execute();
    expect(new Map(stored.map((row) => [row.sha256, row.bytes]))).toEqual(new Map(files.map((path) => [createHash('sha256').update(readFileSync(path)).digest('hex'), readFileSync(path).length])));
    const { used_bytes } = await w.server.services.db.selectFrom('account').select('used_bytes').executeTakeFirstOrThrow();
    expect(used_bytes).toBe(stored.reduce((sum, { bytes }) => sum + bytes, 0));
  });

  test('a library folder that has all of it, as it came, is left alone by the joins', async () => {
    const [a, b] = [await w.device('a'), await w.device('b')];
    for (const folder of folders) a.engine.addSource(join(media, folder));
    b.setFolder();
    await a.sync();
    await b.sync();
    const before = [...filesOf(b.library).keys()].toSorted();
    await describeAll(a);
    b.calls.length = 0;
    await b.sync();
    expect(groups(b)).toEqual([...inFolders, ...together].toSorted());
    expect(b.calls).not.toContain('download');
    expect([...filesOf(b.library).keys()].toSorted()).toEqual(before);
    expect(b.engine.status().items).toMatchObject({ found: files.length, verified: files.length });
  });
});
