import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DeviceProcess } from './harness/device.ts';
import { Stage } from './harness/processes.ts';
import { ServerProcess } from './harness/server.ts';

let stage: Stage;
let server: ServerProcess;
let desk: DeviceProcess;
beforeEach(async () => {
  stage = await Stage.open();
  server = await ServerProcess.start(stage);
  desk = new DeviceProcess(stage, 'desk');
  await desk.signIn(server.url);
});
afterEach(async () => {
  await server.stop();
  await stage.close();
});

const deviceWith = (name: string, password: string): DeviceProcess => {
  const device = new DeviceProcess(stage, name);
  device.environment = { EVERROLL_PASSWORD: password };
  return device;
};

test('X5 an invited person makes their account, loses their password and gets back in', async () => {
  const { invitation } = await desk.ask<{ invitation: { code: string; email: string; plan: string } }>(['accounts', 'invite', 'bob@example.com', '--plan', '50GB']);
  expect(invitation).toMatchObject({ email: 'bob@example.com', plan: '50GB' });
  expect(await desk.ask(['accounts', 'invitations'])).toMatchObject({ invitations: [{ email: 'bob@example.com' }] });

  const laptop = deviceWith('laptop', 'the first password');
  const accept = ['sign-in', server.url, '--invitation', invitation.code, '--name', 'Bob'];
  expect(await laptop.ask(accept)).toMatchObject({ account: { email: 'bob@example.com', name: 'Bob', role: 'member' } });
  await laptop.addSource(join(stage.path, 'photos'));
  expect(await deviceWith('thief', 'another password').ask(accept, 1)).toMatchObject({ error: { code: 'link_expired' } });
  expect(await laptop.ask(['accounts', 'invite', 'eve@example.com'], 1)).toMatchObject({ error: { code: 'not_found' } });

  const { reset } = await desk.ask<{ reset: { code: string } }>(['accounts', 'reset-password', 'bob@example.com']);
  const phone = deviceWith('phone', 'the second password');
  await phone.ask(['sign-in', server.url, '--email', 'bob@example.com', '--reset-code', reset.code]);
  expect((await laptop.sync(3)).reasons.map(({ code }) => code)).toEqual(['session_revoked']);
  laptop.environment = { EVERROLL_PASSWORD: 'the second password' };
  await laptop.ask(['sign-in']);
  expect(await laptop.sync()).toMatchObject({ reasons: [] });
});

test('X5 an invitation that is withdrawn is worth nothing', async () => {
  const { invitation } = await desk.ask<{ invitation: { code: string } }>(['accounts', 'invite', 'bob@example.com']);
  await desk.ask(['accounts', 'withdraw', 'BOB@example.com']);
  const withdrawn = await deviceWith('laptop', 'the first password').ask(['sign-in', server.url, '--invitation', invitation.code, '--name', 'Bob'], 1);
  expect(withdrawn).toMatchObject({ error: { code: 'link_expired' } });
});
