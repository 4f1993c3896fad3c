import { createRoute, z } from '@hono/zod-openapi';
import type { AccountId } from '@everroll/protocol';
import type { App, Services } from '../context.ts';
import { problems } from '../http/documented.ts';
import { fail } from '../http/problem.ts';
import { headStream } from './head-stream.ts';

/** Connections of one account: a dozen devices with some browser tabs each. */
const STREAMS_MAX = 100;

const listen = createRoute({
  method: 'get',
  path: '/api/v1/events',
  tags: ['library'],
  summary: 'Server-sent events: a library’s head has moved, the plan may have room, a device’s status or settings have changed',
  responses: { 200: { description: 'Events named `head` with {library, epoch, head}, `plan` with {account}, and `device` with {device, changed, version}.', content: { 'text/event-stream': { schema: z.string() } } }, ...problems },
});

export function registerEvents(app: App, services: Services): void {
  const open = new Map<AccountId, number>();
  app.openapi(listen, async (c) => {
    const { accountId } = c.var.session;
    const count = open.get(accountId) ?? 0;
    if (count >= STREAMS_MAX) return fail(429, 'rate_limited', { retryAfter: 60 });
    open.set(accountId, count + 1);
    const closed = () => {
      const left = (open.get(accountId) ?? 1) - 1;
      if (left > 0) open.set(accountId, left);
      else open.delete(accountId);
    };
    const stream = await headStream(services, c.var.session, closed);
    // nginx buffers an answer unless told not to.
    return c.body(stream, 200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  });
}
