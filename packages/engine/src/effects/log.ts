import { type Epoch, type KnownResponse, MUTATIONS_MAX, type MutationsRequest, type Sha256, type SnapshotPage } from '@everroll/protocol';
import { readMeta, writeMeta } from '../database/meta.ts';
import { observeKnown, observeQuotaRoom } from '../items/observe.ts';
import { renumber, unsent } from '../outbox/outbox.ts';
import { observeResults } from '../outbox/results.ts';
import type { Failure } from '../ports/failure.ts';
import { type AskedPage, observeChanges, observeLastNumber, observePart, observeRollback, observeSnapshot } from '../pull/observe.ts';
import { wantedAmong } from '../replica/wanted.ts';
import { type Context, holdQuestion, releaseQuestion } from './context.ts';

/** One batch of mutations is answered before the next is sent, so that they arrive in order. */
const PUSH_BATCH = Math.min(200, MUTATIONS_MAX);

export async function pull(context: Context): Promise<void> {
  const { driver, server, clock } = context.ports;
  const cursor = readMeta(driver, 'cursor');
  // Cleared before asking: what is announced while the answer travels asks again.
  context.pullWanted.value = false;
  if (cursor.phase === 'snapshot') {
    const page = await server.snapshot(context.library, cursor.next, context.signal);
    if (page.ok) {
      const rowsAtOnce = context.timing.rowsAtOnce();
      const first = { asked: cursor.next, page: await storeBut(context, cursor.next, page.value, rowsAtOnce) };
      const pages = await gather(context, first, rowsAtOnce);
      if (observeSnapshot(driver, pages, clock.now()) === 'stale') outOfTurn(context, 'pull');
      else releaseQuestion(context, 'pull');
    } else if (page.failure.code === 'invalid_request' && cursor.next !== null) {
      // The server no longer knows where this snapshot was: it begins anew. If that is for another
      // epoch, the first page says so.
      driver.transaction(() => writeMeta(driver, 'cursor', { phase: 'snapshot', epoch: cursor.epoch, seq: null, next: null, snapshot: cursor.snapshot + 1, incarnations: [] }));
    } else failedToPull(context, cursor.epoch, page.failure);
    return;
  }
  const told = readMeta(driver, 'told');
  const page = await server.changes(context.library, { ...cursor, told, generation: readMeta(driver, 'forks').at(-1)?.generation ?? 0 }, context.signal);
  if (!page.ok) {
    failedToPull(context, cursor.epoch, page.failure);
    return;
  }
  const observed = observeChanges(driver, page.value, told, clock.now());
  // Asked again, with what the device was told of since: the server says whether that is of the same history.
  if (observed === 'unshown') return await pull(context);
  if (observed === 'stale') {
    outOfTurn(context, 'pull');
    return;
  }
  releaseQuestion(context, 'pull');
  // Something may have been deleted: what waits for room in the plan tries again.
  if (page.value.to > page.value.from) observeQuotaRoom(driver);
}

/**
 * Rows that are stored by one transaction. The keys of rows are random bits, so each transaction writes nearly all
 * pages of the indexes once, however few rows it has: fewer and larger ones write less. 16,384 take some 40 MB of memory.
 */
const GATHERED_ROWS = 16_384;

/**
 * Further pages of the snapshot, to be stored together with `first`. Not behind the very first page, for which a
 * screen waits, and not where rows are stored in steps. An answer that is no page is left to the next pull.
 */
async function gather(context: Context, first: AskedPage, rowsAtOnce: number): Promise<AskedPage[]> {
  const { server } = context.ports;
  const pages = [first];
  if (first.asked === null || rowsAtOnce !== Number.POSITIVE_INFINITY) return pages;
  let rows = first.page.entries.length;
  for (let next = first.page.next; next !== null && rows + (pages.at(-1)?.page.entries.length ?? 0) <= GATHERED_ROWS; ) {
    const page = await server.snapshot(context.library, next, context.signal);
    if (!page.ok || page.value.next === next) break;
    pages.push({ asked: next, page: page.value });
    rows += page.value.entries.length;
    next = page.value.next;
  }
  return pages;
}

/**
 * Stores the rows of a page in steps, each a transaction, but for the last ones: those go with the cursor,
 * so that it never stands beyond a row that is not here (I4). A device that ends between reads the page again.
 * @returns the page with the rows that are left.
 */
