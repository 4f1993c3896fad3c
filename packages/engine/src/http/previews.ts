import { type AssetId, type LibraryId, RenditionPending } from '@everroll/protocol';
import { type Result, done, failed } from '../ports/failure.ts';
import type { PreviewAnswer } from '../ports/server-client.ts';
import { discard, readFailure, readJson, textOf } from './answer.ts';
import { type Connection, faultOf } from './connection.ts';
import { bytesOf } from './downloads.ts';

/** The rendition `preview` of an asset, which the server may have to make first. */
export async function fetchPreview(connection: Connection, library: LibraryId, asset: AssetId, signal: AbortSignal): Promise<Result<PreviewAnswer>> {
  const called = await connection.call({ method: 'GET', path: `/api/v1/libraries/${library}/assets/${asset}/renditions/preview`, signal });
  if (!called.ok) return called;
  const answer = called.value;
  try {
    if (answer.statusCode === 202) {
      const pending = await readJson(answer, RenditionPending);
      return pending.ok ? done({ state: 'making' }) : pending;
    }
    if (answer.statusCode !== 200) return await readFailure(answer);
  } catch (error) {
    return { ok: false, failure: faultOf(connection, error, signal) };
  }
  const mediaType = textOf(answer.headers, 'content-type') ?? '';
  if (mediaType.startsWith('image/')) return done({ state: 'made', mediaType, body: bytesOf(connection, answer.body, 0, signal) });
  discard(answer);
  return mediaType.startsWith('text/html') ? failed('captive_portal', { detail: 'a web page came instead of a picture' }) : failed('proxy_interferes', { detail: `${mediaType} came instead of a picture` });
}
