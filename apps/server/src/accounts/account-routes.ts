import { createRoute } from '@hono/zod-openapi';
import { Account, SetupRequest } from '@everroll/protocol';
import type { App, Services } from '../context.ts';
import { json, jsonBody, problems } from '../http/documented.ts';
import { fail } from '../http/problem.ts';
import { createAccount } from './accounts.ts';

const addAccount = createRoute({
  method: 'post',
  path: '/api/v1/accounts',
  tags: ['account'],
  summary: 'Add a member to this server (its owner only)',
  request: { body: jsonBody(SetupRequest.omit({ code: true })) },
  responses: { 201: json(Account, 'The account, with an empty library of its own.'), ...problems },
});

export function registerAccounts(app: App, services: Services): void {
  const { db } = services;
  app.openapi(addAccount, async (c) => {
    const asking = await db.selectFrom('account').select('role').where('id', '=', c.var.session.accountId).executeTakeFirst();
    if (asking?.role !== 'owner') return fail(404, 'not_found');
    const { email, name, password } = c.req.valid('json');
    const passwordHash = await services.passwords.hash(password);
    const account = await db.transaction().execute(async (trx) => await createAccount(trx, services, { email, name, role: 'member', passwordHash }));
    // The one who asks owns the server and may know who is on it.
    return account === 'email_taken' ? fail(409, 'invalid_request', { detail: 'json.email: this address has an account' }) : c.json(account, 201);
  });
}
