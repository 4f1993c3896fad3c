import { createRoute, z } from '@hono/zod-openapi';
import { LibraryId, Mutation, MUTATIONS_MAX, MutationsRequest, MutationsResponse, Operation } from '@everroll/protocol';
import type { App, Services } from '../context.ts';
import { json, jsonBody, problems } from '../http/documented.ts';
import { applyMutations } from './apply.ts';

/**
 * What is no operation becomes null and is refused by itself: were the whole request refused, one
 * bad change would hold back every change behind it, for ever.
 */
const OperationOrNone = z.union([Operation, z.unknown().transform(() => null)]);

const Request = MutationsRequest.extend({
  mutations: z.array(Mutation.extend({ operation: OperationOrNone })).max(MUTATIONS_MAX),
});

const mutate = createRoute({
  method: 'post',
  path: '/api/v1/libraries/{library}/mutations',
  tags: ['library'],
  summary: 'Apply changes of this device, each at most once (rules M1 to M10)',
  request: { params: z.object({ library: LibraryId }), body: jsonBody(Request) },
  responses: { 200: json(MutationsResponse, 'A result for each, rejections included.'), ...problems },
});

export function registerMutations(app: App, services: Services): void {
  app.openapi(mutate, async (c) => c.json(await applyMutations(services, c.var.session, c.req.valid('param').library, c.req.valid('json')), 200));
}
