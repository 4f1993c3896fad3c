import { createRoute, z } from '@hono/zod-openapi';
import { KnownRequest, KnownResponse, LibraryId, type Sha256 } from '@everroll/protocol';
import type { App } from '../context.ts';
import { openLibrary } from '../libraries/authorize.ts';
import { examine } from '../scrub/examine.ts';
import type { UploadDesk } from '../uploads/desk.ts';
import { rereadStored } from './reread.ts';
import { standingsOf } from './standings.ts';

const route = createRoute({
  method: 'post',
  path: '/api/v1/libraries/{library}/resources/known',
  tags: ['resources'],
  summary: 'Which of these hashes does the library hold?',
  request: { params: z.object({ library: LibraryId }), body: { required: true, content: { 'application/json': { schema: KnownRequest } } } },
  responses: { 200: { description: 'In the order of the request.', content: { 'application/json': { schema: KnownResponse } } } },
});

export function registerKnown(app: App, desk: UploadDesk): void {
  const { services } = desk;
  app.openapi(route, async (c) => {
    const library = await openLibrary(services.db, c.var.session, c.req.valid('param').library);
    const { hashes, verify } = c.req.valid('json');
    const standings = await standingsOf(services, library.id, hashes);
    // The epoch is the one in which the rows were read: a device that knows another one believes none of it.
    if (verify === true) {
      const reread = await rereadStored(services.originals, hashes, standings);
      await noteDamaged(desk, hashes.filter((_, at) => standings[at] === 'stored' && reread[at] === 'missing'));
      return c.json({ epoch: library.epoch, standings: reread, verified: true }, 200, { 'cache-control': 'no-store' });
    }
    return c.json({ epoch: library.epoch, standings }, 200, { 'cache-control': 'no-store' });
  });
}

/** What was met damaged is noted at once: whoever holds it need not wait until its turn of the scrub comes (rule S2). */
async function noteDamaged(desk: UploadDesk, hashes: readonly Sha256[]): Promise<void> {
  for (const sha256 of hashes) {
    // oxlint-disable-next-line no-await-in-loop -- each is read again under its lock
    const row = await desk.services.db.selectFrom('resource').select('bytes').where('sha256', '=', sha256).executeTakeFirst();
    // oxlint-disable-next-line no-await-in-loop
    if (row) await examine(desk, sha256, row.bytes);
  }
}
