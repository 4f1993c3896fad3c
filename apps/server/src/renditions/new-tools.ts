import { sql } from 'kysely';
import type { Services } from '../context.ts';
import { pipelineVersions, type Renditions } from './renditions.ts';

/**
 * What was made with less than this machine has now is made again: a video's plain poster once there is a decoder, a RAW's
 * details once there is ExifTool. What is there is shown until then. Asks for the tools only where something lacks one.
 *
 * @returns how many are due again
 */
export async function makeWithNewTools({ db, renditions: { renderer } }: Pick<Services, 'db'> & { readonly renditions: Renditions }): Promise<number> {
  // A server that makes none leaves it to the others.
  if (renderer.slots === 0) return 0;
  const sets = await db.selectFrom('rendition').select('lacking').distinct().where('lacking', 'is not', null).execute();
  const present = sets.length === 0 ? null : await renderer.tools();
  const better = sets.flatMap(({ lacking }) => (lacking?.split(',').some((tool) => present?.includes(tool)) ? [lacking] : []));
  if (better.length === 0) return 0;
  return await db.transaction().execute(async (trx) => {
    // Not from under someone who makes it anew.
    const due = trx.selectFrom('rendition').select('sha256').where('lacking', 'in', better).where('task', '=', 'images').where('lease_holder', 'is', null);
    await trx
      .updateTable('asset')
      .set({ described: 0 })
      .where('described', '=', pipelineVersions.images)
      .where((is) => is.exists(is.selectFrom('asset_resource').select(sql`1`.as('one')).whereRef('asset_resource.library_id', '=', 'asset.library_id').whereRef('asset_resource.asset_id', '=', 'asset.id').where('asset_resource.sha256', 'in', due)))
      .execute();
    const images = await trx.updateTable('rendition').set({ version: 0, lacking: null }).where('lacking', 'in', better).where('task', '=', 'images').where('lease_holder', 'is', null).executeTakeFirstOrThrow();
    // Nothing came of these.
    const videos = await trx.deleteFrom('rendition').where('lacking', 'in', better).where('task', '=', 'video_preview').where('lease_holder', 'is', null).executeTakeFirstOrThrow();
    return Number(images.numUpdatedRows + videos.numDeletedRows);
  });
}
