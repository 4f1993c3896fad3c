import { copyFile, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSampleLibrary } from '@everroll/media/samples';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CountingProxy, countingProxy } from './harness/counting-proxy.ts';
import { DeviceProcess } from './harness/device.ts';
import { contentsOf, hashesIn } from './harness/files.ts';
import { Stage } from './harness/processes.ts';
import { ServerProcess } from './harness/server.ts';

/** What a request costs beside originals: a sync that has nothing to send asks some questions. */
const QUESTIONS_BYTES = 64 * 1024;

describe('a server and two devices hold one library, byte for byte', () => {
  let stage: Stage;
  let server: ServerProcess;
  let proxy: CountingProxy;
  let a: DeviceProcess;
  let b: DeviceProcess;
  let photos: string;
  let library: string;

  beforeAll(async () => {
    stage = await Stage.open();
    server = await ServerProcess.start(stage);
    proxy = await countingProxy(() => server.port);
    a = new DeviceProcess(stage, 'a');
    b = new DeviceProcess(stage, 'b');
    photos = join(stage.path, 'photos');
    library = join(stage.path, 'library');
    await writeSampleLibrary(photos, { photos: 12, livePhotos: 4, videos: 2, photoBytes: 200_000, videoBytes: 400_000 });
    await a.signIn(proxy.url);
    await a.addSource(photos);
    await b.signIn(proxy.url);
    await b.ask(['folder', library]);
  });
  afterAll(async () => {
    await proxy.close();
    await server.stop();
    await stage.close();
  });

  const idOf = async (name: string): Promise<string> => {
    const found = [...(await b.assets()), ...(await b.assets('--deleted'))].find((asset) => asset.name === name);
    if (found === undefined) throw new Error(`${name} is not shown on B`);
    return found.id;
  };

  test('every file of A is verified, and the library folder of B holds the same bytes', async () => {
    const status = await a.sync();
    expect(status.items).toMatchObject({ found: 22, verified: 22 });
    expect(status.atRisk).toMatchObject({ items: 0, bytes: 0 });
    await b.sync();
    expect(await contentsOf(library)).toEqual(await contentsOf(photos));
  });

  test('the two files of a Live Photo are one asset', async () => {
    const assets = await b.assets();
    expect(assets).toHaveLength(18);
    const live = assets.filter((asset) => asset.mediaKind === 'live_photo');
    expect(live.map((asset) => asset.resources.map((resource) => resource.role).toSorted())).toEqual(Array.from({ length: 4 }, () => ['paired_video', 'photo']));
  });

  test('a second sync sends nothing', async () => {
    const [sent, uploads] = [proxy.sent(), proxy.uploads()];
    await a.sync();
    await b.sync();
    expect(proxy.uploads()).toBe(uploads);
    expect(proxy.sent() - sent).toBeLessThan(QUESTIONS_BYTES);
  });

  test('a device that was set up anew sends no file again', async () => {
    await a.forget();
    await a.signIn(proxy.url);
    await a.addSource(photos);
    const uploads = proxy.uploads();
    const status = await a.sync();
    expect(status.items).toMatchObject({ found: 22, verified: 22 });
    expect(proxy.uploads()).toBe(uploads);
  });

  test('the same photo added on both devices at once is one asset', async () => {
    const made = join(stage.path, 'made');
    await writeSampleLibrary(made, { photos: 1, livePhotos: 0, videos: 0, seed: 'twin', photoBytes: 300_000 });
    const [name = ''] = await readdir(made);
    await copyFile(join(made, name), join(photos, 'twin.jpg'));
    await copyFile(join(made, name), join(library, 'my twin.jpg'));
    await Promise.all([a.sync(), b.sync()]);
    await a.sync();
    await b.sync();
    expect(await a.assets()).toHaveLength(19);
    expect((await hashesIn(library)).size).toBe(23);
  });

  test('changes that B makes while the server is down appear on A when it is back', async () => {
    await server.stop();
    const [favourite, deleted, inAlbum] = await Promise.all([idOf('IMG_0001.JPG'), idOf('IMG_0002.JPG'), idOf('IMG_0003.JPG')]);
    await b.ask(['edit', favourite, '--favourite', '--caption', 'Käfer 🐞 am See']);
    const [uncorrected] = (await b.assets()).filter(({ id }) => id === favourite);
    await b.ask(['edit', favourite, '--shift', '+1h', '--place', '48.137,11.575']);
    await b.ask(['album', 'create', 'Holiday']);
    await b.ask(['album', 'add', 'Holiday', inAlbum]);
    await b.ask(['delete', deleted]);
    expect((await b.assets('--favourites')).map((asset) => asset.id)).toEqual([favourite]);
    const away = await b.ask<{ reasons: { code: string }[]; pendingChanges: number }>(['sync'], 3);
    expect(away).toMatchObject({ pendingChanges: 5, reasons: [{ code: 'server_unreachable' }] });

    await server.start();
    await b.ask(['sync', '--retry']);
    await a.sync();
    // M11: A sees the corrected date and place, and takes both back to what the photo came with.
    const own = { capture: uncorrected!.capture, place: uncorrected!.place };
    expect(await a.assets('--favourites')).toMatchObject([{ id: favourite, caption: 'Käfer 🐞 am See', capture: { ...own.capture, at: own.capture.at + 3_600_000 }, place: { latitude: 48.137, longitude: 11.575 }, asTaken: own }]);
    await a.ask(['edit', favourite, '--date', 'own', '--place', 'own']);
    await a.sync();
    await b.sync();
    const [reverted] = await b.assets('--favourites');
    expect(reverted).toMatchObject(own);
    expect(reverted).not.toHaveProperty('asTaken');
    expect(await a.assets('--album', 'Holiday')).toMatchObject([{ id: inAlbum }]);
    expect(await a.assets('--deleted')).toMatchObject([{ id: deleted }]);
    expect(await readdir(photos)).toContain('IMG_0002.JPG');

    await server.stop();
    await b.ask(['recover', deleted]);
    await server.start();
    await b.ask(['sync', '--retry']);
    await a.sync();
    expect(await a.assets('--deleted')).toEqual([]);
    expect(await contentsOf(library)).toEqual(await contentsOf(photos));
  });

  test('a file removed from the library folder goes to Recently Deleted everywhere, and comes back from there', async () => {
    const [name] = [...(await hashesIn(library)).keys()].filter((path) => path.endsWith('IMG_0005.JPG'));
    await rm(join(library, name!));
    await b.sync();
    await a.sync();
    expect((await a.assets('--deleted')).map((asset) => asset.name)).toEqual(['IMG_0005.JPG']);
    await a.ask(['recover', 'IMG_0005.JPG']);
    await a.sync();
    await b.sync();
    expect(await contentsOf(library)).toEqual(await contentsOf(photos));
  });

  test('what a person deleted for ever stays away, until they add it again', async () => {
    const id = await idOf('IMG_0006.JPG');
    await b.ask(['delete', id]);
    await b.sync();
    await b.ask(['purge', id]);
    await b.sync();
    const status = await a.sync();
    expect(status.reasons).toMatchObject([{ code: 'deleted_from_library', items: 1 }]);
    const file = join(photos, 'IMG_0006.JPG');
    expect(await a.ask(['why', file])).toMatchObject({ files: [{ state: 'excluded', reason: { code: 'deleted_from_library' } }] });
    await a.ask(['why', file, '--add-again']);
    expect((await a.sync()).reasons).toEqual([]);
    await b.sync();
    expect(await contentsOf(library)).toEqual(await contentsOf(photos));
  });

  test('verify finds every byte in place, and says which file has rotted', async () => {
    expect(await b.ask(['verify'])).toMatchObject({ findings: [] });
    expect(await a.ask(['verify'])).toMatchObject({ findings: [] });
    const path = join(library, [...(await hashesIn(library)).keys()].find((name) => name.endsWith('IMG_0008.JPG'))!);
    const [content, { atime, mtime }] = await Promise.all([readFile(path), stat(path)]);
    await writeFile(path, content.map((byte, at) => (at === 5000 ? byte ^ 1 : byte)));
    await utimes(path, atime, mtime);
    expect(await b.ask(['verify'], 3)).toMatchObject({ findings: [{ code: 'bit_rot', path }] });
    await writeFile(path, content);
    await utimes(path, atime, mtime);
  });

  test('an original is fetched byte for byte, under a name that is free', async () => {
    const to = join(stage.path, 'fetched');
    await mkdir(to);
    const id = await idOf('IMG_0007.JPG');
    await a.ask(['fetch', id, '--to', to]);
    expect(await contentsOf(to)).toEqual([(await hashesIn(photos)).get('IMG_0007.JPG')]);
  });
});
