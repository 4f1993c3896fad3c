import { OpenAPIHono } from '@hono/zod-openapi';
import type { App, AppEnv } from '../context.ts';
import { validationHook } from './problem.ts';

/** An app whose validators answer with problem documents. */
export function createApp(): App {
  return new OpenAPIHono<AppEnv>({ defaultHook: validationHook });
}
