import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOf, listAll, sourceContract } from '@everroll/engine/contracts';
import { makeJpeg, makeLivePhoto } from '@everroll/media/samples';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { personIn, temporaryFolder } from '../../testing/folders.ts';
import { openFolderSource } from './folder-source.ts';
import { openWitnesses } from './witnesses.ts';

const never = new AbortController().signal;

sourceContract('a folder', async () => {
  const folder = await temporaryFolder();
  const root = join(folder.path, 'photos');
  await mkdir(root);
  return { source: openFolderSource(root, openWitnesses(join(folder.path, 'witnesses.json'))), ...personIn(root), end: folder.end };
});

describe('a folder source', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let root: string;
  let source: ReturnType<typeof openFolderSource>;
  const photo = makeJpeg({ seed: 'one' });
  const put = (path: string, content: Uint8Array | string = photo): void => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  const found = async (): Promise<string[]> => (await listAll(source)).entries.map((entry) => entry.localId);

  beforeEach(async () => {
    folder = await temporaryFolder();
    root = join(folder.path, 'photos');
    mkdirSync(root);
    source = openFolderSource(root, openWitnesses(join(folder.path, 'witnesses.json')));
  });
  afterEach(() => folder.end());

  test('passes over what systems and copying programs leave behind, and nothing else', async () => {
    const clutter = ['.thumbnails/a.jpg', '.Trash-1000/files/a.jpg', '@eaDir/a.jpg/SYNOPHOTO_THUMB.jpg', '$RECYCLE.BIN/a.jpg', 'System Volume Information/a.jpg', 'lost+found/a.jpg', '.DS_Store', '._IMG_1.JPG', 'Thumbs.db', '.IMG_1.JPG.Xy12Z9', 'IMG.JPG.part', '.syncthing.IMG.JPG.tmp'];
    const kept = ['2024/IMG_1.JPG', 'notes.txt', 'no-ending', '.hidden.jpg'];
    for (const path of [...clutter, ...kept]) put(path);
    expect(new Set(await found())).toEqual(new Set(kept));
  });

  test('follows links to files and folders and ends where links make a loop', async () => {
    put('album/IMG_1.JPG');
    mkdirSync(join(folder.path, 'elsewhere'));
    writeFileSync(join(folder.path, 'elsewhere', 'IMG_2.JPG'), photo);
    symlinkSync(join(folder.path, 'elsewhere'), join(root, 'linked'));
    symlinkSync('..', join(root, 'album', 'up'));
    symlinkSync(root, join(root, 'aaa-itself'));
    symlinkSync('itself', join(root, 'itself'));
    symlinkSync(join(root, 'album', 'IMG_1.JPG'), join(root, 'favourite.jpg'));
    expect(await found()).toEqual(['album/IMG_1.JPG', 'favourite.jpg', 'linked/IMG_2.JPG']);
  });

  test('a link without a target is unreadable, not absent', async () => {
    put('IMG_1.JPG');
    symlinkSync(join(folder.path, 'usb', 'IMG_2.JPG'), join(root, 'IMG_2.JPG'));
    expect(await listAll(source)).toMatchObject({ entries: [{ localId: 'IMG_1.JPG' }], unreadable: ['IMG_2.JPG'] });
  });

  test.runIf(process.platform === 'linux')('a name that is not UTF-8 is listed, read and told apart', async () => {
    const names = [Buffer.from('caf\xe9.jpg', 'latin1'), Buffer.from('caf\xe8.jpg', 'latin1'), Buffer.from('caf\ufffd.jpg')];
    const contents = ['é', 'è', 'replacement'].map((seed) => makeJpeg({ seed }));
    for (const [at, name] of names.entries()) writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), contents[at] as Uint8Array);
    const { entries } = await listAll(source);
    expect(entries).toHaveLength(3);
    expect(new Set(entries.map((entry) => entry.localId)).size).toBe(3);
    expect(entries.every((entry) => entry.name.isWellFormed() && entry.name.endsWith('.jpg'))).toBe(true);
    const hashes = new Set<string>();
    for (const entry of entries) {
      expect(await source.stat(entry.localId)).toEqual({ ok: true, value: entry });
      const inspected = await source.inspect(entry.localId, never);
      if (inspected.ok) hashes.add(inspected.value.sha256);
      expect(inspected).toMatchObject({ ok: true, value: { isMedia: true, kind: 'photo' } });
      expect(await bytesOf(source.read(entry, 0, entry.bytes))).toHaveLength(entry.bytes);
    }
    expect(hashes).toEqual(new Set(contents.map((content) => createHash('sha256').update(content).digest('hex'))));
  });

  test.runIf(process.platform === 'linux')('NFC, NFD and case twins are files of their own', async () => {
    const twins = ['Käfer.jpg'.normalize('NFC'), 'Käfer.jpg'.normalize('NFD'), 'IMG.JPG', 'img.jpg'];
    for (const name of twins) put(name);
    expect(new Set(await found())).toEqual(new Set(twins));
  });

  test('an unreadable folder and an unreadable file are told, not left out', async () => {
    put('IMG_1.JPG');
    put('secret/IMG_2.JPG');
    put('IMG_3.JPG');
    chmodSync(folder.path, 0o777);
    chmodSync(join(root, 'secret'), 0);
    chmodSync(join(root, 'IMG_3.JPG'), 0);
    await asNobody(async () => {
      const { entries, unreadable } = await listAll(source);
      expect([entries.map((entry) => entry.localId), unreadable]).toEqual([['IMG_1.JPG', 'IMG_3.JPG'], ['secret']]);
      expect(await source.inspect('IMG_3.JPG', never)).toMatchObject({ ok: false, failure: { code: 'unreadable' } });
      await expect(bytesOf(source.read(entries[1]!, 0, 1))).rejects.toMatchObject({ code: 'unreadable' });
    });
  });

  test('a root that may not be read is source_access_revoked', async () => {
    put('IMG_1.JPG');
    chmodSync(folder.path, 0o755);
    chmodSync(root, 0);
    await asNobody(async () => {
      await expect(listAll(source)).rejects.toMatchObject({ code: 'source_access_revoked' });
    });
    chmodSync(root, 0o700);
  });

  test('an empty folder in the place of the one that had files is an unmounted disk', async () => {
    put('IMG_1.JPG');
    await found();
    await rename(root, `${root}.disk`);
    mkdirSync(root);
    await expect(listAll(source)).rejects.toMatchObject({ code: 'source_missing' });
    expect(await source.stat('IMG_1.JPG')).toMatchObject({ ok: false, failure: { code: 'source_missing' } });
    rmSync(root, { recursive: true });
    await rename(`${root}.disk`, root);
    expect(await found()).toEqual(['IMG_1.JPG']);
  });

  test('the same folder that a person emptied is empty', async () => {
    put('IMG_1.JPG');
    await found();
    rmSync(join(root, 'IMG_1.JPG'));
    expect(await found()).toEqual([]);
  });

  test('a root that is a file is a source that is gone', async () => {
    rmSync(root, { recursive: true });
    writeFileSync(root, 'not a folder');
    await expect(listAll(source)).rejects.toMatchObject({ code: 'source_missing' });
  });

  test('inspection reads the facts: date, zone and the identifier of a Live Photo', async () => {
    const capturedAt = Date.UTC(2023, 6, 1, 10, 20, 30);
    const live = makeLivePhoto({ seed: 'live', capturedAt, offsetMinutes: 120 });
    put('IMG_1.JPG', live.still);
    put('IMG_1.MOV', live.video);
    const still = await source.inspect('IMG_1.JPG', never);
    const video = await source.inspect('IMG_1.MOV', never);
    expect(still).toMatchObject({ ok: true, value: { kind: 'photo', capture: { at: capturedAt, offsetMinutes: 120 }, contentIdentifier: live.contentIdentifier } });
    expect(video).toMatchObject({ ok: true, value: { kind: 'video', contentIdentifier: live.contentIdentifier } });
  });

  test('a time before 1970 and a file of no bytes are listed like others', async () => {
    put('old.jpg');
    utimesSync(join(root, 'old.jpg'), new Date(-1_000_000), new Date(-1_000_000));
    put('empty.jpg', '');
    expect(await listAll(source)).toMatchObject({ entries: [{ localId: 'empty.jpg', bytes: 0 }, { localId: 'old.jpg', modifiedAt: -1_000_000 }] });
    expect(await source.inspect('empty.jpg', never)).toMatchObject({ ok: true, value: { entry: { bytes: 0 } } });
  });
});

/** The superuser may read everything: the rules of access are tested as somebody else. */
async function asNobody(body: () => Promise<void>): Promise<void> {
  const isSuperuser = process.getuid?.() === 0;
  if (isSuperuser) process.seteuid?.(65_534);
  try {
    await body();
  } finally {
    if (isSuperuser) process.seteuid?.(0);
  }
}
