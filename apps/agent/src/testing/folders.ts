import { createHash } from 'node:crypto';
import { mkdtemp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeJpeg } from '@everroll/media/samples';

/** A folder of a test's own; `end` removes it. */
export async function temporaryFolder(): Promise<{ readonly path: string; readonly end: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'everroll-test-'));
  return { path, end: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}

/** The parts of a source's world that are the same for a source and for a library folder. */
export function personIn(root: string): {
  write(path: string, content: Uint8Array): Promise<void>;
  move(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  detach(): Promise<void>;
  attach(): Promise<void>;
  photo(seed: string): { content: Uint8Array; sha256: string };
} {
  const at = (path: string): string => join(root, path);
  return {
    async write(path, content) {
      await mkdir(dirname(at(path)), { recursive: true });
      await writeFile(at(path), content);
    },
    async move(from, to) {
      await mkdir(dirname(at(to)), { recursive: true });
      await rename(at(from), at(to));
    },
    remove: (path) => rm(at(path)),
    detach: () => rename(root, `${root}.elsewhere`),
    attach: () => rename(`${root}.elsewhere`, root),
    photo(seed) {
      const content = makeJpeg({ seed, bytes: 4000 + seed.length });
      return { content, sha256: createHash('sha256').update(content).digest('hex') };
    },
  };
}
