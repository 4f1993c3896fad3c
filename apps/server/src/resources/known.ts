import { createRoute, z } from '@hono/zod-openapi';
import { KnownRequest, KnownResponse, LibraryId } from '@everroll/protocol';
import type { App, Services } from '../context.ts';
import { openLibrary } from '../libraries/authorize.ts';
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

export function registerKnown(app: App, services: Pick<Services, 'db' | 'originals'>): void {
  app.openapi(route, async (c) => {
    const library = await openLibrary(services.db, c.var.session, c.req.valid('param').library);
    const { hashes, verify } = c.req.valid('json');
    const standings = await standingsOf(services, library.id, hashes);
    // The epoch is the one in which the rows were read: a device that knows another one believes none of it.
    if (verify === true) return c.json({ epoch: library.epoch, standings: await rereadStored(services.originals, hashes, standings), verified: true }, 200, { 'cache-control': 'no-store' });
    return c.json({ epoch: library.epoch, standings }, 200, { 'cache-control': 'no-store' });
  });
}
