import type { Sha256 } from '@everroll/protocol';
import type { Context } from 'hono';
import type { AppEnv, Services } from '../context.ts';
import { hasAlready, wantedPart } from '../resources/conditions.ts';
import { watched } from '../resources/watched.ts';
import type { StoredRendition } from './renditions.ts';
import type { OpenRendition } from './store.ts';

/** The bytes of a hash are always the same, but a later version of the program may make better renditions of them. */
const KEPT_SECONDS = 30 * 24 * 60 * 60;

export interface Served {
  readonly sha256: Sha256;
  readonly file: StoredRendition;
  readonly opened: OpenRendition;
  /** The address names the bytes that are shown, so an edit has another one. */
  readonly isNamed: boolean;
}

/** Whole or one range. A name in the store never stands for other bytes, so it is the tag. */
export async function serveRendition(c: Context<AppEnv>, { log }: Pick<Services, 'log'>, { sha256, file, opened, isNamed }: Served): Promise<Response> {
  const etag = `"${sha256.slice(0, 16)}-${file.file}"`;
  const caching = { etag, 'cache-control': isNamed ? `private, max-age=${KEPT_SECONDS}, immutable` : 'private, no-cache', 'accept-ranges': 'bytes' };
  let isTaken = false;
  try {
    if (hasAlready(c.req, etag)) return new Response(null, { status: 304, headers: caching });
    const { start, end, status, headers } = wantedPart(c.req, etag, opened.bytes);
    isTaken = c.req.method !== 'HEAD';
    const stream = isTaken ? opened.stream(start, end) : null;
    return new Response(stream && watched(stream, (error) => log.error('a rendition could not be read to its end', { sha256, error: String(error) })), {
      status,
      headers: { ...caching, ...headers, 'content-type': file.mediaType, 'x-content-type-options': 'nosniff' },
    });
  } finally {
    if (!isTaken) await opened.close();
  }
}