async function storeBut(context: Context, asked: string | null, page: SnapshotPage, rowsAtOnce: number): Promise<SnapshotPage> {
  const { driver, clock } = context.ports;
  let stored = 0;
  while (page.entries.length - stored > rowsAtOnce) {
    if (!observePart(driver, asked, page, page.entries.slice(stored, stored + rowsAtOnce), clock.now())) break;
    stored += rowsAtOnce;
    await clock.sleep(0, context.signal);
    context.signal.throwIfAborted();
  }
  return { ...page, entries: page.entries.slice(stored) };
}

/** An answer that does not fit the question: nothing was stored, and it is asked again after a while. */
function outOfTurn(context: Context, question: 'pull' | 'push' | 'known'): void {
  holdQuestion(context, question, { code: 'internal_error', evidence: { detail: 'The answer does not belong to the question.' } });
  context.pullWanted.value = true;
}

function failedToPull(context: Context, asked: Epoch | null, failure: Failure): void {
  if (observeFork(context, asked, failure)) return;
  holdQuestion(context, 'pull', failure);
  context.pullWanted.value = true;
}

/**
 * @param asked the epoch of the question. Where the device has heard of another one since, the answer is of a time that is over.
 * @returns whether the failure was that the server lives in another epoch.
 */
function observeFork(context: Context, asked: Epoch | null, failure: Failure): boolean {
  if (failure.code !== 'server_rolled_back' || failure.evidence.epoch === undefined) return false;
  const { driver, clock } = context.ports;
  if (readMeta(driver, 'cursor').epoch === asked) observeRollback(driver, failure.evidence.epoch as Epoch, failure.evidence.forkedAt ?? 0, clock.now());
  return true;
}

export async function push(context: Context): Promise<void> {
  const { driver, server, clock, random } = context.ports;
  const epoch = readMeta(driver, 'cursor').epoch;
  if (epoch === null) return;
  const rollback = readMeta(driver, 'rollback');
  // After a rollback the numbers are settled first, by a request without mutations.
  const settling = rollback !== null && !rollback.renumbered;
  const request: MutationsRequest = { epoch, acknowledged: settling ? 0 : readMeta(driver, 'acknowledged'), mutations: settling ? [] : unsent(driver, PUSH_BATCH) };
  const response = await server.mutate(context.library, request, context.signal);
  if (response.ok) {
    if (!settling && !response.value.results.some((result) => result.number === request.mutations[0]?.number)) outOfTurn(context, 'push');
    else releaseQuestion(context, 'push');
    if (settling) observeLastNumber(driver, response.value, clock.now(), random);
    else observeResults(driver, response.value, clock.now(), random);
    return;
  }
  const { failure } = response;
  const { phase, epoch: present } = readMeta(driver, 'cursor');
  if (failure.code === 'server_rolled_back' && phase === 'log' && present === epoch) {
    // Where the two histories part the log says, to whom this device shows what it read.
    await pull(context);
    if (readMeta(driver, 'cursor').epoch === epoch && !context.signal.aborted) holdQuestion(context, 'push', failure);
    return;
  }
  if (observeFork(context, epoch, failure)) return;
  if (failure.code === 'mutation_gap' && failure.evidence.expected !== undefined) {
    // The server does not have what this device believes acknowledged. If it was restored from a
    // backup its log says so; else what the cursor does not cover is numbered from where it stands.
    await pull(context);
    const cursor = readMeta(driver, 'cursor');
    if (readMeta(driver, 'rollback') !== null || cursor.phase !== 'log' || context.signal.aborted) return;
    const expected = failure.evidence.expected;
    driver.transaction(() => renumber(driver, expected - 1, cursor.seq, clock.now(), random));
  } else {
    holdQuestion(context, 'push', failure);
  }
}

export async function known(context: Context, hashes: readonly Sha256[]): Promise<void> {
  const { driver, clock } = context.ports;
  const wanted = wantedAmong(driver, hashes);
  const response = await standingsOf(context, hashes);
  if (response) observeKnown(driver, hashes, response, wanted, clock.now());
}

/** What the server has of these bytes, in the epoch in which this device lives; null: it does not say now. */
export async function standingsOf(context: Context, hashes: readonly Sha256[]): Promise<KnownResponse | null> {
  const { driver, server } = context.ports;
  const response = await server.known(context.library, hashes, context.signal);
  if (!response.ok) {
    holdQuestion(context, 'known', response.failure);
    return null;
  }
  if (response.value.standings.length !== hashes.length) {
    outOfTurn(context, 'known');
    return null;
  }
  if (readMeta(driver, 'cursor').epoch !== null && response.value.epoch !== readMeta(driver, 'cursor').epoch) {
    // The server lives in another epoch; the log tells what to do about it, and then it is asked again.
    context.pullWanted.value = true;
    return null;
  }
  releaseQuestion(context, 'known');
  return response.value;
}
