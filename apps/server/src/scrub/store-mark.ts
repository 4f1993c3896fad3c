import type { UploadDesk } from '../uploads/desk.ts';
import { diskErrorCode } from '../originals/disk-fs.ts';
import { presentBytes } from '../originals/present.ts';
import { changeScrubRow, scrubRow } from './row.ts';

/** So many originals are looked for before a store without its mark counts as another one. */
const LOOKED_FOR = 100;

/**
 * Whether what lies where the originals belong is the store, and not an empty folder on which it is to
 * be mounted. The store is known by a mark in it. Where the mark is lacking, one original that is there
 * says the same, and the mark is written anew; where nothing is there either, nothing is concluded
 * from what is lacking until the store is back or a person says that it is gone for good (rule S3).
 */
export async function isStoreThere(desk: UploadDesk, now: number): Promise<boolean> {
  const { db } = desk.services;
  const { store_mark: known, absent_since: absentSince } = await scrubRow(db);
  const there = known !== null && (await readMark(desk)) === known ? true : await adopt(desk);
  if (there !== (absentSince === null)) await changeScrubRow(db, { absent_since: there ? null : now });
  if (!there && absentSince === null) desk.services.log.error('the store of originals is not there', { code: 'originals_missing' });
  return there;
}

/** A person says that what is there is the store: what it lacks is lost. */
export async function markStore({ services: { db, originals, random } }: UploadDesk): Promise<void> {
  const mark = random.id();
  await originals.setMark(mark);
  await changeScrubRow(db, { store_mark: mark, absent_since: null });
}

async function adopt(desk: UploadDesk): Promise<boolean> {
  const { db, originals } = desk.services;
  const rows = await db.selectFrom('resource').select('sha256').where('lost', 'is', null).orderBy('sha256').limit(LOOKED_FOR).execute();
  for (const { sha256 } of rows) {
    if ((await presentBytes(originals, sha256)) === undefined) continue;
    await markStore(desk);
    return true;
  }
  if (rows.length > 0) return false;
  await markStore(desk);
  return true;
}

/** One that cannot be read says nothing, as one that is not there. */
async function readMark({ services: { originals } }: UploadDesk): Promise<string | undefined> {
  try {
    return await originals.mark();
  } catch (error) {
    if (diskErrorCode(error) === undefined) throw error;
    return undefined;
  }
}
