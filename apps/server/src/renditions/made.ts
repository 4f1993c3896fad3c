import type { MediaDetails, Sha256 } from '@everroll/protocol';
import { chunks } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';
import type { RenditionTable } from '../database/schema.ts';
import { keyOfJob, type RenditionKey, type StoredRendition, versionOf } from './renditions.ts';

/** What a row of `rendition` says that its job came to. */
export interface Made {
  /** Its pipeline is older than this program's, or nothing was made yet: the job is to be done. */
  readonly isDue: boolean;
  readonly code: RenditionTable['code'];
  readonly details: MediaDetails | null;
  readonly files: readonly StoredRendition[];
}

export async function madeOf(db: Queries, { sha256, task }: RenditionKey): Promise<Made | undefined> {
  const row = await db.selectFrom('rendition').selectAll().where('sha256', '=', sha256).where('task', '=', task).executeTakeFirst();
  return row && madeBy(row);
}

/** What was made of many hashes, videos aside, by `keyOfJob`; what no row speaks of is absent. */
export async function picturesAmong(db: Queries, hashes: Iterable<Sha256>): Promise<Map<string, Made>> {
  const found = new Map<string, Made>();
  for (const some of chunks(hashes)) {
    const rows = await db.selectFrom('rendition').selectAll().where('task', '<>', 'video_preview').where('sha256', 'in', some).execute();
    for (const row of rows) found.set(keyOfJob(row), madeBy(row));
  }
  return found;
}

/** Whoever draws a file reads its details too. */
export function madeIn(made: ReadonlyMap<string, Made>, job: RenditionKey): Made | undefined {
  const own = made.get(keyOfJob(job));
  return job.task === 'details' && (own?.isDue ?? true) ? (made.get(keyOfJob({ ...job, task: 'images' })) ?? own) : own;
}

function madeBy(row: RenditionTable): Made {
  return {
    isDue: row.outcome === null || row.version < versionOf(row.task),
    code: row.code,
    details: row.details === null ? null : (JSON.parse(row.details) as MediaDetails),
    files: JSON.parse(row.files) as StoredRendition[],
  };
}
