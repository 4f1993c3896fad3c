import { createHash, randomBytes } from 'node:crypto';
import { existsSync, statfsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/folders.ts';
import { FileWriter } from './file-writer.ts';

const MB = 1024 * 1024;
/** Of Linux's <linux/magic.h>. */
const TMPFS_MAGIC = 0x01021994;

async function write(path: string, content: Uint8Array, from: number, chunkBytes: number): Promise<{ bytes: number; sha256: string | undefined }> {
  const writer = await FileWriter.open(path, from);
  try {
    for (let at = from; at < content.length; at += chunkBytes) await writer.write(content.subarray(at, at + chunkBytes));
    return await writer.end();
  } finally {
    await writer.close();
  }
}

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

describe('a file that arrives', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, 'file');
  });
  afterAll(() => folder.end());

  test('is what was written, whatever its length, its pieces, and where an earlier try left off', async () => {
    const around = (bytes: number) => fc.integer({ min: Math.max(0, bytes - 2), max: bytes + 2 });
    const length = fc.oneof(around(0), around(4096), around(MB), around(2 * MB), around(3 * MB + 4096), fc.nat(4 * MB));
    const earlier = fc.record({ bytes: fc.oneof(around(4096), around(MB), fc.nat(3 * MB)), kept: fc.constantFrom(0, 0.5, 1) });
    await fc.assert(
      fc.asyncProperty(length, fc.option(earlier, { nil: null }), fc.constantFrom(64 * 1024, 1000, 65_537, 3 * MB), async (bytes, before, chunkBytes) => {
        const content = randomBytes(bytes);
        const from = before === null ? 0 : Math.min(bytes, Math.round(before.bytes * before.kept));
        await rm(path, { force: true });
        // Behind where it goes on lies what nobody knows.
        if (before !== null) await writeFile(path, Buffer.concat([content.subarray(0, from), randomBytes(before.bytes)]));
        // Where an earlier try left off, nobody has hashed what lies before.
        expect(await write(path, content, from, chunkBytes)).toEqual({ bytes, sha256: from === 0 ? sha256(content) : undefined });
        expect((await readFile(path)).equals(content)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('more files than there are batches for are written at once', async () => {
    const contents = Array.from({ length: 40 }, () => randomBytes(2 * MB + 123));
    const written = await Promise.all(contents.map((content, at) => write(`${path}${at}`, content, 0, 64 * 1024)));
    expect(written).toEqual(contents.map((content) => ({ bytes: content.length, sha256: sha256(content) })));
    for (const [at, content] of contents.entries()) expect((await readFile(`${path}${at}`)).equals(content)).toBe(true);
  });
});

test.runIf(existsSync('/dev/shm') && statfsSync('/dev/shm').type === TMPFS_MAGIC)('on a disk that is memory a file is written too', async () => {
  const folder = await mkdtemp('/dev/shm/everroll-');
  try {
    const content = randomBytes(3 * MB + 77);
    await write(join(folder, 'file'), content, 0, 64 * 1024);
    expect((await readFile(join(folder, 'file'))).equals(content)).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});
