import { ServerResponse } from 'node:http';
import { z } from '@hono/zod-openapi';
import { LibraryId, Sha256 } from '@everroll/protocol';
import type { Context } from 'hono';
import type { App, AppEnv } from '../context.ts';
import { problems } from '../http/documented.ts';
import { fail } from '../http/problem.ts';
import { openLibrary } from '../libraries/authorize.ts';
import { presentBytes } from '../originals/present.ts';
import { examine } from '../scrub/examine.ts';
import type { UploadDesk } from '../uploads/desk.ts';
import { contentHeaders } from './media-types.ts';
import { hasAlready, wantedPart } from './conditions.ts';
import { pourInto } from './pour.ts';
import { watched } from './watched.ts';

const PATH = '/api/v1/libraries/:library/resources/:sha256';
const params = z.object({ library: LibraryId, sha256: Sha256 });

/** Original bytes: whole or one range, streamed as fast as the reader takes them. */
export function registerDownload(app: App, desk: UploadDesk): void {
  const { db, originals, log } = desk.services;
  document(app);

  app.get(PATH, async (c) => {
    const { library, sha256, bytes, lost, mediaType } = await resourceOf(c);
    const etag = `"${sha256}"`;
    // The bytes of a hash never change, so whoever has them need not ask again.
    const caching = { etag, 'cache-control': 'private, max-age=31536000, immutable', 'accept-ranges': 'bytes' };
    if (hasAlready(c.req, etag)) return new Response(null, { status: 304, headers: caching });
    const { start, end, status, headers } = wantedPart(c.req, etag, bytes);

    // The log has told of it, and says when it is here again (rule S2).
    if (lost !== null) return fail(500, 'bit_rot', { detail: lost });
    const rotten = async (found: string): Promise<never> => {
      log.error('an original is damaged', { library, sha256, expected: bytes, found });
      // Who holds it learns of it at once, not when its turn comes.
      await examine(desk, sha256, bytes);
      return fail(500, 'bit_rot');
    };
    const stored = await presentBytes(originals, sha256);
    if (stored !== bytes) return await rotten(stored === undefined ? 'missing' : String(stored));
    const answer = {
      status,
      headers: {
        ...caching,
        ...contentHeaders(mediaType),
        ...headers,
        'x-content-type-options': 'nosniff',
        // Should a browser open it as a page all the same, nothing in it runs or loads.
        'content-security-policy': "default-src 'none'; sandbox",
      },
    };
    if (c.req.method === 'HEAD') return new Response(null, answer);
    const broken = (error: unknown): void => log.error('an original could not be read to its end', { library, sha256, error: String(error) });
    // Hono leaves `env` out where the app is called without one.
    const outgoing = (c.env as AppEnv['Bindings'] | undefined)?.outgoing;
    if (outgoing instanceof ServerResponse) {
      const pour = await originals.pieces(sha256, start, end);
      return pour ? await pourInto(outgoing, answer, pour, broken) : await rotten('missing');
    }
    const stream = await originals.read(sha256, start, end);
    return stream ? new Response(watched(stream, broken), answer) : await rotten('missing');
  });

  async function resourceOf(c: Context<AppEnv>) {
    const named = params.safeParse(c.req.param());
    if (!named.success) return fail(404, 'not_found');
    const { id } = await openLibrary(db, c.var.session, named.data.library);
    const row = await db
      .selectFrom('resource')
      .leftJoin('asset_resource', (join) =>
        join.onRef('asset_resource.library_id', '=', 'resource.library_id').onRef('asset_resource.sha256', '=', 'resource.sha256'),
      )
      .select(['resource.bytes', 'resource.lost', 'asset_resource.media_type'])
      .where('resource.library_id', '=', id)
      .where('resource.sha256', '=', named.data.sha256)
      .limit(1)
      .executeTakeFirst();
    return row ? { library: id, sha256: named.data.sha256, bytes: row.bytes, lost: row.lost, mediaType: row.media_type ?? undefined } : fail(404, 'not_found');
  }
}

function document(app: App): void {
  const bytes = { 'application/octet-stream': { schema: { type: 'string' as const, format: 'binary' } } };
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/api/v1/libraries/{library}/resources/{sha256}',
    tags: ['resources'],
    summary: 'The bytes of an original',
    request: { params, headers: z.object({ Range: z.string().optional(), 'If-Range': z.string().optional() }) },
    responses: {
      200: { description: 'All bytes.', content: bytes },
      206: { description: 'One range.', content: bytes },
      304: { description: 'The reader has them.' },
      ...problems,
    },
  });
}
