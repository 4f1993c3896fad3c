import { type Sha256, type UploadMetadata, UploadId } from '@everroll/protocol';
import type { SessionIdentity } from '../accounts/sessions.ts';
import type { Queries } from '../database/open.ts';
import type { Loss } from '../database/schema.ts';
import type { Library } from '../libraries/authorize.ts';
import { presentBytes } from '../originals/present.ts';
import { changeReserved, fit, lockPlan } from '../plans/ledger.ts';
import { expiredBefore, type Upload, type UploadDesk } from './desk.ts';
import { discard } from './end.ts';

export type Creation =
  /** `resumed`: this device had begun it before (rule U3). */
  | { readonly outcome: 'created' | 'resumed'; readonly upload: Upload }
  /** The library holds these bytes: nothing is to be sent. */
  | { readonly outcome: 'stored' }
  | { readonly outcome: 'refused'; readonly code: 'quota_full' | 'item_larger_than_plan' | 'server_disk_full'; readonly shortBytes: number };

/** Reserves the space and begins an upload, or finds that it was begun or is not needed (rules U2, U3). */
export async function createUpload(desk: UploadDesk, session: SessionIdentity, library: Library, metadata: UploadMetadata, bytes: number): Promise<Creation> {
  const { db, clock, random } = desk.services;
  const now = clock.now();
  const stored = await isPresent(desk, library, metadata.sha256);
  const diskShort = stored ? 0 : await desk.room.shortBytes(bytes);
  const { creation, replaced } = await db.transaction().execute(async (trx): Promise<{ creation: Creation; replaced?: Upload | undefined }> => {
    const plan = await lockPlan(trx, library.account_id);
    const row = await rowOf(trx, library, metadata.sha256);
    if (stored && row) return { creation: { outcome: 'stored' } };

    const begun = await trx
      .selectFrom('upload')
      .selectAll()
      .where('device_id', '=', session.deviceId)
      .where('library_id', '=', library.id)
      .where('sha256', '=', metadata.sha256)
      .executeTakeFirst();
    if (begun && begun.bytes === bytes && begun.touched_at > expiredBefore(now)) return { creation: { outcome: 'resumed', upload: begun } };
    // The same hash with another length: one of the two announcements was wrong, and the later one counts.
    if (begun) {
      await trx.deleteFrom('upload').where('id', '=', begun.id).execute();
      await changeReserved(trx, begun.account_id, -begun.reserved);
    }
    // The library is charged for these bytes, and lost them: they come again at no further charge (rule S5).
    const reserved = row?.bytes === bytes ? 0 : bytes;

    const fits = fit({ ...plan, reservedBytes: plan.reservedBytes - (begun?.reserved ?? 0) }, reserved);
    if (!fits.fits) return { creation: { outcome: 'refused', code: fits.code, shortBytes: fits.shortBytes }, replaced: begun };
    if (diskShort > 0) return { creation: { outcome: 'refused', code: 'server_disk_full', shortBytes: diskShort }, replaced: begun };

    const upload: Upload = {
      id: UploadId.parse(random.id()),
      library_id: library.id,
      account_id: library.account_id,
      device_id: session.deviceId,
      sha256: metadata.sha256,
      bytes,
      reserved,
      file_name: metadata.filename,
      created_at: now,
      touched_at: now,
    };
    await trx.insertInto('upload').values(upload).execute();
    await changeReserved(trx, upload.account_id, reserved);
    return { creation: { outcome: 'created', upload }, replaced: begun };
  });
  if (replaced) await discard(desk, replaced);
  return creation;
}

/** Whether the library holds these bytes. A row whose bytes are lost does not count: an upload mends it. */
async function isPresent(desk: UploadDesk, library: Library, sha256: Sha256): Promise<boolean> {
  const { db, originals } = desk.services;
  const row = await rowOf(db, library, sha256);
  return row !== undefined && row.lost === null && row.bytes === (await presentBytes(originals, sha256));
}

async function rowOf(db: Queries, library: Library, sha256: Sha256): Promise<{ bytes: number; lost: Loss | null } | undefined> {
  return await db.selectFrom('resource').select(['bytes', 'lost']).where('library_id', '=', library.id).where('sha256', '=', sha256).executeTakeFirst();
}
