import type { AccountId, LibraryId, Sha256 } from '@everroll/protocol';
import type { Transaction } from 'kysely';
import type { Queries } from '../database/open.ts';
import type { Database } from '../database/schema.ts';
import { namedByNoAsset } from './unreferenced.ts';

/**
 * The two counters of a storage plan. Each function runs in the transaction that changes the rows
 * which the counter sums, so that at every commit `used_bytes` is the sum of the account's
 * resources, `reserved_bytes` what is reserved for its unfinished uploads, and both together fit the plan (I3).
 */
export interface PlanState {
  /** null is unlimited. */
  readonly planBytes: number | null;
  readonly usedBytes: number;
  readonly reservedBytes: number;
}

/**
 * The state of a plan, held until the transaction ends: two uploads of one account that are created
 * at once see each other's reservation. The row is written for that, since writing locks it on
 * every engine.
 */
export async function lockPlan(trx: Transaction<Database>, account: AccountId): Promise<PlanState> {
  const row = await trx
    .updateTable('account')
    .set((is) => ({ reserved_bytes: is.ref('reserved_bytes') }))
    .where('id', '=', account)
    .returning(['plan_bytes', 'used_bytes', 'reserved_bytes'])
    .executeTakeFirstOrThrow();
  return { planBytes: row.plan_bytes, usedBytes: row.used_bytes, reservedBytes: row.reserved_bytes };
}

export type Fit =
  | { readonly fits: true }
  /** `shortBytes`: what must be freed, or added to the plan, before it fits. */
  | { readonly fits: false; readonly code: 'quota_full' | 'item_larger_than_plan'; readonly shortBytes: number };

/** Whether so many bytes more fit a plan (rule U2). */
export function fit(plan: PlanState, bytes: number): Fit {
  if (plan.planBytes === null) return { fits: true };
  if (bytes > plan.planBytes) return { fits: false, code: 'item_larger_than_plan', shortBytes: bytes - plan.planBytes };
  const shortBytes = plan.usedBytes + plan.reservedBytes + bytes - plan.planBytes;
  return shortBytes > 0 ? { fits: false, code: 'quota_full', shortBytes } : { fits: true };
}

/** For an upload row that begins (positive) or goes (negative) in this transaction. */
export async function changeReserved(trx: Transaction<Database>, account: AccountId, bytes: number): Promise<void> {
  await trx
    .updateTable('account')
    .set((is) => ({ reserved_bytes: is('reserved_bytes', '+', bytes) }))
    .where('id', '=', account)
    .execute();
}

/**
 * Turns a reservation into a charge: the library holds the resource from this transaction on. Where
 * it held it already (two devices sent it at once) the reservation goes and nothing is charged twice.
 */
export async function chargeReserved(
  trx: Transaction<Database>,
  { account, library, sha256, bytes, reserved, now }: { account: AccountId; library: LibraryId; sha256: Sha256; bytes: number; reserved: number; now: number },
): Promise<void> {
  const { numInsertedOrUpdatedRows: inserted = 0n } = await trx
    .insertInto('resource')
    .values({ library_id: library, sha256, bytes, verified_at: now, scrubbed_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (inserted === 0n) {
    await trx.updateTable('resource').set({ verified_at: now, scrubbed_at: now }).where('library_id', '=', library).where('sha256', '=', sha256).execute();
  }
  const charged = inserted === 0n ? 0 : bytes;
  await trx
    .updateTable('account')
    .set((is) => ({ used_bytes: is('used_bytes', '+', charged), reserved_bytes: is('reserved_bytes', '-', reserved) }))
    .where('id', '=', account)
    .execute();
}

/**
 * Takes those of the resources from a library that none of its assets names, and returns their
 * space. The files stay until no library has a row for them (housekeeping).
 * @returns bytes that were returned to the plan
 */
export async function releaseResources(trx: Transaction<Database>, library: LibraryId, hashes: readonly Sha256[]): Promise<number> {
  if (hashes.length === 0) return 0;
  const released = await trx
    .deleteFrom('resource')
    .where('library_id', '=', library)
    .where('sha256', 'in', hashes)
    .where(namedByNoAsset)
    .returning('bytes')
    .execute();
  await endUnreserved(trx, library, hashes);
  const bytes = released.reduce((sum, row) => sum + row.bytes, 0);
  if (bytes === 0) return 0;
  await trx
    .updateTable('account')
    .set((is) => ({ used_bytes: is('used_bytes', '-', bytes) }))
    .where('id', '=', (is) => is.selectFrom('library').select('account_id').where('library.id', '=', library))
    .execute();
  return bytes;
}

/**
 * Ends the uploads that bring bytes again which a library was charged for, and is no more: nothing is
 * reserved for them. Their devices find them gone, and ask anew. Called in the transaction that lets
 * go of the resources.
 */
export async function endUnreserved(trx: Queries, library: LibraryId, hashes: readonly Sha256[]): Promise<void> {
  if (hashes.length === 0) return;
  await trx
    .deleteFrom('upload')
    .where('library_id', '=', library)
    .where('sha256', 'in', hashes)
    .where('reserved', '=', 0)
    .where((is) => is.not(is.exists(is.selectFrom('resource').select('resource.sha256').whereRef('resource.library_id', '=', 'upload.library_id').whereRef('resource.sha256', '=', 'upload.sha256'))))
    .execute();
}
