import { expiredBefore, type Upload, type UploadDesk } from '../uploads/desk.ts';
import { settle, stop } from '../uploads/end.ts';

export interface SweptUploads {
  readonly expired: number;
  readonly finished: number;
  readonly strays: number;
}

/**
 * Ends the uploads that expired (rule U7), finishes those that a crash cut off between their last
 * byte and their commit (rule U5), and removes staged files that have no row. An upload that a
 * request works on is left to it.
 */
export async function sweepUploads(desk: UploadDesk, now: number): Promise<SweptUploads> {
  const uploads = await desk.services.db.selectFrom('upload').selectAll().execute();
  let expired = 0;
  let finished = 0;
  for (const upload of uploads) {
    if (desk.holds.isHeld(upload.id)) continue;
    await desk.holds.run(upload.id, async () => {
      // As it is now: a request may have come and gone since the rows were read.
      const current = await desk.services.db.selectFrom('upload').selectAll().where('id', '=', upload.id).executeTakeFirst();
      if (!current) return;
      if (current.touched_at <= expiredBefore(now)) {
        if (await stop(desk, current)) expired += 1;
      } else if ((await isCutOff(desk, current)) && (await settle(desk, current)).state === 'stored') finished += 1;
    });
  }
  return { expired, finished, strays: await removeStrays(desk, new Set(uploads.map((upload) => upload.id))) };
}

async function isCutOff(desk: UploadDesk, upload: Upload): Promise<boolean> {
  return (await desk.services.originals.stagedBytes(upload.id)) === upload.bytes;
}

/**
 * A row is committed before its file is staged, and outlives it but for a crash in the moment after
 * the row was taken away: a staged file without a row belongs to nobody, however young it is.
 */
async function removeStrays(desk: UploadDesk, known: ReadonlySet<Upload['id']>): Promise<number> {
  const { db, originals } = desk.services;
  let strays = 0;
  for await (const { upload } of originals.listStaged()) {
    if (known.has(upload)) continue;
    // Begun since the rows were read.
    if (await db.selectFrom('upload').select('id').where('id', '=', upload).executeTakeFirst()) continue;
    await originals.discard(upload);
    strays += 1;
  }
  return strays;
}
