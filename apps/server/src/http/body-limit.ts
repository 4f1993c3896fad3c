import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { AppEnv } from '../context.ts';
import { fail } from './problem.ts';

/** JSON is read into memory whole. The largest that a device sends is a batch of mutations, around 1 MB. */
export const JSON_BODY_MAX_BYTES = 4 * 1024 * 1024;

/** The receiver of uploads counts its bytes itself. */
const STREAMED = '/api/v1/uploads';

export function limitBody(): MiddlewareHandler<AppEnv> {
  const limit = bodyLimit({ maxSize: JSON_BODY_MAX_BYTES, onError: () => fail(413, 'body_too_large') });
  return async (c, next) => (c.req.path === STREAMED || c.req.path.startsWith(`${STREAMED}/`) ? await next() : await limit(c, next));
}
