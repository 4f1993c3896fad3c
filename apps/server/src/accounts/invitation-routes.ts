import { createRoute, z } from '@hono/zod-openapi';
import { AcceptInvitation, Account, AccountId, InvitationId, Invitations, MadeInvitation, MadePasswordReset, NewInvitation, PasswordReset } from '@everroll/protocol';
import type { App, Services } from '../context.ts';
import { forStrangers, json, jsonBody, problems } from '../http/documented.ts';
import { addressOf, type Attempts } from './attempts.ts';
import { accept, invite, openInvitations, withdraw } from './invitations.ts';
import { makeReset, resetPassword } from './password-reset.ts';

const tags = ['account'];

const list = createRoute({
  method: 'get',
  path: '/api/v1/invitations',
  tags,
  summary: 'Invitations that were not used yet (the server’s owner only)',
  responses: { 200: json(Invitations, 'The newest first; their codes are shown to nobody.'), ...problems },
});

const add = createRoute({
  method: 'post',
  path: '/api/v1/invitations',
  tags,
  summary: 'Invite a new member; an earlier invitation of the same address ends (the server’s owner only)',
  request: { body: jsonBody(NewInvitation) },
  responses: { 201: json(MadeInvitation, 'With the code, which is shown this once.'), ...problems },
});

const remove = createRoute({
  method: 'delete',
  path: '/api/v1/invitations/{invitation}',
  tags,
  summary: 'Withdraw an invitation (the server’s owner only)',
  request: { params: z.object({ invitation: InvitationId }) },
  responses: { 204: { description: 'Its code is no good any more.' }, ...problems },
});

const use = createRoute({
  method: 'post',
  path: '/api/v1/invitations/accept',
  tags,
  summary: 'Make the account that an invitation is for',
  security: forStrangers,
  request: { body: jsonBody(AcceptInvitation) },
  responses: { 201: json(Account, 'The account, with an empty library of its own; it is signed in to as any other.'), ...problems },
});

const makeResetCode = createRoute({
  method: 'post',
  path: '/api/v1/accounts/{account}/password-reset',
  tags,
  summary: 'Make a code with which a person chooses a new password (the server’s owner only)',
  request: { params: z.object({ account: AccountId }) },
  responses: { 201: json(MadePasswordReset, 'The code is shown this once. Until it is used nothing changes.'), ...problems },
});

const reset = createRoute({
  method: 'post',
  path: '/api/v1/password-reset',
  tags,
  summary: 'Choose a new password with a code; every session of the account ends',
  security: forStrangers,
  request: { body: jsonBody(PasswordReset) },
  responses: { 204: { description: 'The new password holds.' }, ...problems },
});

/** What is secret and shown once is kept by nobody in between. */
const noStore = { 'cache-control': 'no-store' };

export function registerInvitations(app: App, services: Services, attempts: Attempts): void {
  app.openapi(list, async (c) => c.json({ invitations: await openInvitations(services, c.var.session) }, 200, noStore));
  app.openapi(add, async (c) => c.json(await invite(services, c.var.session, c.req.valid('json')), 201, noStore));
  app.openapi(remove, async (c) => {
    await withdraw(services.db, c.var.session, c.req.valid('param').invitation);
    return c.body(null, 204);
  });
  app.openapi(use, async (c) => {
    const giveBack = attempts.begin(addressOf(c, services.config), null);
    const account = await accept(services, c.req.valid('json'));
    giveBack();
    return c.json(account, 201, noStore);
  });
  app.openapi(makeResetCode, async (c) => c.json(await makeReset(services, c.var.session, c.req.valid('param').account), 201, noStore));
  app.openapi(reset, async (c) => {
    const giveBack = attempts.begin(addressOf(c, services.config), null);
    await resetPassword(services, c.req.valid('json'));
    giveBack();
    return c.body(null, 204);
  });
}
