import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeLivePhoto } from '@everroll/media/samples';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addFile, addPhoto, filesOf, type TestDevice, type World, world } from './world.ts';

const SIZE = 300_000;

let w: World;
let a: TestDevice;
let b: TestDevice;
/** The originals that A saved, by name; the first was taken first. */
let originals: Map<string, Uint8Array>;

beforeEach(async () => {
  w = await world({ makesPictures: true });
  a = await w.device('a');
  b = await w.device('b');
  originals = new Map();
});
afterEach(() => w.close());

async function saveOnA(...names: string[]): Promise<void> {
  for (const name of names) originals.set(name, addPhoto(a.photos, name, name, { bytes: SIZE, day: originals.size + 1 }));
  if (a.engine.sources().length === 0) a.addSource();
  await a.sync();
}

async function fill(...names: string[]): Promise<void> {
  await saveOnA(...names);
  b.setFolder();
  await b.sync();
}

const hashesOf = (files: Iterable<Uint8Array>): string[] => [...files].map((bytes) => createHash('sha256').update(bytes).digest('hex')).toSorted();
const namesIn = (device: TestDevice): string[] => [...filesOf(device.library).keys()].map((path) => path.slice(path.lastIndexOf('/') + 1)).toSorted();
const heldOn = (device: TestDevice): string[] => namesIn(device).filter((name) => !name.includes('.preview'));
const assetOf = (device: TestDevice, name: string) => device.engine.assets().find((asset) => asset.resources.some((resource) => resource.name === name))!.id;

