import { createRoute } from '@hono/zod-openapi';
import { DeviceLink, JoinRequest, SignedIn } from '@everroll/protocol';
import type { App, Services } from '../context.ts';
import { forStrangers, json, jsonBody, problems } from '../http/documented.ts';
import { addressOf, type Attempts } from './attempts.ts';
import { requireOwnOrigin } from './cookie.ts';
import { joinBy, makeDeviceLink } from './device-links.ts';
import { signedIn } from './session-routes.ts';

const tags = ['account'];

const make = createRoute({
  method: 'post',
  path: '/api/v1/device-links',
  tags,
  summary: 'A code that opens this account to one more device, once, for ten minutes',
  responses: { 201: json(DeviceLink, 'The code, which is told once.'), ...problems },
});

const join = createRoute({
  method: 'post',
  path: '/api/v1/device-links/join',
  tags,
  summary: 'Sign a device in by a code',
  security: forStrangers,
  request: { body: jsonBody(JoinRequest) },
  responses: { 201: json(SignedIn, 'The session; a browser gets its token as a cookie.'), ...problems },
});

export function registerDeviceLinks(app: App, services: Services, attempts: Attempts): void {
  const { config } = services;
  app.openapi(make, async (c) => c.json(await makeDeviceLink(services, c.var.session.accountId), 201, { 'cache-control': 'no-store' }));

  app.openapi(join, async (c) => {
    const { code, device } = c.req.valid('json');
    // A page of another site must not sign a browser in to an account of its choice.
    if (c.req.header('origin') !== undefined) requireOwnOrigin(c, config);
    const giveBack = attempts.begin(addressOf(c, config), null);
    const session = await joinBy(services, code, device);
    giveBack();
    return signedIn(c, services, session, device.kind);
  });
}
