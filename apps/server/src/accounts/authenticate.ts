import type { MiddlewareHandler } from 'hono';
import type { AppEnv, Services } from '../context.ts';
import { fail } from '../http/problem.ts';
import { requireOwnOrigin, sessionCookie } from './cookie.ts';
import { identify } from './sessions.ts';

/** The routes that a stranger may call. A route is closed unless it stands here. */
const open: ReadonlySet<string> = new Set(['GET /api/v1/health', 'POST /api/v1/setup', 'POST /api/v1/session', 'POST /api/v1/device-links/join', 'POST /api/v1/invitations/accept', 'POST /api/v1/password-reset']);

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Puts the session of a request into `c.var.session`, or ends the request (rule X2). */
export function authenticate(services: Pick<Services, 'db' | 'clock' | 'config'>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (!open.has(`${c.req.method} ${c.req.path}`)) {
      const bearer = bearerToken(c.req.header('authorization'));
      const token = bearer ?? sessionCookie(c);
      if (token === undefined) return fail(401, 'signed_out');
      if (bearer === undefined && !SAFE_METHODS.has(c.req.method)) requireOwnOrigin(c, services.config);
      c.set('session', await identify(services.db, token, bearer === undefined ? 'cookie' : 'bearer', services.clock.now()));
    }
    await next();
    return undefined;
  };
}

function bearerToken(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : /^Bearer +(\S+)$/i.exec(authorization)?.[1];
}
