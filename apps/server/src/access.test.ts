import type { Problem } from '@everroll/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportOf } from './testing/reports.ts';
import { newId, Outbox, sha256Of } from './testing/test-library.ts';
import { type TestDevice, type TestServer, testServer } from './testing/test-server.ts';

/**
 * Rule X1 for every route that there is: walked from the document that describes them, so that a
 * route which somebody adds is walked too.
 */
interface Document {
  readonly paths: Record<string, Record<string, { readonly security?: readonly unknown[] }>>;
}

let server: TestServer;
let me: TestDevice;
let stranger: TestDevice;
let theirs: Record<string, string>;

beforeAll(async () => {
  server = await testServer();
  // A member: the server's owner may see which accounts there are.
  me = await server.person('me@example.com', 'member');
  stranger = await server.person('stranger@example.com');
  await new Outbox(stranger).adds(server, 'private');
  const asset = await server.services.db.selectFrom('asset').selectAll().executeTakeFirstOrThrow();
  const upload = newId();
  await server.services.db
    .insertInto('upload')
    .values({ id: upload as never, library_id: stranger.libraryId, account_id: stranger.accountId, device_id: stranger.deviceId, sha256: sha256Of('upload'), bytes: 10, file_name: 'a.jpg', created_at: 0, touched_at: server.clock.time })
    .execute();
  const invitation = (await (await stranger.request('POST', '/api/v1/invitations', { email: 'invited@example.com' })).json()) as { id: string };
  theirs = { account: stranger.accountId, library: stranger.libraryId, device: stranger.deviceId, sha256: asset.primary_sha256, upload, id: upload, asset: asset.id, name: 'thumb', invitation: invitation.id };
});
afterAll(async () => await server.closeSound());

const routesOf = async () => {
  const document = (await (await server.app.request('/api/openapi.json')).json()) as Document;
  return Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, route]) => ({ path, method: method.toUpperCase(), open: route.security?.length === 0 })));
};

/** A request that is valid but for whose it is. */
const valid = (path: string): { query: string; body: unknown; headers: Record<string, string> } => {
  const body: Record<string, unknown> = {
    '/api/v1/libraries/{library}/mutations': { epoch: stranger.epoch, acknowledged: 0, mutations: [] },
    '/api/v1/libraries/{library}/resources/known': { hashes: [theirs['sha256']] },
    '/api/v1/devices/{device}': { name: 'mine now' },
    '/api/v1/accounts/{account}': { plan: 'unlimited', disabled: true, name: 'mine now', role: 'member' },
    '/api/v1/devices/{device}/status': reportOf(),
    '/api/v1/devices/{device}/settings': { clock: 0, base: 0, change: newId(), settings: { sync: false } },
  };
  return {
    query: path.endsWith('/changes') ? `?epoch=${stranger.epoch}&after=0` : path.endsWith('/free-up-space/items') ? '?section=recentlyDeleted' : '',
    body: body[path],
    headers: path.includes('/uploads') ? { 'tus-resumable': '1.0.0', 'upload-offset': '0' } : {},
  };
};

const call = async (method: string, path: string, values: Record<string, string>) => {
  const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? newId());
  const { query, body, headers } = valid(path);
  const isPatchOfUpload = method === 'PATCH' && path.includes('/uploads');
  const response = await me.request(method, `${address}${query}`, method === 'GET' || method === 'HEAD' ? undefined : body, { ...headers, ...(isPatchOfUpload ? { 'content-type': 'application/offset+octet-stream' } : {}) });
  return { status: response.status, body: await response.text(), type: response.headers.get('content-type') };
};

describe('X1 who may open what', () => {
  test('X1 what is another account’s answers exactly as what does not exist, on every route', async () => {
    const routes = (await routesOf()).filter(({ path }) => path.includes('{'));
    expect(routes.length).toBeGreaterThan(8);
    const seen: string[] = [];
    for (const { method, path } of routes) {
      for (const parameter of path.matchAll(/\{(\w+)\}/g).map(([, name]) => name!)) expect(Object.keys(theirs), `${path}: the test does not know {${parameter}}`).toContain(parameter);
      const none = Object.fromEntries(Object.keys(theirs).map((name) => [name, name === 'sha256' ? sha256Of('none') : newId()]));
      const foreign = await call(method, path, theirs);
      expect(foreign, `${method} ${path}`).toEqual(await call(method, path, none));
      expect(foreign.status, `${method} ${path}: ${foreign.body}`).toBe(404);
      seen.push(`${method} ${path}`);
    }
    expect(seen).toContain('GET /api/v1/libraries/{library}/changes');
  });

  test('X1 a stranger’s hash in one’s own library is one that is not there', async () => {
    const own = { ...theirs, library: me.libraryId };
    for (const { method, path } of (await routesOf()).filter((route) => route.path.includes('{sha256}'))) expect((await call(method, path, own)).status).toBe(404);
  });

  test('X1 nothing of another account is listed', async () => {
    for (const path of ['/api/v1/libraries', '/api/v1/devices', '/api/v1/session', '/api/v1/accounts']) {
      const text = await (await me.request('GET', path)).text();
      for (const value of Object.values(theirs)) expect(text).not.toContain(value);
    }
  });

  test('X1 the stranger’s things are as they were', async () => {
    const device = await server.services.db.selectFrom('device').select('name').where('id', '=', stranger.deviceId).executeTakeFirstOrThrow();
    expect(device.name).toBe('first');
    expect((await stranger.request('GET', '/api/v1/session')).status).toBe(200);
    const account = await server.services.db.selectFrom('account').select(['name', 'role', 'plan_bytes']).where('id', '=', stranger.accountId).executeTakeFirstOrThrow();
    expect(account).toEqual({ name: 'stranger@example.com', role: 'owner', plan_bytes: 5_000_000_000 });
    expect(await server.services.db.selectFrom('upload').selectAll().execute()).toHaveLength(1);
  });

  test('X2 every route but those for strangers wants a session', async () => {
    for (const { method, path, open } of await routesOf()) {
      const address = path.replaceAll(/\{\w+\}/g, () => newId());
      const response = await server.app.request(address, { method });
      if (open) continue;
      expect(response.status, `${method} ${path}`).toBe(401);
      expect(method === 'HEAD' ? 'signed_out' : ((await response.json()) as Problem).code).toBe('signed_out');
    }
  });
});
