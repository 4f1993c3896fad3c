import type { Sha256 } from '@everroll/protocol';
import type { Queries } from '../database/open.ts';
import type { StoredRendition } from './renditions.ts';
import type { RenditionStore } from './store.ts';

/**
 * Takes away the files of a hash that no row names: what an earlier making left, and looks that nobody
 * shows any more. A job names its files only at its end, when it gives its lease back; while one has a
 * lease nothing goes, and whoever ends last tidies up.
 */
export async function keepNamed(db: Queries, store: RenditionStore, sha256: Sha256): Promise<void> {
  await store.keep(sha256, async () => {
    const rows = await db.selectFrom('rendition').select(['files', 'lease_holder']).where('sha256', '=', sha256).execute();
    if (rows.some(({ lease_holder: holder }) => holder !== null)) return null;
    return new Set(rows.flatMap(({ files }) => (JSON.parse(files) as StoredRendition[]).map(({ file }) => file)));
  });
}
