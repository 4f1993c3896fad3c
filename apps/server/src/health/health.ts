import { createRoute, z } from '@hono/zod-openapi';
import { Health, Nonce, PRODUCT_VERSION, PROTOCOL } from '@everroll/protocol';
import { setupNeeded } from '../accounts/setup.ts';
import type { App, Services } from '../context.ts';
import { forStrangers } from '../http/documented.ts';

const request = { query: z.object({ nonce: Nonce.optional() }) };
const responses = { 200: { description: 'The server runs.', content: { 'application/json': { schema: Health } } } };

const route = createRoute({ method: 'get', path: '/api/health', tags: ['server'], summary: 'Is this an Everroll server, and which?', security: forStrangers, request, responses });
const versioned = createRoute({ method: 'get', path: '/api/v1/health', tags: ['server'], summary: 'The same, beside the other routes', security: forStrangers, request, responses });

/** Open to strangers: it says what a device must know before it can sign in, and no more. */
export function registerHealth(app: App, services: Pick<Services, 'db' | 'clock'>): void {
  const answer = async (nonce: string | undefined): Promise<Health> => ({
    name: 'everroll',
    version: PRODUCT_VERSION,
    protocol: PROTOCOL,
    time: services.clock.now(),
    nonce: nonce ?? null,
    setup: (await setupNeeded(services.db)) ? 'needed' : 'done',
  });
  app.openapi(route, async (c) => c.json(await answer(c.req.valid('query').nonce), 200, { 'cache-control': 'no-store' }));
  app.openapi(versioned, async (c) => c.json(await answer(c.req.valid('query').nonce), 200, { 'cache-control': 'no-store' }));
}
