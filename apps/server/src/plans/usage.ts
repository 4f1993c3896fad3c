import type { AccountId, Usage } from '@everroll/protocol';
import type { Kysely } from 'kysely';
import type { Database } from '../database/schema.ts';
import { reading } from '../log/reading.ts';
import { usageKinds } from './kinds.ts';

/** What an account uses of its plan. The kinds add up to `used`: counters and sums are of one moment. */
export async function usageOf(db: Kysely<Database>, account: AccountId): Promise<Usage> {
  return await reading(db, async (trx) => {
    const { plan_bytes, used_bytes, reserved_bytes } = await trx
      .selectFrom('account')
      .select(['plan_bytes', 'used_bytes', 'reserved_bytes'])
      .where('id', '=', account)
      .executeTakeFirstOrThrow();
    const bytesOf = new Map<number, number>();
    // One library at a time: so each is summed along the index, without sorting.
    for (const { id } of await trx.selectFrom('library').select('id').where('account_id', '=', account).execute()) {
      const sums = await trx
        .selectFrom('resource')
        .where('library_id', '=', id)
        .groupBy('kind')
        .select((is) => ['kind', is.fn.sum<number | string>('bytes').as('bytes')])
        .execute();
      // Postgres adds bigints up to a numeric, which comes as text.
      for (const { kind, bytes } of sums) bytesOf.set(kind, (bytesOf.get(kind) ?? 0) + Number(bytes));
    }
    const of = (kind: keyof Usage['byKind']) => bytesOf.get(usageKinds[kind]) ?? 0;
    return {
      plan: plan_bytes,
      used: used_bytes,
      reserved: reserved_bytes,
      byKind: { photos: of('photos'), videos: of('videos'), livePhotos: of('livePhotos'), raw: of('raw'), edits: of('edits'), other: of('other'), recentlyDeleted: of('recentlyDeleted') },
    };
  });
}
