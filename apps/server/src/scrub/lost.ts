import type { AssetId, LibraryId, Sha256 } from '@everroll/protocol';
import type { Services } from '../context.ts';
import { chunks } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';
import type { Loss } from '../database/schema.ts';
import type { Library } from '../libraries/authorize.ts';
import { announceHead, lockLibrary } from '../log/commit.ts';
import { LibraryState } from '../log/state.ts';
import { forgetMade } from '../renditions/make-again.ts';
import type { UploadDesk } from '../uploads/desk.ts';
import { hashOnce } from './hash-once.ts';

/** Of these hashes, those whose bytes the library is charged for and no longer has. */
export async function lostAmong(db: Queries, library: LibraryId, hashes: Iterable<Sha256>): Promise<Set<Sha256>> {
  const lost = new Set<Sha256>();
  // Hardly ever is anything lost at all: one look at an empty index, rather than one for each few hundred hashes.
  if (!(await db.selectFrom('resource').select('sha256').where('lost', 'is not', null).limit(1).executeTakeFirst())) return lost;
  for (const some of chunks(new Set(hashes))) {
    const rows = await db.selectFrom('resource').select('sha256').where('library_id', '=', library).where('sha256', 'in', some).where('lost', 'is not', null).execute();
    for (const { sha256 } of rows) lost.add(sha256);
  }
  return lost;
}

/**
 * Notes that the store no longer has these originals, and tells the devices by an entry of each asset
 * that names one (rule S2). Called when their files were looked for and are not there.
 * @returns how many of them nobody knew of
 */
export async function noteLost({ services: { db, clock, events, originals } }: Pick<UploadDesk, 'services'>, hashes: readonly Sha256[], loss: Loss): Promise<number> {
  const noted = new Set<Sha256>();
  for (const some of chunks(hashes)) {
    const libraries = await db.selectFrom('resource').select('library_id').distinct().where('sha256', 'in', some).where('lost', 'is', null).orderBy('library_id').execute();
    for (const { library_id: id } of libraries) {
      await db.transaction().execute(async (trx) => {
        const library = await lockLibrary(trx, id);
        const rows = await trx
          .updateTable('resource')
          .set({ lost: loss, lost_at: clock.now() })
          .where('library_id', '=', id)
          .where('sha256', 'in', some)
          .where('lost', 'is', null)
          .returning('sha256')
          .execute();
        for (const { sha256 } of rows) noted.add(sha256);
        await renewAssets(trx, library, rows.map(({ sha256 }) => sha256), clock.now());
      });
      await announceHead({ db, events }, id);
    }
    // An upload of another process may have put one in its place between the look and the note.
    for (const { sha256, bytes } of await db.selectFrom('resource').select(['sha256', 'bytes']).distinct().where('sha256', 'in', some).execute()) {
      if ((await hashOnce(originals, sha256, bytes)) === 'sound') await returned({ db, clock, events }, sha256);
    }
  }
  return noted.size;
}

/** The store has this original again, whole: its hash was made just now. */
export async function returned({ db, clock, events }: Pick<Services, 'db' | 'clock' | 'events'>, sha256: Sha256): Promise<void> {
  const libraries = await db.transaction().execute(async (trx) => await noteReturned(trx, sha256, clock.now()));
  for (const library of libraries) await announceHead({ db, events }, library);
}

/**
 * The same in the caller's transaction, for every library that is charged for the bytes (rule S4).
 * @returns the libraries whose log moved, for `announceHead` after the commit
 */
export async function noteReturned(trx: Queries, sha256: Sha256, now: number): Promise<LibraryId[]> {
  const rows = await trx.selectFrom('resource').select(['library_id', 'lost']).where('sha256', '=', sha256).where('lost', 'is not', null).orderBy('library_id').execute();
  for (const { library_id: id } of rows) {
    const library = await lockLibrary(trx, id);
    await trx.updateTable('resource').set({ lost: null, lost_at: null, scrubbed_at: now }).where('library_id', '=', id).where('sha256', '=', sha256).execute();
    await renewAssets(trx, library, [sha256], now);
  }
  if (rows.length > 0) {
    // What waits for the original need not wait for its turn.
    await trx.updateTable('rendition').set({ lease_until: 0 }).where('sha256', '=', sha256).where('outcome', 'is', null).where('lease_holder', 'is', null).execute();
    // What was made may have been made from the damaged bytes.
    if (rows.some(({ lost }) => lost === 'damaged')) for (const task of ['images', 'details', 'video_preview'] as const) await forgetMade(trx, { sha256, task });
  }
  return rows.map(({ library_id }) => library_id);
}

/** Writes the assets of a locked library that name these hashes anew, each at a `seq` of its own; it is nobody's edit (as A6). */
async function renewAssets(trx: Queries, library: Library, hashes: readonly Sha256[], now: number): Promise<void> {
  if (hashes.length === 0) return;
  const naming = await trx.selectFrom('asset_resource').select('asset_id').distinct().where('library_id', '=', library.id).where('sha256', 'in', hashes).orderBy('asset_id').execute();
  const ids = naming.map((row): AssetId => row.asset_id);
  const state = await LibraryState.load(trx, library, ids.map((id) => ({ kind: 'asset', id })), [], []);
  for (const id of ids) {
    const asset = state.rowsFor('server').asset(id);
    if (asset) state.appendDerived(asset);
  }
  await state.flush(trx, now);
}
