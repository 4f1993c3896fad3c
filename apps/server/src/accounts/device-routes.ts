import { createRoute, z } from '@hono/zod-openapi';
import { Device, DeviceId, DeviceName } from '@everroll/protocol';
import type { App, Services } from '../context.ts';
import { json, jsonBody, problems } from '../http/documented.ts';
import { devicesOf, renameDevice, revokeDevice } from './devices.ts';

const tags = ['devices'];
const params = z.object({ device: DeviceId });

const list = createRoute({
  method: 'get',
  path: '/api/v1/devices',
  tags,
  summary: 'The devices that are signed in to this account',
  responses: { 200: json(z.object({ devices: z.array(Device) }), 'The one last seen first.'), ...problems },
});

const rename = createRoute({
  method: 'patch',
  path: '/api/v1/devices/{device}',
  tags,
  summary: 'Rename a device',
  request: { params, body: jsonBody(z.object({ name: DeviceName })) },
  responses: { 200: json(Device, 'The device.'), ...problems },
});

const revoke = createRoute({
  method: 'delete',
  path: '/api/v1/devices/{device}',
  tags,
  summary: 'Sign a device out',
  request: { params },
  responses: { 204: { description: 'Its sessions have ended.' }, ...problems },
});

export function registerDevices(app: App, services: Services): void {
  app.openapi(list, async (c) => c.json({ devices: await devicesOf(services.db, c.var.session) }, 200));
  app.openapi(rename, async (c) => c.json(await renameDevice(services.db, c.var.session, c.req.valid('param').device, c.req.valid('json').name), 200));
  app.openapi(revoke, async (c) => {
    await revokeDevice(services, c.var.session, c.req.valid('param').device);
    return c.body(null, 204);
  });
}
