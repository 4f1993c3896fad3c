import type { LibraryId, Sha256 } from '@everroll/protocol';
import { chunks } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';
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

/**
 * Of the hashes that a library has rows of, those whose bytes are lost (rule S1), known as such or not: a row alone is not
 * enough to build an asset on (rule A3). So it is after a database was put beside older originals.
 */
export async function lostOriginals({ db, originals }: { readonly db: Queries; readonly originals: OriginalStore }, library: LibraryId, hashes: Iterable<Sha256>): Promise<Set<Sha256>> {
  const hashesLost = new Set<Sha256>();
  for (const some of chunks(new Set(hashes))) {
    const rows = await db.selectFrom('resource').select(['sha256', 'bytes', 'lost']).where('library_id', '=', library).where('sha256', 'in', some).execute();
    const present = await Promise.all(rows.map(async ({ sha256, bytes, lost }) => lost === null && (await presentBytes(originals, sha256)) === bytes));
    for (const [index, { sha256 }] of rows.entries()) if (!present[index]) hashesLost.add(sha256);
  }
  return hashesLost;
}
