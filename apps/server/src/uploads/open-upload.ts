import { UploadId } from '@everroll/protocol';
import type { SessionIdentity } from '../accounts/sessions.ts';
import type { Queries } from '../database/open.ts';
import { fail } from '../http/problem.ts';
import type { Upload } from './desk.ts';

/**
 * The one place that decides who may use an upload (rule X1): the device that created it. An upload
 * of another account, of another device, one that is over and text that is no id at all end in the
 * same answer.
 */
export async function openUpload(db: Queries, session: SessionIdentity, id: string): Promise<Upload> {
  const upload = await findUpload(db, session, id);
  return upload ?? fail(404, 'not_found');
}

export async function findUpload(db: Queries, session: SessionIdentity, id: string): Promise<Upload | undefined> {
  const parsed = UploadId.safeParse(id);
  if (!parsed.success) return undefined;
  return await db
    .selectFrom('upload')
    .selectAll()
    .where('id', '=', parsed.data)
    .where('account_id', '=', session.accountId)
    .where('device_id', '=', session.deviceId)
    .executeTakeFirst();
}
