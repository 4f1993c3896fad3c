import { createHash } from 'node:crypto';
import type { ResourceStanding, Sha256 } from '@everroll/protocol';
import { diskErrorCode } from '../originals/disk-fs.ts';
import { type OriginalStore, OriginalShort } from '../originals/store.ts';

/**
 * The standings of hashes, each `stored` only if every byte was read again just now and is as it was
 * saved (rule A5): a device asks so before it gives up its own copy.
 */
export async function rereadStored(originals: OriginalStore, hashes: readonly Sha256[], standings: readonly ResourceStanding[]): Promise<ResourceStanding[]> {
  const reread: ResourceStanding[] = [];
  // One after the other: whoever asks waits for the slowest anyway, and the disk serves others too.
  for (const [place, sha256] of hashes.entries()) {
    const standing = standings[place] ?? 'missing';
    reread.push(standing === 'stored' && !(await isWhole(originals, sha256)) ? 'missing' : standing);
  }
  return reread;
}

async function isWhole(originals: OriginalStore, sha256: Sha256): Promise<boolean> {
  const bytes = await originals.bytesOf(sha256);
  const content = bytes === undefined ? undefined : await originals.read(sha256, 0, bytes);
  if (content === undefined) return false;
  const hash = createHash('sha256');
  try {
    for await (const chunk of content) hash.update(chunk);
  } catch (error) {
    // What its disk does not give back is not held.
    if (error instanceof OriginalShort || diskErrorCode(error) !== undefined) return false;
    throw error;
  }
  return hash.digest('hex') === sha256;
}
