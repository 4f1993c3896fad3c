import { type Actor, type Entity, keyOf, type LibraryId } from '@everroll/protocol';
import type { Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import { fail } from '../http/problem.ts';
import type { Library } from '../libraries/authorize.ts';
import { LibraryState } from './state.ts';

/**
 * Takes the library's row for the rest of the transaction. `seq` comes from that row, so whoever
 * commits holds it from the first look at the library to the commit: `seq` order is commit order
 * (rule L1). The update that changes nothing is the lock that every engine has.
 */
export async function lockLibrary(trx: Queries, libraryId: LibraryId): Promise<Library> {
  const library = await trx
    .updateTable('library')
    .set((eb) => ({ head: eb.ref('head') }))
    .where('id', '=', libraryId)
    .returningAll()
    .executeTakeFirst();
  return library ?? fail(404, 'not_found');
}

/**
 * Commits entities as one change of a library, in the caller's transaction. What the change takes
 * with it is done here too: an asset that is purged lets go of its resources and their charge.
 * After the transaction the caller announces the head (`announceHead`).
 *
 * @returns the `seq` of the change
 */
export async function commitChange(trx: Queries, libraryId: LibraryId, actor: Actor, entities: readonly Entity[], now: number): Promise<number> {
  const library = await lockLibrary(trx, libraryId);
  const hashes = entities.flatMap((entity) => (entity.kind === 'asset' ? entity.row.resources.map((resource) => resource.sha256) : []));
  const state = await LibraryState.load(trx, library, entities.map(keyOf), hashes, []);
  const seq = state.append(actor, entities);
  await state.flush(trx, now);
  return seq;
}

/** Tells who waits that a library's head moved. Called after the commit, never before it. */
export async function announceHead(services: Pick<Services, 'db' | 'events'>, libraryId: LibraryId): Promise<void> {
  const library = await services.db.selectFrom('library').select(['epoch', 'head']).where('id', '=', libraryId).executeTakeFirst();
  if (library) services.events.publish({ kind: 'head', head: { library: libraryId, epoch: library.epoch, head: library.head } });
}
