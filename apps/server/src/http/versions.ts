import { PROTOCOL, PROTOCOL_HEADER } from '@everroll/protocol';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../context.ts';
import { fail } from './problem.ts';

/**
 * Rule V1. A device that speaks a protocol which this server no longer serves is told so before
 * anything else is looked at; the header's absence is a person's own program and is let through.
 * A newer device decides by itself whether this server is too old for it.
 */
export function requireProtocol(): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const spoken = c.req.header(PROTOCOL_HEADER);
    if (spoken !== undefined && c.req.path !== '/api/v1/health') {
      if (!/^\d{1,6}$/.test(spoken)) return fail(400, 'invalid_request', { detail: `${PROTOCOL_HEADER} is a whole number` });
      if (Number(spoken) < PROTOCOL.min) return fail(426, 'client_too_old');
    }
    await next();
    return undefined;
  };
}
