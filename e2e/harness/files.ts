import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Every file below a folder with its hash, what begins with a dot aside. */
export async function hashesIn(folder: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (entry.isFile() && !name.split('/').some((part) => part.startsWith('.'))) hashes.set(name, await sha256Of(path));
  }
  return hashes;
}

/** The distinct contents of a folder, in order. */
export async function contentsOf(folder: string): Promise<string[]> {
  return [...new Set((await hashesIn(folder)).values())].toSorted();
}
