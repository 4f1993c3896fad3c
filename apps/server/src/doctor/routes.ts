import { createRoute } from '@hono/zod-openapi';
import { ECHO_BYTES, ECHO_PATH, ServerDiagnosis } from '@everroll/protocol';
import { bodyLimit } from 'hono/body-limit';
import type { App, Services } from '../context.ts';
import { json, problems } from '../http/documented.ts';
import { fail } from '../http/problem.ts';
import type { UploadDesk } from '../uploads/desk.ts';
import { ServerDoctor } from './diagnose.ts';

const tags = ['doctor'];
const OCTETS = 'application/octet-stream';
const octets = { [OCTETS]: { schema: { type: 'string' as const, format: 'binary' } } };

const diagnosis = createRoute({
  method: 'get',
  path: '/api/v1/doctor',
  tags,
  summary: 'The server’s own health; for accounts that do not own it, what concerns them',
  responses: { 200: json(ServerDiagnosis, 'One result a check, or one for each thing that is wrong.'), ...problems },
});

export function registerDoctor(app: App, services: Services, desk: UploadDesk): void {
  const doctor = new ServerDoctor(services, desk);
  app.openapi(diagnosis, async (c) => c.json(await doctor.diagnose(c.var.session), 200, { 'cache-control': 'no-store' }));

  app.openAPIRegistry.registerPath({
    method: 'post',
    path: ECHO_PATH,
    tags,
    summary: `Sends back the bytes that came, ${ECHO_BYTES} at most: whether anything in between limits or changes bodies`,
    request: { body: { required: true, content: octets } },
    responses: { 200: { description: 'The same bytes.', content: octets }, ...problems },
  });
  app.post(ECHO_PATH, bodyLimit({ maxSize: ECHO_BYTES, onError: () => fail(413, 'body_too_large') }), async (c) =>
    c.body(await c.req.arrayBuffer(), 200, { 'content-type': OCTETS, 'cache-control': 'no-store' }),
  );
}
