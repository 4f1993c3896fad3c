import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sha256, UploadId } from '@everroll/protocol';
import { describe, expect, it } from 'vitest';
import { originalStoreContract } from './contract.ts';
import type { DiskFs } from './disk-fs.ts';
import { LocalDiskStore } from './local-disk.ts';
import { nodeDiskFs } from './node-disk-fs.ts';

const folder = () => mkdtemp(join(tmpdir(), 'everroll-originals-'));

originalStoreContract('the local disk', async () => new LocalDiskStore(nodeDiskFs, await folder()));

const withoutHardLinks: DiskFs = {
  ...nodeDiskFs,
  link: () => Promise.reject(Object.assign(new Error('operation not permitted'), { code: 'EPERM' })),
};

originalStoreContract('a local disk without hard links', async () => new LocalDiskStore(withoutHardLinks, await folder()));

describe('the local disk', () => {
  it('lends an original as the file that it is', async () => {
    const root = await folder();
    const store = new LocalDiskStore(nodeDiskFs, root);
    const upload = UploadId.parse(randomBytes(16).toString('hex'));
    const sha256 = Sha256.parse('ab'.repeat(32));
    expect(await store.file(sha256)).toBeUndefined();
    const writer = await store.stage(upload, 0);
    await writer.append([Buffer.from('x')]);
    await writer.close();
    await store.commit(upload, sha256);
    const file = await store.file(sha256);
    expect(await readFile(file!.path, 'utf8')).toBe('x');
    await file!.release();
    expect(await store.bytesOf(sha256)).toBe(1);
  });

  it('U5 syncs the file, then names it, then syncs each folder, and only then resolves', async () => {
    const root = await folder();
    const steps: string[] = [];
    const store = new LocalDiskStore(recording(steps, root), root);
    const upload = UploadId.parse(randomBytes(16).toString('hex'));
    const sha256 = Sha256.parse('ab'.repeat(32));
    const writer = await store.stage(upload, 0);
    await writer.append([Buffer.from('x')]);
    await writer.close();
    steps.length = 0;
    await store.commit(upload, sha256);
    const named = steps.indexOf('name originals/ab/ab');
    expect(steps.indexOf('sync file')).toBeLessThan(named);
    // Folders that are new are durable in their parents before anything is put in them.
    for (const parent of ['syncFolder .', 'syncFolder originals', 'syncFolder originals/ab']) {
      expect(steps.slice(0, named)).toContain(parent);
    }
    expect(steps.at(-1)).toBe('syncFolder originals/ab/ab');
  });

  it('lists nothing but originals: foreign files and half-renamed names are passed over', async () => {
    const root = await folder();
    const store = new LocalDiskStore(nodeDiskFs, root);
    await nodeDiskFs.makeFolder(join(root, 'originals'));
    await nodeDiskFs.makeFolder(join(root, 'originals', 'ab'));
    await nodeDiskFs.makeFolder(join(root, 'originals', 'ab', 'cd'));
    await (await nodeDiskFs.open(join(root, 'originals', 'ab', 'cd', '.DS_Store'), 'create')).close();
    for await (const name of store.list()) expect(name).toBeUndefined();
    expect(await readdir(join(root, 'originals', 'ab', 'cd'))).toEqual(['.DS_Store']);
  });
});

/** The real disk, noting what makes bytes and names durable. Paths are relative, of a name its folder. */
function recording(steps: string[], root: string): DiskFs {
  const relative = (path: string) => path.slice(root.length + 1) || '.';
  return {
    ...nodeDiskFs,
    async open(path, mode) {
      const file = await nodeDiskFs.open(path, mode);
      return {
        ...file,
        async sync() {
          await file.sync();
          steps.push('sync file');
        },
      };
    },
    async link(existing, path) {
      await nodeDiskFs.link(existing, path);
      steps.push(`name ${relative(join(path, '..'))}`);
    },
    async syncFolder(path) {
      await nodeDiskFs.syncFolder(path);
      steps.push(`syncFolder ${relative(path)}`);
    },
  };
}
