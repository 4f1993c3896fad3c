import type { LibraryId, Sha256 } from '@everroll/protocol';
import { type Result, done, failed } from '../ports/failure.ts';
import type { Bytes } from '../ports/server-client.ts';
import { TransferError } from '../ports/source.ts';
import { discard, isHtml, readFailure, textOf } from './answer.ts';
import { type Connection, faultOf } from './connection.ts';

/** The original's bytes from `from` on. A proxy that drops the range sends all; the front is passed over then. */
export async function download(connection: Connection, library: LibraryId, sha256: Sha256, from: number, signal: AbortSignal): Promise<Result<Bytes>> {
  const called = await connection.call({
    method: 'GET',
    path: `/api/v1/libraries/${library}/resources/${sha256}`,
    headers: from === 0 ? {} : { range: `bytes=${from}-` },
    signal,
  });
  if (!called.ok) return called;
  const answer = called.value;
  if (answer.statusCode !== 200 && answer.statusCode !== 206) {
    try {
      return await readFailure(answer);
    } catch (error) {
      return { ok: false, failure: faultOf(connection, error, signal) };
    }
  }
  const begin = answer.statusCode === 200 ? 0 : rangeStart(textOf(answer.headers, 'content-range'));
  if (isHtml(answer.headers) || begin === undefined || begin > from) {
    discard(answer);
    return isHtml(answer.headers)
      ? failed('captive_portal', { detail: 'a web page came instead of a file' })
      : failed('proxy_interferes', { detail: 'another part of the file came than was asked for' });
  }
  return done(bytesOf(connection, answer.body, from - begin, signal));
}

/** A body as it comes, without the first `skip` bytes. */
export async function* bytesOf(connection: Connection, body: AsyncIterable<Uint8Array>, skip: number, signal: AbortSignal): Bytes {
  let toSkip = skip;
  try {
    for await (const chunk of body) {
      if (toSkip >= chunk.length) {
        toSkip -= chunk.length;
        continue;
      }
      yield toSkip === 0 ? chunk : chunk.subarray(toSkip);
      toSkip = 0;
    }
  } catch (error) {
    throw new TransferError('server_unreachable', faultOf(connection, error, signal).evidence.detail ?? 'the connection broke');
  }
}

const rangeStart = (header: string | undefined): number | undefined => {
  const start = /^bytes (\d{1,15})-/.exec(header ?? '')?.[1];
  return start === undefined ? undefined : Number(start);
};