describe('I6 optimised storage', () => {
  test('under pressure the least recently used originals give way to previews, and no more than has to', async () => {
    await fill('one.jpg', 'two.jpg', 'three.jpg', 'four.jpg');
    expect(heldOn(b)).toHaveLength(4);
    b.engine.ask({ assetId: assetOf(b, 'one.jpg') }, false);
    b.engine.set({ originals: 'optimise', storageLimitBytes: 2.5 * SIZE });
    await b.sync();
    expect(heldOn(b)).toHaveLength(2);
    expect(heldOn(b)).toContain('one.jpg');
    expect(namesIn(b)).toHaveLength(4);
    expect(b.engine.status()).toMatchObject({ items: { found: 4, verified: 4 }, evicted: { items: 2, bytes: 2 * SIZE }, reasons: [], atRisk: { items: 0 } });
    await b.sync();
    expect(namesIn(b)).toHaveLength(4);
    await a.sync();
    expect(a.engine.assets()).toHaveLength(4);
  });

  test('without pressure nothing goes', async () => {
    await fill('one.jpg', 'two.jpg');
    b.engine.set({ originals: 'optimise', storageLimitBytes: 3 * SIZE });
    await b.sync();
    expect(heldOn(b)).toEqual(['one.jpg', 'two.jpg']);
    expect(b.calls).not.toContain('verified');
  });

  test('nothing goes that the server does not confirm at that moment: it is sent again', async () => {
    await fill('one.jpg', 'two.jpg');
    b.answers.verified = (answer) => ({ ...answer, standings: answer.standings.map(() => 'missing' as const) });
    b.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
    await b.sync();
    expect(namesIn(b)).toEqual(['one.jpg', 'two.jpg']);
    expect(b.engine.status().items).toMatchObject({ found: 2, verified: 2 });
  });

  test('nor on an answer of another epoch', async () => {
    await fill('one.jpg');
    b.answers.verified = (answer) => ({ ...answer, epoch: 'f'.repeat(32) as typeof answer.epoch });
    b.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
    await b.sync();
    expect(namesIn(b)).toEqual(['one.jpg']);
  });

  test('nor on the word of a server of an earlier version, which reads nothing again', async () => {
    await fill('one.jpg');
    b.answers.verified = ({ epoch, standings }) => ({ epoch, standings });
    b.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
    await b.sync();
    expect(namesIn(b)).toEqual(['one.jpg']);
  });

  test('nor what rotted on the server, which only reading it again tells', async () => {
    await fill('one.jpg');
    const sha256 = b.engine.assets()[0]!.resources[0]!.sha256;
    writeFileSync(join(w.server.folder, 'originals', sha256.slice(0, 2), sha256.slice(2, 4), sha256), new Uint8Array(SIZE));
    b.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
    await b.sync();
    expect(namesIn(b)).toEqual(['one.jpg']);
  });

  test('an original without a preview stays', async () => {
    await fill('one.jpg', 'two.jpg');
    b.answers.preview = async () => ({ ok: false, failure: { code: 'unsupported_media', evidence: {} } });
    b.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
    await b.sync();
    expect(namesIn(b)).toEqual(['one.jpg', 'two.jpg']);
  });

  test('what no preview can stand for comes itself, and others make room for it', async () => {
    const none = new Set<string>();
    await saveOnA('one.jpg', 'two.jpg', 'three.jpg');
    none.add(assetOf(a, 'one.jpg'));
    b.answers.preview = async (asset) => (none.has(asset) ? { ok: false, failure: { code: 'unsupported_media', evidence: {} } } : undefined);
    b.engine.set({ originals: 'optimise', storageLimitBytes: 2 * SIZE });
    b.setFolder();
    await b.sync();
    expect(heldOn(b)).toHaveLength(2);
    expect(heldOn(b)).toContain('one.jpg');
    expect(namesIn(b)).toHaveLength(3);
    expect(b.engine.status()).toMatchObject({ downloads: { items: 0 }, reasons: [] });
    b.engine.set({ storageLimitBytes: SIZE / 2 });
    await b.sync();
    expect(heldOn(b)).toEqual(['one.jpg']);
  });

  test('what no preview can stand for and the limit cannot hold is said', async () => {
    await saveOnA('one.jpg');
    b.answers.preview = async () => ({ ok: false, failure: { code: 'unsupported_media', evidence: {} } });
    b.engine.set({ originals: 'optimise', storageLimitBytes: SIZE - 1 });
    b.setFolder();
    await b.sync();
    expect(namesIn(b)).toEqual([]);
    expect(b.engine.status().reasons).toMatchObject([{ code: 'device_full', items: 1, bytes: SIZE }]);
  });

  test('what there was no room for comes at once when all originals are kept, also if that is said while its picture is asked for', async () => {
    await saveOnA('one.jpg');
    b.engine.set({ originals: 'optimise', storageLimitBytes: SIZE - 1 });
    b.answers.preview = async () => {
      b.engine.set({ originals: 'keep', storageLimitBytes: null });
      // The engine takes it over while the answer is under way.
      await delay(200);
      return { ok: false, failure: { code: 'not_found', evidence: {} } };
    };
    b.setFolder();
    await b.sync();
    await b.sync();
    expect(namesIn(b)).toEqual(['one.jpg']);
    expect(b.engine.status().reasons).toEqual([]);
  });

  test('both halves of a Live Photo give way and come back', async () => {
    const { still, video } = makeLivePhoto({ seed: 'live', stillBytes: SIZE, videoBytes: SIZE });
    addFile(a.photos, 'IMG_1.JPG', still);
    addFile(a.photos, 'IMG_1.MOV', video);
    await fill('one.jpg');
    b.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
    await b.sync();
    expect(namesIn(b)).toEqual(['IMG_1.JPG.preview.jpg', 'IMG_1.MOV.preview.jpg', 'one.jpg.preview.jpg']);
    expect(b.engine.ask({ assetId: assetOf(b, 'IMG_1.MOV') }, false)).toBe(2);
    await b.sync();
    expect(namesIn(b)).toEqual(['IMG_1.JPG', 'IMG_1.MOV', 'one.jpg.preview.jpg']);
    expect(filesOf(b.library).values().some((bytes) => bytes.equals(video))).toBe(true);
    expect(b.engine.assets().map(({ mediaKind }) => mediaKind).toSorted()).toEqual(['live_photo', 'photo']);
  });

  test('what a person asks for comes back byte for byte into the preview’s place, and stays for a while', async () => {
    await fill('one.jpg', 'two.jpg');
    b.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
    await b.sync();
    expect(heldOn(b)).toEqual([]);
    const [preview] = [...filesOf(b.library).keys()].filter((path) => path.includes('one.jpg'));
    mkdirSync(join(b.library, 'Trip'));
    renameSync(join(b.library, preview!), join(b.library, 'Trip', 'renamed.jpg.preview.jpg'));
    await b.sync();
    expect(b.engine.ask({ assetId: assetOf(b, 'one.jpg') }, false)).toBe(1);
    await b.sync();
    expect(filesOf(b.library).get('Trip/renamed.jpg')).toEqual(Buffer.from(originals.get('one.jpg')!));
    expect(namesIn(b)).toEqual(['renamed.jpg', 'two.jpg.preview.jpg']);
    expect(b.engine.assets({ state: 'trashed' })).toEqual([]);
    expect(b.engine.status()).toMatchObject({ items: { found: 2, verified: 2 }, reasons: [] });
  });

  test('with all originals kept again they all come back', async () => {
    await fill('one.jpg', 'two.jpg');
    b.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
    await b.sync();
    b.engine.set({ originals: 'keep' });
    await b.sync();
    expect(hashesOf(filesOf(b.library).values())).toEqual(hashesOf(originals.values()));
  });

  test('a new device takes the newest originals up to its limit and previews of the rest', async () => {
    await saveOnA('one.jpg', 'two.jpg', 'three.jpg', 'four.jpg');
    b.engine.set({ originals: 'optimise', storageLimitBytes: 2 * SIZE });
    b.setFolder();
    await b.sync();
    expect(namesIn(b)).toEqual(['four.jpg', 'one.jpg.preview.jpg', 'three.jpg', 'two.jpg.preview.jpg']);
    expect(b.calls.filter((call) => call === 'download')).toHaveLength(2);
    expect(b.engine.status()).toMatchObject({ items: { found: 4, verified: 4 }, downloads: { items: 0 }, reasons: [] });
  });

  test('a person who deletes a preview deletes the photo, one who moves it moves it', async () => {
    await fill('one.jpg', 'two.jpg', 'three.jpg');
    b.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
    await b.sync();
    const previews = [...filesOf(b.library).keys()];
    const moved = previews.find((path) => path.includes('two'))!;
    // While all are there, so that it gets an inode of its own.
    addFile(b.library, 'copied elsewhere.jpg', filesOf(b.library).get(moved)!);
    rmSync(join(b.library, moved));
    rmSync(join(b.library, previews.find((path) => path.includes('one'))!));
    await b.sync();
    await a.sync();
    expect(a.engine.assets({ state: 'trashed' }).map((asset) => asset.resources[0]!.name)).toEqual(['one.jpg']);
    expect(namesIn(b)).toEqual(['copied elsewhere.jpg', 'three.jpg.preview.jpg']);
    expect(a.engine.assets()).toHaveLength(2);
  });

  test('a photo deleted elsewhere takes its preview with it, and one recovered comes back as a preview', async () => {
    await fill('one.jpg', 'two.jpg');
    b.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
    await b.sync();
    const assetIds = [assetOf(a, 'one.jpg')];
    a.engine.act({ op: 'asset.trash', assetIds });
    await a.sync();
    await b.sync();
    expect(namesIn(b)).toEqual(['two.jpg.preview.jpg']);
    a.engine.act({ op: 'asset.recover', assetIds });
    await a.sync();
    await b.sync();
    expect(namesIn(b)).toEqual(['one.jpg.preview.jpg', 'two.jpg.preview.jpg']);
  });

  test('a preview in a source, or of a photo that is in no library, is no photo', async () => {
    await fill('one.jpg');
    b.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
    await b.sync();
    const [preview] = [...filesOf(b.library).values()];
    addFile(a.photos, 'copy.jpg', preview!);
    await a.sync();
    expect(a.engine.assets()).toHaveLength(1);
    expect(a.engine.why({ name: 'copy.jpg' })).toMatchObject([{ state: 'excluded', reason: { code: 'excluded_by_rule' } }]);
  });

  test('a crash between the preview and the end of the original leaves both, and the preview goes again', async () => {
    await fill('one.jpg');
    const { sha256 } = b.engine.assets()[0]!.resources[0]!;
    const folder = b.ports.openFolder({ kind: 'folder', location: b.library });
    await folder.stagePreview(sha256, { mediaType: 'image/jpeg', content: new Uint8Array(Buffer.from(originals.get('one.jpg')!)) });
    await folder.placePreview(sha256, { folder: '2024/05', name: 'one.jpg.preview.jpg', modifiedAt: 0 });
    await b.sync();
    expect(namesIn(b)).toEqual(['one.jpg']);
  });

  test('a crash after the original went, before it was noted, deletes nothing', async () => {
    await fill('one.jpg', 'two.jpg');
    const { sha256 } = b.engine.assets().find((asset) => asset.resources[0]!.name === 'one.jpg')!.resources[0]!;
    const folder = b.ports.openFolder({ kind: 'folder', location: b.library });
    await folder.stagePreview(sha256, { mediaType: 'image/jpeg', content: new Uint8Array(Buffer.from(originals.get('one.jpg')!)) });
    const path = [...filesOf(b.library).keys()].find((one) => one.endsWith('/one.jpg'))!;
    const entry = await folder.stat(path);
    if (!entry.ok || !entry.value) throw new Error('it is there');
    await folder.evict(entry.value, sha256, 'one.jpg.preview.jpg');
    b.engine.set({ originals: 'optimise' });
    await b.sync();
    await a.sync();
    expect(namesIn(b)).toEqual(['one.jpg.preview.jpg', 'two.jpg']);
    expect(a.engine.assets()).toHaveLength(2);
    expect(b.engine.status()).toMatchObject({ items: { found: 2, verified: 2 }, evicted: { items: 1 } });
  });

  test('where a person puts the original beside its preview, the preview goes', async () => {
    await fill('one.jpg');
    b.engine.set({ originals: 'optimise' });
    b.engine.free(null);
    await b.sync();
    expect(namesIn(b)).toEqual(['one.jpg.preview.jpg']);
    addFile(b.library, 'mine.jpg', originals.get('one.jpg')!);
    await b.sync();
    await b.sync();
    expect(namesIn(b)).toEqual(['mine.jpg']);
    expect(b.engine.assets()).toHaveLength(1);
  });

  test('a new database knows previews by what they say', async () => {
    await fill('one.jpg', 'two.jpg');
    b.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
    await b.sync();
    const c = await w.device('c');
    for (const [path, bytes] of filesOf(b.library)) addFile(c.library, path, bytes);
    c.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
    c.setFolder();
    await c.sync();
    expect(namesIn(c)).toEqual(['one.jpg.preview.jpg', 'two.jpg.preview.jpg']);
    expect(c.engine.status()).toMatchObject({ items: { found: 2, verified: 2 }, evicted: { items: 2 }, reasons: [] });
  });

  test('"free" evicts as much as a person asked for', async () => {
    await fill('one.jpg', 'two.jpg', 'three.jpg');
    b.engine.set({ originals: 'optimise' });
    expect(b.engine.free(SIZE)).toEqual({ items: 3, bytes: 3 * SIZE });
    await b.sync();
    expect(heldOn(b)).toHaveLength(2);
    b.engine.free(null);
    await b.sync();
    expect(heldOn(b)).toEqual([]);
    await b.sync();
    expect(namesIn(b)).toHaveLength(3);
  });

  test('downloads stop at the disk’s floor, with the reason', async () => {
    await saveOnA('one.jpg');
    b.engine.set({ freeFloorBytes: Number.MAX_SAFE_INTEGER });
    b.setFolder();
    await b.sync();
    expect(namesIn(b)).toEqual([]);
    expect(b.engine.status().reasons).toMatchObject([{ code: 'device_full', items: 1, bytes: SIZE, evidence: { floorBytes: Number.MAX_SAFE_INTEGER } }]);
    b.engine.set({ freeFloorBytes: 0 });
    await b.sync();
    expect(namesIn(b)).toEqual(['one.jpg']);
    expect(b.engine.status().reasons).toEqual([]);
  });

  test('a picture whose photo was deleted while the folder was away goes when the folder is there again', async () => {
    await fill('one.jpg', 'two.jpg');
    b.engine.set({ originals: 'optimise', storageLimitBytes: 0 });
    await b.sync();
    const held = [...filesOf(b.library).keys()].filter((path) => path.includes('.preview'));
    expect(held).toHaveLength(2);
    const away = (path: string) => join(w.folder, path.replaceAll('/', '-'));
    for (const path of held) renameSync(join(b.library, path), away(path));
    await b.sync();
    a.engine.act({ op: 'asset.trash', assetIds: [assetOf(a, 'one.jpg')] });
    await a.sync();
    await b.sync();
    for (const path of held) renameSync(away(path), join(b.library, path));
    await b.sync();
    expect(namesIn(b)).toEqual([expect.stringMatching(/^two\.jpg\.preview/)]);
    expect(b.engine.status()).toMatchObject({ evicted: { items: 1 }, reasons: [] });
  });
});

