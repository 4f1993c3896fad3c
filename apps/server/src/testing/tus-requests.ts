import { createHash } from 'node:crypto';
import { Sha256 } from '@everroll/protocol';
import { PATCH_CONTENT_TYPE, TUS_VERSION } from '../uploads/tus.ts';
import { type LiveResponse, type LiveServer, send } from './live-server.ts';
import type { TestDevice } from './test-server.ts';

/** The requests of a tus client, one function each. */

export const tus = { 'tus-resumable': TUS_VERSION };

export function sha256Of(bytes: Uint8Array): Sha256 {
  return Sha256.parse(createHash('sha256').update(bytes).digest('hex'));
}

const encode = (text: string) => Buffer.from(text).toString('base64');
const sum = (rows: readonly { readonly bytes: number }[]) => rows.reduce((total, row) => total + row.bytes, 0);

export function creationHeaders(device: Pick<TestDevice, 'libraryId'>, bytes: number, sha256: string, filename = 'IMG_0001.HEIC'): Record<string, string> {
  return {
    ...tus,
    'upload-length': String(bytes),
    'upload-metadata': `library ${encode(device.libraryId)},sha256 ${encode(sha256)},filename ${encode(filename)}`,
  };
}

export function create(server: LiveServer, device: TestDevice, bytes: Uint8Array): Promise<LiveResponse> {
  return send(server, device, 'POST', '/api/v1/uploads', creationHeaders(device, bytes.length, sha256Of(bytes)));
}

/** Creation with upload: one request for a whole file. */
export function createWith(server: LiveServer, device: TestDevice, bytes: Uint8Array, sent = bytes): Promise<LiveResponse> {
  return send(server, device, 'POST', '/api/v1/uploads', { ...creationHeaders(device, bytes.length, sha256Of(bytes)), 'content-type': PATCH_CONTENT_TYPE }, sent);
}

export function patch(server: LiveServer, device: TestDevice, path: string, offset: number, bytes: Uint8Array): Promise<LiveResponse> {
  return send(server, device, 'PATCH', path, { ...tus, 'content-type': PATCH_CONTENT_TYPE, 'upload-offset': String(offset) }, bytes);
}

export function head(server: LiveServer, device: TestDevice, path: string): Promise<LiveResponse> {
  return send(server, device, 'HEAD', path, tus);
}

/** What the plan's counters say, beside the sums that they stand for (I3). */
export async function counters({ services }: Pick<LiveServer, 'services'>, { accountId }: TestDevice) {
  const { db } = services;
  const account = await db.selectFrom('account').select(['used_bytes', 'reserved_bytes', 'plan_bytes']).where('id', '=', accountId).executeTakeFirstOrThrow();
  const resources = await db.selectFrom('resource').innerJoin('library', 'library.id', 'resource.library_id').where('library.account_id', '=', accountId).select('resource.bytes').execute();
  const uploads = await db.selectFrom('upload').select('reserved as bytes').where('account_id', '=', accountId).execute();
  return { used: account.used_bytes, reserved: account.reserved_bytes, plan: account.plan_bytes, usedSum: sum(resources), reservedSum: sum(uploads) };
}
