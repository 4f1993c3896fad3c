import type { Sha256 } from '@everroll/protocol';
import type { OriginalStore } from './store.ts';

/**
 * Size of an original that a row names; undefined if it is lost. After a backup of the database was
 * restored, rows name originals that were set aside since; they come back here.
 */
export async function presentBytes(originals: OriginalStore, sha256: Sha256): Promise<number | undefined> {
  const bytes = await originals.bytesOf(sha256);
  if (bytes !== undefined) return bytes;
  return (await originals.restore(sha256)) ? await originals.bytesOf(sha256) : undefined;
}
