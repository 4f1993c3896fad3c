import type { LibraryId, Sha256 } from '@everroll/protocol';
import { type Result, done, failed } from '../ports/failure.ts';
import type { Bytes, UploadProgress } from '../ports/server-client.ts';
import { isHtml, readFailure, readNothing, textOf } from './answer.ts';
import { type Answer, type Connection, faultOf } from './connection.ts';

/** https://tus.io/protocols/resumable-upload, version 1.0.0; the rules are U1 to U7 of docs/protocol.md. */
const TUS = { 'tus-resumable': '1.0.0' } as const;
const OFFSET_STREAM = 'application/offset+octet-stream';

export interface NewUpload {
  readonly library: LibraryId;
  readonly sha256: Sha256;
  readonly bytes: number;
  readonly name: string;
}

export async function createUpload(connection: Connection, resource: NewUpload, body: Bytes | null, signal: AbortSignal): Promise<Result<UploadProgress>> {
  const answer = await connection.call({
    method: 'POST',
    path: '/api/v1/uploads',
    signal,
    headers: {
      ...TUS,
      'upload-length': String(resource.bytes),
      'upload-metadata': metadata({ library: resource.library, sha256: resource.sha256, filename: resource.name }),
      ...(body === null ? {} : { 'content-type': OFFSET_STREAM }),
    },
    ...(body === null ? {} : { body: { bytes: resource.bytes, content: body } }),
  });
  return answer.ok ? readProgress(connection, answer.value, undefined, signal) : answer;
}

export async function appendUpload(connection: Connection, upload: string, offset: number, length: number, body: Bytes, signal: AbortSignal): Promise<Result<UploadProgress>> {
  const answer = await connection.call({
    method: 'PATCH',
    path: `/api/v1/uploads/${encodeURIComponent(upload)}`,
    signal,
    headers: { ...TUS, 'upload-offset': String(offset), 'content-type': OFFSET_STREAM },
    body: { bytes: length, content: body },
  });
  return answer.ok ? readProgress(connection, answer.value, upload, signal) : answer;
}

const metadata = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key} ${base64(value)}`)
    .join(',');

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

async function readProgress(connection: Connection, answer: Answer, known: string | undefined, signal: AbortSignal): Promise<Result<UploadProgress>> {
  try {
    if (answer.statusCode < 200 || answer.statusCode > 299) return await readFailure(answer);
    await readNothing(answer);
  } catch (error) {
    return { ok: false, failure: faultOf(connection, error, signal) };
  }
  const offset = textOf(answer.headers, 'upload-offset');
  const upload = known ?? uploadOf(textOf(answer.headers, 'location'));
  if (offset !== undefined && /^\d{1,15}$/.test(offset) && upload !== undefined) return done({ upload, offset: Number(offset) });
  return isHtml(answer.headers)
    ? failed('captive_portal', { detail: 'a web page came instead of an answer' })
    : failed('proxy_interferes', { detail: 'the answer to an upload lacks its address or its offset' });
}

/**
 * Of the address only its last part is kept: it outlives a change of the server's address, and no
 * answer can make a device send its token to another host.
 */
function uploadOf(location: string | undefined): string | undefined {
  const name = location?.replace(/\/+$/, '').split('/').at(-1);
  return name !== undefined && /^[0-9A-Za-z._~-]{1,200}$/.test(name) && !/^\.+$/.test(name) ? name : undefined;
}