describe('remove from this device', () => {
  const never = new AbortController().signal;

  test('what the folder holds goes from this device and from nowhere else', async () => {
    await fill('one.jpg', 'two.jpg');
    b.engine.set({ originals: 'optimise', storageLimitBytes: SIZE });
    await b.sync();
    writeFileSync(join(b.library, 'notes.txt'), 'a person’s own');
    await b.sync();
    expect(await b.engine.removeFromDevice(never)).toMatchObject({ ok: true, value: { what: 'removed', items: 2, kept: [] } });
    expect(namesIn(b)).toEqual(['notes.txt']);
    await b.sync();
    await a.sync();
    expect(a.engine.assets()).toHaveLength(2);
    expect(b.engine.assets()).toHaveLength(2);
    expect(b.engine.status().reasons).toEqual([]);
  });

  test('it refuses, with the list, while anything is not saved', async () => {
    await fill('one.jpg');
    addPhoto(b.library, 'new.jpg', 'new');
    b.connectTo('http://127.0.0.1:9');
    await b.sync();
    b.connectTo(w.server.origin);
    expect(await b.engine.removeFromDevice(never)).toMatchObject({ ok: true, value: { what: 'at risk', items: [{ name: 'new.jpg' }] } });
    expect(namesIn(b)).toEqual(['new.jpg', 'one.jpg']);
  });

  test('what the server does not confirm, byte by byte, stays', async () => {
    await fill('one.jpg', 'two.jpg');
    b.answers.verified = (answer) => ({ ...answer, standings: answer.standings.map((standing, at) => (at === 0 ? 'missing' : standing)) });
    const result = await b.engine.removeFromDevice(never);
    expect(result).toMatchObject({ ok: true, value: { what: 'removed', items: 1 } });
    expect(namesIn(b)).toHaveLength(1);
  });

  test('a photo that was never listed, or changed since, is not touched', async () => {
    await fill('one.jpg');
    const changed = addPhoto(b.library, '2024/05/one.jpg', 'changed');
    addPhoto(b.library, 'unseen.jpg', 'unseen');
    expect(await b.engine.removeFromDevice(never)).toMatchObject({ ok: true, value: { what: 'removed', items: 0, kept: [{ name: 'one.jpg' }] } });
    expect(filesOf(b.library).get('2024/05/one.jpg')).toEqual(Buffer.from(changed));
    expect(namesIn(b)).toEqual(['one.jpg', 'unseen.jpg']);
  });
});
