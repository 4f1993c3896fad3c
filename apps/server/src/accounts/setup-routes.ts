import { createRoute } from '@hono/zod-openapi';
import { Account, SetupRequest } from '@everroll/protocol';
import type { App, Services } from '../context.ts';
import { forStrangers, json, jsonBody, problems } from '../http/documented.ts';
import { fail } from '../http/problem.ts';
import { addressOf, type Attempts } from './attempts.ts';
import { setUp } from './setup.ts';

const setUpOwner = createRoute({
  method: 'post',
  path: '/api/v1/setup',
  tags: ['account'],
  summary: 'Make the owner’s account, once, with the code that the server printed',
  security: forStrangers,
  request: { body: jsonBody(SetupRequest) },
  responses: { 201: json(Account, 'The owner’s account.'), ...problems },
});

export function registerSetup(app: App, services: Services, attempts: Attempts): void {
  app.openapi(setUpOwner, async (c) => {
    const { code, ...owner } = c.req.valid('json');
    const giveBack = attempts.begin(addressOf(c, services.config), null);
    const account = await setUp(services, code, owner);
    if (account === 'refused') return fail(403, 'setup_refused');
    giveBack();
    return c.json(account, 201);
  });
}
