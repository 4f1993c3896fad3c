import { type Asset, type AssetId, join, keyOf, type LibraryId, type PartRole } from '@everroll/protocol';
import type { Queries } from '../database/open.ts';
import { lockLibrary } from '../log/commit.ts';
import { LibraryState } from '../log/state.ts';
import { holderFor, partRole } from './belongs.ts';
import { assetsById, candidatesOf } from './candidates.ts';
import { membershipsFor } from './memberships.ts';

/**
 * Looks for the other parts of an asset in its library and makes them one (rule A7): each join is one
 * change, made by the server. Call it in the transaction that wrote the asset's `details` and has the
 * library's row locked, after they were flushed, for every asset that was described, sidecars and assets without any detail included;
 * several may be described in one transaction. It loads what it needs; a `LibraryState` that was loaded before is stale afterwards. The caller announces the head.
 *
 * What an asset gained a resource by is to be described again (`described` is 0), which calls this again.
 *
 * @param now server time in milliseconds
 * @returns the `seq` of the last join; null where nothing was joined
 */
export async function joinGroups(trx: Queries, library: LibraryId, assetId: AssetId, now: number): Promise<number | null> {
  let head: number | null = null;
  // Each join ends an asset, so this ends.
  for (;;) {
    const found = await findPart(trx, library, assetId);
    const seq = found && (await commitJoin(trx, library, found, now));
    if (seq === null) return head;
    head = seq;
    if (found?.lone.id === assetId) return head;
  }
}

interface Found {
  readonly holder: Asset;
  readonly lone: Asset;
  readonly as: PartRole;
}

/** The asset that this one is a part of, or else one that is a part of this one. */
async function findPart(trx: Queries, library: LibraryId, assetId: AssetId): Promise<Found | null> {
  const [asset] = await assetsById(trx, library, [assetId]);
  if (asset?.state !== 'live') return null;
  const candidates = await candidatesOf(trx, library, asset);
  const of = holderFor(asset, candidates);
  if (of && isOnlyVideo(of, asset, candidates)) return { ...of, lone: asset };
  for (const lone of candidates) {
    if (partRole(asset, lone) === null) continue;
    // It may fit another one as well, which has nothing in common with this one.
    const all = await candidatesOf(trx, library, lone);
    const its = holderFor(lone, all);
    if (its?.holder.id === asset.id && isOnlyVideo(its, lone, all)) return { ...its, lone };
  }
  return null;
}

/** A Live Photo has one video: of two with its identifier (one was trimmed) neither is known to be it. */
function isOnlyVideo({ holder, as }: { readonly holder: Asset; readonly as: PartRole }, lone: Asset, candidates: readonly Asset[]): boolean {
  return as !== 'paired_video' || !candidates.some((other) => other.id !== lone.id && partRole(holder, other) === 'paired_video');
}

async function commitJoin(trx: Queries, libraryId: LibraryId, { holder, lone, as }: Found, now: number): Promise<number | null> {
  const joined = join(holder, lone, as);
  if (!joined) return null;
  const entities = [...joined, ...(await membershipsFor(trx, libraryId, holder.id, lone.id))];
  const library = await lockLibrary(trx, libraryId);
  const state = await LibraryState.load(trx, library, entities.map(keyOf), [], []);
  const seq = state.append('server', entities);
  await state.flush(trx, now);
  return seq;
}
