import { problem } from '@everroll/protocol';
import type { NotFoundHandler } from 'hono';
import type { App, AppEnv } from '../context.ts';
import { problemResponse } from './problem.ts';

/** 405 where another method of the same address exists, 404 where nothing does. */
export function unmatched(app: App): NotFoundHandler<AppEnv> {
  const routes = app.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === 'route'
      ? [{ method: definition.route.method.toUpperCase(), pattern: new RegExp(`^${definition.route.path.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`) }]
      : [],
  );
  return (c) => {
    const allowed = routes.filter(({ pattern }) => pattern.test(c.req.path)).map(({ method }) => method);
    return allowed.length > 0
      ? problemResponse(problem(405, 'invalid_request', { detail: `allowed here: ${allowed.join(', ')}` }), { allow: allowed.join(', ') })
      : problemResponse(problem(404, 'not_found'));
  };
}
