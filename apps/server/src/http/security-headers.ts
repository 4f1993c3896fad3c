import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../context.ts';

/**
 * What every answer says to a browser that shows it by itself. A page sets a policy of its own
 * before; anything else, an original that somebody opens included, may load and run nothing.
 */
const always: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The same for an answer that is written past the app. */
export const withSecurity = (headers: Readonly<Record<string, string>>): Record<string, string> => ({ ...always, ...headers });

export function securityHeaders(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next();
    const { headers } = c.res;
    for (const [name, value] of Object.entries(always)) if (!headers.has(name)) headers.set(name, value);
  };
}
