import type { MediaDetails, Sha256 } from '@everroll/protocol';
import { chunks } from '../database/chunks.ts';
import type { Queries } from '../database/open.ts';
import type { RenditionTable } from '../database/schema.ts';
import { pipelineVersions, type RenditionJob, type StoredRendition } from './renditions.ts';

/** What a row of `rendition` says that its job came to. */
export interface Made {
  /** Its pipeline is older than this program's, or nothing was made yet: the job is to be done. */
  readonly isDue: boolean;
  readonly code: RenditionTable['code'];
  readonly details: MediaDetails | null;
  readonly files: readonly StoredRendition[];
}

export async function madeOf(db: Queries, { sha256, task }: RenditionJob): Promise<Made | undefined> {
  const row = await db.selectFrom('rendition').selectAll().where('sha256', '=', sha256).where('task', '=', task).executeTakeFirst();
  return row && madeBy(row);
}

/** The images of many hashes; those that no row speaks of are absent. */
export async function imagesAmong(db: Queries, hashes: Iterable<Sha256>): Promise<Map<Sha256, Made>> {
  const found = new Map<Sha256, Made>();
  for (const some of chunks(hashes)) {
    const rows = await db.selectFrom('rendition').selectAll().where('task', '=', 'images').where('sha256', 'in', some).execute();
    for (const row of rows) found.set(row.sha256, madeBy(row));
  }
  return found;
}

function madeBy(row: RenditionTable): Made {
  return {
    isDue: row.outcome === null || row.version < pipelineVersions[row.task],
    code: row.code,
    details: row.details === null ? null : (JSON.parse(row.details) as MediaDetails),
    files: JSON.parse(row.files) as StoredRendition[],
  };
}
