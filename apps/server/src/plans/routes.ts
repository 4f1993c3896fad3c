import { createRoute, z } from '@hono/zod-openapi';
import { FreeUpPage, FreeUpSection, FreeUpSummary, LibraryId, Usage } from '@everroll/protocol';
import type { App, Services } from '../context.ts';
import { json, problems } from '../http/documented.ts';
import { openLibrary } from '../libraries/authorize.ts';
import { freeUpPage, freeUpSummary } from './free-up-space.ts';
import { usageOf } from './usage.ts';

const tags = ['plans'];
const params = z.object({ library: LibraryId });

/** Items of a page: as many as one operation moves to Recently Deleted. */
const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 500;

const limit = z
  .string()
  .regex(/^\d{1,4}$/, 'expected a whole number')
  .transform(Number)
  .pipe(z.int().min(1).max(LIMIT_MAX))
  .optional()
  .openapi({ type: 'integer' });

const usage = createRoute({
  method: 'get',
  path: '/api/v1/usage',
  tags,
  summary: 'How much of the storage plan is used, by kind (rule Q3)',
  responses: { 200: json(Usage, 'Bytes.'), ...problems },
});

const summary = createRoute({
  method: 'get',
  path: '/api/v1/libraries/{library}/free-up-space',
  tags,
  summary: 'Where space can be freed, and how much (rule Q6)',
  request: { params },
  responses: { 200: json(FreeUpSummary, 'Each section as a whole.'), ...problems },
});

const items = createRoute({
  method: 'get',
  path: '/api/v1/libraries/{library}/free-up-space/items',
  tags,
  summary: 'The items of one section; they are deleted by mutations, as all else (rules M6, M7)',
  request: { params, query: z.object({ section: FreeUpSection, page: z.string().max(60).optional(), limit }) },
  responses: { 200: json(FreeUpPage, 'A page; the next one is asked for with `page=` and its `next`.'), ...problems },
});

export function registerPlans(app: App, { db }: Pick<Services, 'db'>): void {
  const fresh = { 'cache-control': 'no-store' };
  app.openapi(usage, async (c) => c.json(await usageOf(db, c.var.session.accountId), 200, fresh));
  app.openapi(summary, async (c) => {
    const library = await openLibrary(db, c.var.session, c.req.valid('param').library);
    return c.json(await freeUpSummary(db, library.id), 200, fresh);
  });
  app.openapi(items, async (c) => {
    const library = await openLibrary(db, c.var.session, c.req.valid('param').library);
    const { section, page, limit: asked } = c.req.valid('query');
    return c.json(await freeUpPage(db, library.id, { section, page, limit: asked ?? LIMIT_DEFAULT }), 200, fresh);
  });
}
