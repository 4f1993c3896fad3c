import { createRoute, z } from '@hono/zod-openapi';
import { AccountChange, AccountId, ManagedAccount, ManagedAccounts, NewMember } from '@everroll/protocol';
import type { App, Services } from '../context.ts';
import { json, jsonBody, problems } from '../http/documented.ts';
import { addMember, changeAccount, managedAccounts } from './managed.ts';

const tags = ['account'];

const list = createRoute({
  method: 'get',
  path: '/api/v1/accounts',
  tags,
  summary: 'The accounts of this server, with their plans (its owner only)',
  responses: { 200: json(ManagedAccounts, 'The oldest first.'), ...problems },
});

const add = createRoute({
  method: 'post',
  path: '/api/v1/accounts',
  tags,
  summary: 'Add a member to this server (its owner only)',
  request: { body: jsonBody(NewMember) },
  responses: { 201: json(ManagedAccount, 'The account, with an empty library of its own.'), ...problems },
});

const change = createRoute({
  method: 'patch',
  path: '/api/v1/accounts/{account}',
  tags,
  summary: 'Assign a plan, disable or enable an account, rename it, make it an owner (the server’s owner only)',
  request: { params: z.object({ account: AccountId }), body: jsonBody(AccountChange) },
  responses: { 200: json(ManagedAccount, 'The account.'), ...problems },
});

export function registerAccounts(app: App, services: Services): void {
  const { db } = services;
  app.openapi(list, async (c) => c.json({ accounts: await managedAccounts(db, c.var.session) }, 200, { 'cache-control': 'no-store' }));
  app.openapi(add, async (c) => c.json(await addMember(services, c.var.session, c.req.valid('json')), 201));
  app.openapi(change, async (c) => c.json(await changeAccount(services, c.var.session, c.req.valid('param').account, c.req.valid('json')), 200));
}
