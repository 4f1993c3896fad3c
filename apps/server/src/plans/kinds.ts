import type { LibraryId, Sha256, Usage } from '@everroll/protocol';
import type { ExpressionBuilder } from 'kysely';
import { chunks } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';
import type { Database } from '../database/schema.ts';

/**
 * What a stored resource counts as in the usage bar (rule Q3), as `resource.kind` has it: numbers, so
 * that of all that name a resource the least is the one that counts. They are in the database and
 * never change.
 */
export const usageKinds = { livePhotos: 0, photos: 1, videos: 2, raw: 3, edits: 4, recentlyDeleted: 5, other: 6 } as const satisfies Record<keyof Usage['byKind'], number>;

/**
 * Derives anew what resources count as, and how often they are named. Called in the transaction that
 * changes the assets which name them, so that the bar is a sum over one index at any time, and what
 * several assets share is found without a walk through the library.
 */
export async function classify(trx: Queries, libraryId: LibraryId, hashes: Iterable<Sha256>): Promise<void> {
  for (const some of chunks(hashes)) {
    await trx
      .updateTable('resource')
      .set((is) => ({
        named: namesOf(is).select((row) => row.fn.countAll<number>().as('named')),
        kind: is.fn.coalesce(namesOf(is).select((row) => row.fn.min(kindOf(row)).as('kind')), is.val(usageKinds.other)),
      }))
      .where('library_id', '=', libraryId)
      .where('sha256', 'in', some)
      .execute();
  }
}

/** The places in assets where a row of `resource` is named. */
function namesOf(is: ExpressionBuilder<Database, 'resource'>) {
  return is
    .selectFrom('asset_resource')
    .innerJoin('asset', (join) => join.onRef('asset.library_id', '=', 'asset_resource.library_id').onRef('asset.id', '=', 'asset_resource.asset_id'))
    .whereRef('asset_resource.library_id', '=', 'resource.library_id')
    .whereRef('asset_resource.sha256', '=', 'resource.sha256');
}

function kindOf(is: ExpressionBuilder<Database, 'asset' | 'asset_resource'>) {
  return is
    .case()
    .when('asset.state', '=', 'trashed').then(usageKinds.recentlyDeleted)
    .when('asset_resource.role', 'in', ['rendered_edit', 'sidecar']).then(usageKinds.edits)
    .when('asset_resource.role', '=', 'raw').then(usageKinds.raw)
    .when('asset.media_kind', '=', 'live_photo').then(usageKinds.livePhotos)
    .when('asset_resource.role', '=', 'photo').then(usageKinds.photos)
    .else(usageKinds.videos)
    .end();
}
