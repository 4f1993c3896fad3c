import { PRODUCT_VERSION } from '@everroll/protocol';
import type { App } from '../context.ts';

/** The description of the interface, from the schemas that validate it. Made when it is first asked for. */
export function registerOpenApi(app: App): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', description: 'A device’s token, from `POST /api/v1/session`.' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'cookie', { type: 'apiKey', in: 'cookie', name: 'everroll_session', description: 'A browser’s session.' });
  let made: object | null = null;
  app.get('/api/openapi.json', (c) => {
    made ??= app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: { title: 'Everroll', version: PRODUCT_VERSION, description: 'One photo library on all of a person’s devices. The rules that the routes cite stand in docs/protocol.md.' },
      security: [{ bearer: [] }, { cookie: [] }],
    });
    return c.json(made, 200, { 'cache-control': 'no-cache' });
  });
}
