import { apply, type Asset, CHANGED_SINCE, type Entity, isAccountedFor, keyOf, type LibraryId, type LogPlace, type MutationId, type MutationResult, type MutationsResponse, NOWHERE, type Operation, type ReasonCode, rowsNamedBy, rowsReadBy } from '@everroll/protocol';
import type { SessionIdentity } from '../accounts/sessions.ts';
import type { Services } from '../context.ts';
import { carryMemberships } from '../groups/memberships.ts';
import { openLibrary } from '../libraries/authorize.ts';
import { announceHead, lockLibrary } from '../log/commit.ts';
import { forksOf, noticeRollback, requireEpoch } from '../log/epochs.ts';
import { incarnationAt } from '../log/incarnations.ts';
import { LibraryState } from '../log/state.ts';
import { lostOriginals } from '../originals/present.ts';
import { flawOf, hashesNamedBy, isReadable } from './check.ts';
import { MutationQueue } from './queue.ts';

export interface Batch {
  readonly epoch: MutationsResponse['epoch'];
  readonly acknowledged: number;
  /** An operation is null where it is none that this server knows: it is refused by itself. */
  readonly mutations: readonly { readonly number: number; readonly id: MutationId; readonly operation: Operation | null }[];
}

/**
 * Applies a device's mutations in their order, all in one transaction. What they need is read
 * before by a few queries and written after by a few statements; between them the protocol's rules
 * decide in memory, each on what the one before left.
 */
export async function applyMutations(
  services: Pick<Services, 'db' | 'clock' | 'events' | 'random' | 'originals'>,
  session: SessionIdentity,
  libraryId: LibraryId,
  batch: Batch,
): Promise<MutationsResponse> {
  // What is pushed may be the first that tells of an epoch that this database lost.
  await noticeRollback(services, session, libraryId, { epoch: batch.epoch, seq: 0, incarnations: null, told: [], generation: 0 });
  const lost = await lostOriginals(services, libraryId, batch.mutations.flatMap(({ operation }) => (operation ? hashesNamedBy(operation) : [])));
  const { response, moved } = await services.db.transaction().execute(async (trx) => {
    await openLibrary(trx, session, libraryId);
    const library = await lockLibrary(trx, libraryId);
    await requireEpoch(trx, library, batch.epoch);

    const queue = await MutationQueue.load(trx, session.deviceId, libraryId, Math.min(...batch.mutations.map(({ number }) => number)));
    const fresh = batch.mutations.flatMap(({ number, operation }) => (operation !== null && number > queue.lastNumber ? [operation] : []));
    const state = await LibraryState.load(trx, library, fresh.flatMap((operation) => [...rowsNamedBy(operation), ...rowsReadBy(operation)]), fresh.flatMap(hashesNamedBy), await forksOf(trx, libraryId), lost);
    const now = services.clock.now();

    const joined: Asset[] = [];
    const results = batch.mutations.map((mutation): MutationResult => {
      const before = queue.find(mutation);
      if (before) return before;
      const { number, id, operation } = mutation;
      const done = operation ? decide(state, session, libraryId, operation, now, joined) : 'invalid_request';
      const result: MutationResult = typeof done === 'number' ? { number, id, outcome: 'applied', seq: done } : { number, id, outcome: 'rejected', code: done };
      queue.keep(result);
      return result;
    });

    await state.flush(trx, now);
    await queue.flush(trx, batch.acknowledged);
    const head = (await carryMemberships(trx, libraryId, joined, now)) ?? state.head;
    const applied = Math.max(0, ...results.map((result) => (result.outcome === 'applied' ? result.seq : 0)));
    const incarnation = await incarnationAt(trx, libraryId, applied > 0 ? applied : head);
    return { response: { epoch: library.epoch, head, incarnation, lastNumber: queue.lastNumber, results }, moved: head !== library.head };
  });
  if (moved) await announceHead(services, libraryId);
  return response;
}

/**
 * The `seq` at or before which the operation stands in the log, or why it is refused.
 * @param joined takes the assets that became part of another
 */
function decide(state: LibraryState, session: SessionIdentity, libraryId: LibraryId, operation: Operation, now: number, joined: Asset[]): number | ReasonCode {
  const flaw = flawOf(operation, libraryId, state.holdings);
  if (flaw) return flaw;
  const outcome = apply(operation, state.rowsFor(session.deviceId), now);
  if (outcome.outcome === 'rejected') return outcome.code;
  const entities = outcome.outcome === 'changed' ? outcome.entities : [];
  if (entities.some((entity) => entity.kind === 'asset' && !isReadable(entity.row))) return 'invalid_request';
  if (operation.op === 'asset.add' && operation.again) for (const sha256 of hashesNamedBy(operation)) state.holdings.recall(sha256);
  if (entities.length === 0) return state.head;
  for (const entity of entities) if (operation.op === 'asset.add' && entity.kind === 'asset' && entity.row.joinedTo !== undefined) joined.push(entity.row);
  return state.append(session.deviceId, entities, (entity) => offeredBy(state, operation, entity));
}

/**
 * Rule C4: an offer accounts for its row up to its own place. What a device adds by itself is nobody's
 * edit: the row stands where it stood, and one that was not there gives way to any offer.
 */
function offeredBy(state: LibraryState, operation: Operation, entity: Entity): LogPlace | null {
  const baseline = state.offerBaseline(keyOf(entity), operation.op === 'offer' ? operation : { generation: 0, seq: 0 });
  // A row that is accounted for takes what it lacks alone from an offer, and stays where it stood: also one that somebody changed.
  if (operation.op === 'offer' && !isAccountedFor(operation, baseline)) return { generation: operation.generation ?? Math.max(0, baseline.generation), seq: operation.seq };
  if (operation.op === 'offer') return baseline === CHANGED_SINCE ? null : baseline;
  if (operation.op !== 'asset.add' || operation.again || entity.kind !== 'asset' || entity.row.id !== operation.assetId) return null;
  return baseline === NOWHERE ? { generation: 0, seq: 0 } : baseline === CHANGED_SINCE ? null : baseline;
}
