import type { Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import { kindOf, pipelineVersions, type RenditionKey } from './renditions.ts';

/**
 * Forgets what was made, since its files are gone, so that it is made again: by whoever asks for it,
 * and by the assets that show it. Their details stay until then, and come out the same. False where
 * someone makes it anew already.
 */
export async function makeAgain(db: Services['db'], job: RenditionKey): Promise<boolean> {
  return await db.transaction().execute(async (trx) => await forgetMade(trx, job));
}

/** The same in the caller's transaction. */
export async function forgetMade(trx: Queries, { sha256, task }: RenditionKey): Promise<boolean> {
  const { numDeletedRows } = await trx
    .deleteFrom('rendition')
    .where('sha256', '=', sha256)
    .where('task', '=', task)
    // Not from under someone who makes it anew.
    .where('lease_holder', 'is', null)
    .executeTakeFirstOrThrow();
  // These are made when somebody asks for them.
  const isOnDemand = kindOf(task) === 'video_preview' || kindOf(task) === 'edited';
  if (isOnDemand || numDeletedRows === 0n) return numDeletedRows > 0n;
  const libraries = await trx.selectFrom('resource').select('library_id').where('sha256', '=', sha256).execute();
  for (const { library_id: library } of libraries) {
    const assets = await trx.selectFrom('asset_resource').select('asset_id').where('library_id', '=', library).where('sha256', '=', sha256).execute();
    for (const { asset_id: asset } of assets) {
      await trx.updateTable('asset').set({ described: 0 }).where('library_id', '=', library).where('id', '=', asset).where('described', '=', pipelineVersions.images).execute();
    }
  }
  return true;
}
