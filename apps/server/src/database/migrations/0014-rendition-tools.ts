import type { Kysely } from 'kysely';
import { sql } from 'kysely';

/**
 * What was made with less than it could have been made with, so that it is made again when the tool is there. Previews of
 * videos that came to nothing are the ones of which that can be told of earlier versions.
 */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema.alterTable('rendition').addColumn('lacking', 'text').execute();
  await sql`update rendition set lacking = 'ffmpeg,node-av' where task = 'video_preview' and code = 'unsupported_media'`.execute(database);
  await schema.createIndex('rendition_lacking').on('rendition').column('lacking').where(sql.ref('lacking'), 'is not', null).execute();
}
