import { createRoute } from '@hono/zod-openapi';
import { type AccountId, type DeviceId, type DeviceIntroduction, Session, SignedIn, SignInRequest } from '@everroll/protocol';
import type { Context } from 'hono';
import type { App, AppEnv, Services } from '../context.ts';
import type { Queries } from '../database/open.ts';
import { forStrangers, json, jsonBody, problems } from '../http/documented.ts';
import { fail } from '../http/problem.ts';
import { librariesOf } from '../libraries/authorize.ts';
import { libraryOf } from '../libraries/library.ts';
import { accountOf } from './accounts.ts';
import { addressOf, type Attempts } from './attempts.ts';
import { clearSessionCookie, requireOwnOrigin, setSessionCookie } from './cookie.ts';
import { deviceOf } from './devices.ts';
import { createLocalSession } from './local-session.ts';

const signIn = createRoute({
  method: 'post',
  path: '/api/v1/session',
  tags: ['account'],
  summary: 'Sign a device in',
  security: forStrangers,
  request: { body: jsonBody(SignInRequest) },
  responses: { 201: json(SignedIn, 'The session; a browser gets its token as a cookie.'), ...problems },
});

const whoAmI = createRoute({
  method: 'get',
  path: '/api/v1/session',
  tags: ['account'],
  summary: 'Account, device and libraries of this session',
  responses: { 200: json(Session, 'Who the bearer is.'), ...problems },
});

const signOut = createRoute({
  method: 'delete',
  path: '/api/v1/session',
  tags: ['account'],
  summary: 'End this session',
  responses: { 204: { description: 'Ended.' }, ...problems },
});

export function registerSession(app: App, services: Services, attempts: Attempts): void {
  const { db, config } = services;

  app.openapi(signIn, async (c) => {
    const { email, password, device } = c.req.valid('json');
    // A page of another site must not sign a browser in to an account of its choice.
    if (c.req.header('origin') !== undefined) requireOwnOrigin(c, config);
    const giveBack = attempts.begin(addressOf(c, config), email);
    const account = await db.selectFrom('account').select(['id', 'password_hash', 'disabled_at']).where('email', '=', email).executeTakeFirst();
    const isRight = await services.passwords.verify(password, account?.password_hash ?? null);
    if (!account || !isRight) return fail(401, 'sign_in_failed');
    giveBack();
    if (account.disabled_at !== null) return fail(403, 'account_disabled');

    return signedIn(c, services, { accountId: account.id, ...(await createLocalSession(services, account.id, device)) }, device.kind);
  });

  app.openapi(whoAmI, async (c) => c.json(await sessionOf(db, c.var.session), 200, { 'cache-control': 'no-store' }));

  app.openapi(signOut, async (c) => {
    const { accountId, deviceId, tokenHash, via } = c.var.session;
    await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute();
    services.events.publish({ kind: 'sessions_ended', accountId, deviceId });
    if (via === 'cookie') clearSessionCookie(c, config);
    return c.body(null, 204);
  });
}

/** The answer to who has just signed in. */
export async function signedIn(
  c: Context<AppEnv>,
  { db, config }: Pick<Services, 'db' | 'config'>,
  { accountId, deviceId, token }: { readonly accountId: AccountId; readonly deviceId: DeviceId; readonly token: string },
  kind: DeviceIntroduction['kind'],
) {
  if (kind === 'browser') setSessionCookie(c, config, token);
  const session = await sessionOf(db, { accountId, deviceId });
  return c.json({ ...session, token: kind === 'browser' ? '' : token }, 201, { 'cache-control': 'no-store' });
}

async function sessionOf(db: Queries, who: { readonly accountId: AccountId; readonly deviceId: DeviceId }): Promise<Session> {
  const account = await db.selectFrom('account').select(['id', 'email', 'name', 'role']).where('id', '=', who.accountId).executeTakeFirstOrThrow();
  const device = await db.selectFrom('device').selectAll().where('id', '=', who.deviceId).executeTakeFirstOrThrow();
  const libraries = await librariesOf(db, who);
  return { account: accountOf(account), device: deviceOf(device, who), libraries: libraries.map(libraryOf) };
}
