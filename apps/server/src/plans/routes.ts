import { createRoute } from '@hono/zod-openapi';
import { Usage } from '@everroll/protocol';
import type { App, Services } from '../context.ts';
import { usageOf } from './usage.ts';

const route = createRoute({
  method: 'get',
  path: '/api/v1/usage',
  tags: ['plans'],
  summary: 'How much of the storage plan is used, by kind',
  responses: { 200: { description: 'Bytes.', content: { 'application/json': { schema: Usage } } } },
});

export function registerUsage(app: App, { db }: Pick<Services, 'db'>): void {
  app.openapi(route, async (c) => c.json(await usageOf(db, c.var.session.accountId), 200, { 'cache-control': 'no-store' }));
}
