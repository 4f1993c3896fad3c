import type { AccountId, AssetId, LibraryId, Sha256 } from '@everroll/protocol';
import { chunks } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';
import { endUnreserved } from '../plans/ledger.ts';

/**
 * What a library holds and remembers of some hashes, as a transaction goes on: the bytes stored,
 * the bytes that a person purged (rule A4), and which assets that are not purged use them.
 */
export class Holdings {
  readonly #stored = new Map<Sha256, number>();
  readonly #lost: ReadonlySet<Sha256>;
  readonly #purged = new Set<Sha256>();
  readonly #users = new Map<Sha256, Set<AssetId>>();
  /** What differs from the tables. */
  readonly #released = new Map<Sha256, number>();
  readonly #purgedSince = new Set<Sha256>();
  readonly #recalled = new Set<Sha256>();

  private constructor(lost: ReadonlySet<Sha256>) {
    this.#lost = lost;
  }

  /** @param lost hashes whose rows are there and whose files are not: nothing may be built on them. */
  static async load(db: Queries, libraryId: LibraryId, hashes: ReadonlySet<Sha256>, lost: ReadonlySet<Sha256>): Promise<Holdings> {
    const holdings = new Holdings(lost);
    for (const some of chunks(hashes)) {
      const stored = await db.selectFrom('resource').select(['sha256', 'bytes']).where('library_id', '=', libraryId).where('sha256', 'in', some).execute();
      for (const row of stored) holdings.#stored.set(row.sha256, row.bytes);
      const purged = await db.selectFrom('purged_resource').select('sha256').where('library_id', '=', libraryId).where('sha256', 'in', some).execute();
      for (const row of purged) holdings.#purged.add(row.sha256);
      const users = await db.selectFrom('asset_resource').select(['sha256', 'asset_id']).where('library_id', '=', libraryId).where('sha256', 'in', some).execute();
      for (const row of users) holdings.use(row.sha256, row.asset_id);
    }
    return holdings;
  }

  /** Bytes stored under a hash, verified; undefined where there are none. */
  storedBytes(sha256: Sha256): number | undefined {
    return this.#lost.has(sha256) ? undefined : this.#stored.get(sha256);
  }

  wasPurged(sha256: Sha256): boolean {
    return this.#purged.has(sha256);
  }

  use(sha256: Sha256, assetId: AssetId): void {
    const users = this.#users.get(sha256);
    if (users) users.add(assetId);
    else this.#users.set(sha256, new Set([assetId]));
  }

  /** An asset no longer has this resource. Where it was purged and nothing else uses the bytes, they go. */
  letGo(sha256: Sha256, assetId: AssetId, purged: boolean): void {
    const users = this.#users.get(sha256);
    users?.delete(assetId);
    if (!purged || (users !== undefined && users.size > 0)) return;
    this.#purged.add(sha256);
    this.#purgedSince.add(sha256);
    this.#recalled.delete(sha256);
    const bytes = this.#stored.get(sha256);
    if (bytes === undefined) return;
    this.#stored.delete(sha256);
    this.#released.set(sha256, bytes);
  }

  /** A person asked for these bytes back: they are no longer refused. */
  recall(sha256: Sha256): void {
    if (!this.#purged.delete(sha256)) return;
    this.#purgedSince.delete(sha256);
    this.#recalled.add(sha256);
  }

  /**
   * Stores what changed. A released resource loses its row and its charge; its file is found without
   * a row by the sweep and set aside.
   */
  async flush(db: Queries, library: { readonly id: LibraryId; readonly account_id: AccountId }, now: number): Promise<void> {
    for (const some of chunks(this.#recalled)) {
      await db.deleteFrom('purged_resource').where('library_id', '=', library.id).where('sha256', 'in', some).execute();
    }
    for (const some of chunks(this.#purgedSince)) {
      await db
        .insertInto('purged_resource')
        .values(some.map((sha256) => ({ library_id: library.id, sha256, purged_at: now })))
        .onConflict((conflict) => conflict.columns(['library_id', 'sha256']).doUpdateSet({ purged_at: now }))
        .execute();
    }
    for (const some of chunks(this.#released.keys())) {
      await db.deleteFrom('resource').where('library_id', '=', library.id).where('sha256', 'in', some).execute();
      await endUnreserved(db, library.id, some);
    }
    const freed = this.#released.values().reduce((sum, bytes) => sum + bytes, 0);
    if (freed > 0) {
      await db
        .updateTable('account')
        .set((eb) => ({ used_bytes: eb('used_bytes', '-', freed) }))
        .where('id', '=', library.account_id)
        .execute();
    }
  }
}
