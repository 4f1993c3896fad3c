import { fail } from '../http/problem.ts';
import { expiresAt, type Upload } from './desk.ts';
import type { Ending } from './end.ts';
import { CHECKSUM_MISMATCH, formatMetadata, TUS_EXTENSIONS, TUS_VERSION } from './tus.ts';

/** What tus clients read: `Upload-Offset` stands on every answer to which an offset belongs. */
export type Headers = Record<string, string>;

/** How long a device waits before it asks a full disk again. */
const DISK_FULL_RETRY_SECONDS = 60;

export function capabilities(): Response {
  return new Response(null, { status: 204, headers: { 'tus-resumable': TUS_VERSION, 'tus-version': TUS_VERSION, 'tus-extension': TUS_EXTENSIONS } });
}

export function offsets(offset: number, length: number): Headers {
  return { 'upload-offset': String(offset), 'upload-length': String(length), 'cache-control': 'no-store' };
}

export function received(offset: number, unfinished?: Upload): Response {
  const headers: Headers = { 'upload-offset': String(offset) };
  if (unfinished) headers['upload-expires'] = httpDate(expiresAt(unfinished));
  return new Response(null, { status: 204, headers });
}

export function mismatch(offset: number): never {
  return fail(409, 'offset_mismatch', { offset }, { 'upload-offset': String(offset) });
}

export function over(ending: Exclude<Ending, 'stored'>): never {
  return ending === 'checksum_mismatch' ? fail(CHECKSUM_MISMATCH, 'checksum_mismatch') : fail(410, 'upload_gone');
}

export function diskFull(headers: Headers, shortBytes: number): never {
  return fail(507, 'server_disk_full', { shortBytes, retryAfter: DISK_FULL_RETRY_SECONDS }, headers);
}

/** RFC 9110 section 5.6.7, as `Upload-Expires` wants it. */
export function httpDate(time: number): string {
  return new Date(time).toUTCString();
}

export function metadataOf(upload: Upload): string {
  return formatMetadata({ library: upload.library_id, sha256: upload.sha256, filename: upload.file_name });
}
