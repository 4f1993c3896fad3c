import { createRoute } from '@hono/zod-openapi';
import { AcceptRequest, Invitation, InvitationRequest, JoinRequest, SignedIn } from '@everroll/protocol';
import type { App, Services } from '../context.ts';
import { forStrangers, json, jsonBody, problems } from '../http/documented.ts';
import { addressOf, type Attempts } from './attempts.ts';
import { requireOwnOrigin } from './cookie.ts';
import { acceptBy, invite, joinBy } from './invitations.ts';
import { signedIn } from './session-routes.ts';

const tags = ['account'];
const responses = { 201: json(SignedIn, 'The session; a browser gets its token as a cookie.'), ...problems };

const make = createRoute({
  method: 'post',
  path: '/api/v1/invitations',
  tags,
  summary: 'A code that opens this account to another device, or (its owner) the server to another person, once',
  request: { body: jsonBody(InvitationRequest) },
  responses: { 201: json(Invitation, 'The code, which is told once.'), ...problems },
});

const join = createRoute({ method: 'post', path: '/api/v1/invitations/join', tags, summary: 'Sign a device in by a code', security: forStrangers, request: { body: jsonBody(JoinRequest) }, responses });
const accept = createRoute({ method: 'post', path: '/api/v1/invitations/accept', tags, summary: 'Make an account by a code, and sign in', security: forStrangers, request: { body: jsonBody(AcceptRequest) }, responses });

export function registerInvitations(app: App, services: Services, attempts: Attempts): void {
  const { config } = services;
  app.openapi(make, async (c) => c.json(await invite(services, c.var.session, c.req.valid('json')), 201, { 'cache-control': 'no-store' }));

  app.openapi(join, async (c) => {
    const { code, device } = c.req.valid('json');
    // A page of another site must not sign a browser in to an account of its choice.
    if (c.req.header('origin') !== undefined) requireOwnOrigin(c, config);
    const giveBack = attempts.begin(addressOf(c, config), null);
    const session = await joinBy(services, code, device);
    giveBack();
    return signedIn(c, services, session, device.kind);
  });

  app.openapi(accept, async (c) => {
    const { code, device, ...person } = c.req.valid('json');
    if (c.req.header('origin') !== undefined) requireOwnOrigin(c, config);
    const giveBack = attempts.begin(addressOf(c, config), null);
    const session = await acceptBy(services, code, person, device);
    giveBack();
    return signedIn(c, services, session, device.kind);
  });
}
