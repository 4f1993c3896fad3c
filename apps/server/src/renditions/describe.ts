import { isDeepStrictEqual } from 'node:util';
import type { Asset, AssetId, LibraryId, MediaDetails, Sha256 } from '@everroll/protocol';
import type { Services } from '../context.ts';
import { chunks } from '../database/chunks.ts';
import { joinGroups } from '../groups/join.ts';
import { announceHead, lockLibrary } from '../log/commit.ts';
import { LibraryState } from '../log/state.ts';
import { type Made, madeIn, picturesAmong } from './made.ts';
import { keyOfJob, pipelineVersions } from './renditions.ts';
import { adjustedJob, detailsOf, jobsOf, movingJob, sourcesOf } from './sources.ts';

/**
 * Gives assets of one library the details of their files (rule A6), in one transaction, and makes those
 * one that are parts of one photo (rule A7). One of whose files is not read yet is passed over, so it
 * may be called with any; one whose details are the same as before moves nothing in the log.
 *
 * @returns how many were described
 */
export async function describeAssets(services: Pick<Services, 'db' | 'events' | 'clock'>, libraryId: LibraryId, ids: readonly AssetId[]): Promise<number> {
  const { moved, count } = await services.db.transaction().execute(async (trx) => {
    const library = await lockLibrary(trx, libraryId);
    const keys = ids.map((id) => ({ kind: 'asset', id }) as const);
    const state = await LibraryState.load(trx, library, keys, [], []);
    // As the rows are now, under the lock: an edit may have come since the files were read.
    const assets = ids.flatMap((id) => state.rowsFor('server').asset(id) ?? []);
    const made = await picturesAmong(trx, new Set(assets.flatMap(hashesOf)));
    const described: AssetId[] = [];
    for (const asset of assets) {
      const details = detailsFrom(asset, made);
      if (details === undefined) continue;
      described.push(asset.id);
      if (!isDeepStrictEqual(details, asset.details)) state.appendDerived({ ...asset, details });
    }
    await state.flush(trx, services.clock.now());
    for (const some of chunks(described)) {
      await trx.updateTable('asset').set({ described: pipelineVersions.images }).where('library_id', '=', libraryId).where('id', 'in', some).execute();
    }
    let { head } = state;
    for (const id of described) head = (await joinGroups(trx, libraryId, id, services.clock.now())) ?? head;
    return { moved: head !== library.head, count: described.length };
  });
  if (moved) await announceHead(services, libraryId);
  return count;
}

function hashesOf(asset: Asset): readonly Sha256[] {
  const sources = sourcesOf(asset);
  return sources ? jobsOf(sources).map(({ sha256 }) => sha256) : [];
}

/** undefined while one of its files is not read; null where it has none. */
function detailsFrom(asset: Asset, made: ReadonlyMap<string, Made>): MediaDetails | null | undefined {
  const sources = sourcesOf(asset);
  if (!sources) return null;
  const imagesOf = (sha256: Sha256) => made.get(keyOfJob({ sha256, task: 'images' }));
  const [primary, shown] = [imagesOf(sources.primary.sha256), imagesOf(sources.shown.sha256)];
  if (!primary?.details || primary.isDue || !shown?.details || shown.isDue) return undefined;
  const job = movingJob(sources);
  const moving = job && madeIn(made, job);
  if (job && (!moving?.details || moving.isDue)) return undefined;
  const details = detailsOf(primary.details, shown.details, moving?.details);
  const { look } = sources;
  if (!look) return details;
  const drawn = made.get(keyOfJob(adjustedJob(look)));
  if (!drawn || drawn.isDue) return undefined;
  const { width, height, thumbhash } = drawn.details ?? {};
  return width === undefined || height === undefined ? details : { ...details, adjusted: { revision: look.revision, width, height, ...(thumbhash !== undefined && { thumbhash }) } };
}
