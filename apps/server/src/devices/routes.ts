import { createRoute, z } from '@hono/zod-openapi';
import { Device, DeviceId, DeviceList, DeviceName, REPORT_MAX_BYTES, ReportAnswer, ReportRequest, SettingsChange, SettingsDocument } from '@everroll/protocol';
import { bodyLimit } from 'hono/body-limit';
import { renameDevice, revokeDevice } from '../accounts/devices.ts';
import type { App, Services } from '../context.ts';
import { json, jsonBody, problems } from '../http/documented.ts';
import { fail } from '../http/problem.ts';
import { changeSettings, settingsOf } from './settings.ts';
import { overviewOf, takeReport } from './status.ts';

const tags = ['devices'];
const params = z.object({ device: DeviceId });

const list = createRoute({
  method: 'get',
  path: '/api/v1/devices',
  tags,
  summary: 'The devices that are signed in to this account, and how each stands',
  responses: { 200: json(DeviceList, 'The one last seen first.'), ...problems },
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

const report = createRoute({
  method: 'put',
  path: '/api/v1/devices/{device}/status',
  tags,
  summary: 'A device says how it stands (for itself only; one report a second)',
  middleware: [bodyLimit({ maxSize: REPORT_MAX_BYTES, onError: () => fail(413, 'body_too_large') })] as const,
  request: { params, body: jsonBody(ReportRequest) },
  responses: { 200: json(ReportAnswer, 'Which settings hold for it.'), ...problems },
});

const readSettings = createRoute({
  method: 'get',
  path: '/api/v1/devices/{device}/settings',
  tags,
  summary: 'What is set for a device',
  request: { params },
  responses: { 200: json(SettingsDocument, 'The registers that were ever set.'), ...problems },
});

const writeSettings = createRoute({
  method: 'patch',
  path: '/api/v1/devices/{device}/settings',
  tags,
  summary: 'Change what is set for a device',
  request: { params, body: jsonBody(SettingsChange) },
  responses: { 200: json(SettingsDocument, 'What is set now.'), ...problems },
});

export function registerDevices(app: App, services: Services): void {
  const { db, clock } = services;
  app.openapi(list, async (c) => c.json(await overviewOf(db, c.var.session, clock.now()), 200));
  app.openapi(rename, async (c) => c.json(await renameDevice(db, c.var.session, c.req.valid('param').device, c.req.valid('json').name), 200));
  app.openapi(revoke, async (c) => {
    await revokeDevice(services, c.var.session, c.req.valid('param').device);
    return c.body(null, 204);
  });
  app.openapi(report, async (c) => c.json(await takeReport(services, c.var.session, c.req.valid('param').device, c.req.valid('json')), 200));
  app.openapi(readSettings, async (c) => c.json(await settingsOf(services, c.var.session, c.req.valid('param').device), 200));
  app.openapi(writeSettings, async (c) => c.json(await changeSettings(services, c.var.session, c.req.valid('param').device, c.req.valid('json')), 200));
}
