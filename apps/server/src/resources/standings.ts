import type { LibraryId, ResourceStanding, Sha256 } from '@everroll/protocol';
import { chunks } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';
import { presentBytes } from '../originals/present.ts';
import type { OriginalStore } from '../originals/store.ts';

/**
 * What one library knows of some hashes, in their order (rule A5). Bytes that it holds are `stored`
 * even if they were purged before: they are not sent either way, and the log decides about the asset.
 */
export async function standingsOf({ db, originals }: { readonly db: Queries; readonly originals: OriginalStore }, library: LibraryId, hashes: readonly Sha256[]): Promise<ResourceStanding[]> {
  const standings = new Map<Sha256, ResourceStanding>();
  for (const some of chunks(hashes)) {
    const purged = await db.selectFrom('purged_resource').select('sha256').where('library_id', '=', library).where('sha256', 'in', some).execute();
    for (const { sha256 } of purged) standings.set(sha256, 'deleted');
    const stored = await db.selectFrom('resource').select(['sha256', 'bytes', 'lost']).where('library_id', '=', library).where('sha256', 'in', some).execute();
    // A row whose bytes are lost is not enough: the device that asks has them, and sends them (rule S1).
    const present = await Promise.all(stored.map(async ({ sha256, bytes, lost }) => lost === null && (await presentBytes(originals, sha256)) === bytes));
    for (const [index, { sha256 }] of stored.entries()) standings.set(sha256, present[index] ? 'stored' : 'missing');
  }
  return hashes.map((sha256) => standings.get(sha256) ?? 'missing');
}
