import type { Services } from '../context.ts';
import { isFree } from './leases.ts';
import { pipelineVersions, type RenditionJob } from './renditions.ts';

/**
 * The next video that a browser cannot be sure to play as it is: one that somebody asked for, whose
 * row says so; and, with `all`, the newest video that nobody has asked for yet.
 */
export async function nextVideo({ db, clock }: Pick<Services, 'db' | 'clock'>, all: boolean): Promise<RenditionJob | undefined> {
  const now = clock.now();
  const asked = await db
    .selectFrom('rendition')
    .select('sha256')
    .where('task', '=', 'video_preview')
    .where('outcome', 'is', null)
    .where((is) => isFree(is, now))
    .limit(1)
    .executeTakeFirst();
  if (asked) return { sha256: asked.sha256, task: 'video_preview' };
  if (!all) return undefined;
  const any = await db
    .selectFrom('asset')
    .innerJoin('asset_resource', (join) => join.onRef('asset_resource.library_id', '=', 'asset.library_id').onRef('asset_resource.asset_id', '=', 'asset.id'))
    .leftJoin('rendition', (join) => join.onRef('rendition.sha256', '=', 'asset_resource.sha256').on('rendition.task', '=', 'video_preview'))
    .select('asset_resource.sha256')
    .where('asset.described', '=', pipelineVersions.images)
    .where('asset.state', '=', 'live')
    .where('asset.media_kind', '=', 'video')
    .where('asset_resource.role', '=', 'video')
    .where('rendition.sha256', 'is', null)
    .orderBy('asset.added_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return any && { sha256: any.sha256, task: 'video_preview' };
}
