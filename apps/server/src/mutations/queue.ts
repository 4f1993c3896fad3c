import { type DeviceId, type LibraryId, type MutationId, type MutationResult, isReasonCode } from '@everroll/protocol';
import { chunks } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';
import { fail } from '../http/problem.ts';

/**
 * How far a device's mutations of one library came: the memory that makes each of them have at most
 * one effect (M1 to M3, I5). It changes in the transaction that applies them.
 */
export class MutationQueue {
  readonly #deviceId: DeviceId;
  readonly #libraryId: LibraryId;
  /** Known results by number: stored ones and those of this transaction. */
  readonly #results: Map<number, MutationResult>;
  readonly #stored: number;
  #lastNumber: number;
  readonly #acknowledged: number;

  private constructor(deviceId: DeviceId, libraryId: LibraryId, queue: { lastNumber: number; acknowledged: number }, results: Map<number, MutationResult>) {
    this.#deviceId = deviceId;
    this.#libraryId = libraryId;
    this.#results = results;
    this.#stored = queue.lastNumber;
    this.#lastNumber = queue.lastNumber;
    this.#acknowledged = queue.acknowledged;
  }

  /** @param from the least number of the request: results below it are not looked at */
  static async load(trx: Queries, deviceId: DeviceId, libraryId: LibraryId, from: number): Promise<MutationQueue> {
    const queue = await trx
      .selectFrom('mutation_queue')
      .select(['last_number as lastNumber', 'acknowledged'])
      .where('device_id', '=', deviceId)
      .where('library_id', '=', libraryId)
      .executeTakeFirst();
    const lastNumber = queue?.lastNumber ?? 0;
    const rows = await trx
      .selectFrom('mutation_result')
      .select(['number', 'id', 'seq', 'code'])
      .where('device_id', '=', deviceId)
      .where('library_id', '=', libraryId)
      // An empty request has no least number (Infinity).
      .where('number', '>=', Math.min(from, lastNumber + 1))
      .execute();
    const results = rows.map((row) => [row.number, resultOf(row)] as const);
    return new MutationQueue(deviceId, libraryId, queue ?? { lastNumber: 0, acknowledged: 0 }, new Map(results));
  }

  get lastNumber(): number {
    return this.#lastNumber;
  }

  /**
   * The result of a mutation that was applied before, or null where it is the next one. Everything
   * else ends the request, and with it the transaction: nothing of the request is applied.
   */
  find(mutation: { readonly number: number; readonly id: MutationId }): MutationResult | null {
    if (mutation.number > this.#lastNumber + 1) return fail(409, 'mutation_gap', { expected: this.#lastNumber + 1 });
    if (mutation.number === this.#lastNumber + 1) return null;
    // A device sends no number again whose result it acknowledged: whoever does shares its identity
    // (a restored copy of the device, for example), as does one that uses a number for another id.
    const result = this.#results.get(mutation.number);
    return result?.id === mutation.id ? result : fail(409, 'duplicate_device_identity');
  }

  keep(result: MutationResult): void {
    this.#results.set(result.number, result);
    this.#lastNumber = result.number;
  }

  /** @param acknowledged what the device stored; it cannot know of more than was there before this request */
  async flush(trx: Queries, acknowledged: number): Promise<void> {
    const known = Math.max(this.#acknowledged, Math.min(acknowledged, this.#stored));
    const key = { device_id: this.#deviceId, library_id: this.#libraryId };
    await trx
      .insertInto('mutation_queue')
      .values({ ...key, last_number: this.#lastNumber, acknowledged: known })
      .onConflict((conflict) => conflict.columns(['device_id', 'library_id']).doUpdateSet({ last_number: this.#lastNumber, acknowledged: known }))
      .execute();
    if (known > this.#acknowledged) {
      await trx.deleteFrom('mutation_result').where('device_id', '=', key.device_id).where('library_id', '=', key.library_id).where('number', '<=', known).execute();
    }
    const fresh = this.#results.values().filter((result) => result.number > this.#stored);
    for (const results of chunks(fresh)) {
      await trx.insertInto('mutation_result').values(results.map((result) => ({ ...key, ...columnsOf(result) }))).execute();
    }
  }
}

interface ResultColumns {
  readonly number: number;
  readonly id: MutationId;
  readonly seq: number | null;
  readonly code: string | null;
}

function columnsOf(result: MutationResult): ResultColumns {
  const { number, id } = result;
  return result.outcome === 'applied' ? { number, id, seq: result.seq, code: null } : { number, id, seq: null, code: result.code };
}

function resultOf({ number, id, seq, code }: ResultColumns): MutationResult {
  if (seq !== null) return { number, id, outcome: 'applied', seq };
  // A code that a newer program stored is none of this one's: the change was refused all the same.
  return { number, id, outcome: 'rejected', code: code !== null && isReasonCode(code) ? code : 'invalid_request' };
}
