import { createRoute } from '@hono/zod-openapi';
import { ScrubRequest, ScrubStanding } from '@everroll/protocol';
import { requireOwner } from '../accounts/owner.ts';
import type { App } from '../context.ts';
import { json, jsonBody, problems } from '../http/documented.ts';
import type { UploadDesk } from '../uploads/desk.ts';
import { scrubRow } from './row.ts';
import { askForAll } from './scrub.ts';
import { scrubStanding } from './standing.ts';
import type { Scrubber } from './start.ts';
import { markStore } from './store-mark.ts';

const tags = ['doctor'];
const PATH = '/api/v1/scrub';

const look = createRoute({
  method: 'get',
  path: PATH,
  tags,
  summary: 'How the originals of this server stand (its owner only)',
  responses: { 200: json(ScrubStanding, 'Over all libraries.'), ...problems },
});

const ask = createRoute({
  method: 'post',
  path: PATH,
  tags,
  summary: 'Read every original again, now (the server’s owner only)',
  request: { body: jsonBody(ScrubRequest) },
  responses: { 202: json(ScrubStanding, 'It has begun; `left` says what is still to be read.'), ...problems },
});

export function registerScrub(app: App, desk: UploadDesk, scrubber: Scrubber): void {
  const { db } = desk.services;
  app.openapi(look, async (c) => {
    await requireOwner(db, c.var.session);
    return c.json(await scrubStanding(db), 200, { 'cache-control': 'no-store' });
  });
  app.openapi(ask, async (c) => {
    await requireOwner(db, c.var.session);
    await scrubRow(db);
    if (c.req.valid('json').originalsAreGone) await markStore(desk);
    await askForAll(desk.services);
    scrubber.wake();
    return c.json(await scrubStanding(db), 202, { 'cache-control': 'no-store' });
  });
}
