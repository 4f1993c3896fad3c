import type { AccountId, Usage } from '@everroll/protocol';
import type { Queries } from '../database/open.ts';

type Kind = keyof Usage['byKind'];

/**
 * Each resource counts once, even where several assets name it: as the kind of the first of these
 * that names it. A resource counts as recently deleted only if nothing else holds it, since only
 * then does emptying Recently Deleted free it.
 */
const kinds: readonly Kind[] = ['livePhotos', 'photos', 'videos', 'raw', 'other', 'recentlyDeleted'];

/** What an account uses of its plan. The kinds add up to `used`. */
export async function usageOf(db: Queries, account: AccountId): Promise<Usage> {
  const { plan_bytes, used_bytes, reserved_bytes } = await db
    .selectFrom('account')
    .select(['plan_bytes', 'used_bytes', 'reserved_bytes'])
    .where('id', '=', account)
    .executeTakeFirstOrThrow();
  const rows = await db
    .with('held', (cte) =>
      cte
        .selectFrom('resource')
        .innerJoin('library', 'library.id', 'resource.library_id')
        .leftJoin('asset_resource', (join) =>
          join.onRef('asset_resource.library_id', '=', 'resource.library_id').onRef('asset_resource.sha256', '=', 'resource.sha256'),
        )
        .leftJoin('asset', (join) => join.onRef('asset.library_id', '=', 'asset_resource.library_id').onRef('asset.id', '=', 'asset_resource.asset_id'))
        .where('library.account_id', '=', account)
        .groupBy(['resource.library_id', 'resource.sha256', 'resource.bytes'])
        .select((is) => [
          'resource.bytes',
          is.fn
            .min(
              is
                .case()
                .when('asset.state', '=', 'trashed').then(kinds.indexOf('recentlyDeleted'))
                .when('asset.media_kind', '=', 'live_photo').then(kinds.indexOf('livePhotos'))
                .when('asset.media_kind', '=', 'photo').then(kinds.indexOf('photos'))
                .when('asset.media_kind', '=', 'video').then(kinds.indexOf('videos'))
                .when('asset.media_kind', '=', 'raw').then(kinds.indexOf('raw'))
                .else(kinds.indexOf('other'))
                .end(),
            )
            .as('kind'),
        ]),
    )
    .selectFrom('held')
    .groupBy('kind')
    .select((is) => ['kind', is.fn.sum<number | string>('bytes').as('bytes')])
    .execute();
  const byKind: Usage['byKind'] = { photos: 0, videos: 0, livePhotos: 0, raw: 0, other: 0, recentlyDeleted: 0 };
  for (const row of rows) {
    const kind = kinds[row.kind];
    // Postgres adds bigints up to a numeric, which comes as text.
    if (kind) byKind[kind] = Number(row.bytes);
  }
  return { plan: plan_bytes, used: used_bytes, reserved: reserved_bytes, byKind };
}
