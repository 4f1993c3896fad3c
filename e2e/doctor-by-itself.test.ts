import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Status } from '@everroll/engine';
import type { CheckResult } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OWNER, Stage, stopped } from './harness/processes.ts';
import { ServerProcess } from './harness/server.ts';
import { OpenWard, type Ward } from './harness/ward.ts';

let stage: Stage;
let server: ServerProcess;
let ward: Ward;

beforeEach(async () => {
  stage = await Stage.open();
  server = await ServerProcess.start(stage);
  ward = await OpenWard.open(stage, server, 'SECRET-PLACE');
});
afterEach(async () => {
  await ward.close();
  await server.stop();
  await stage.close();
});

type WithDiagnosis = Status & { readonly diagnosis: { readonly at: number; readonly results: readonly CheckResult[] } | null };

describe('by itself', () => {
  test('with work left and no progress the doctor looks, and the status says what it found', async () => {
    ward.device.environment['EVERROLL_STALL_SECONDS'] = '2';
    ward.line.switchTo({ kind: 'answers', answer: (_request, response) => response.writeHead(503).end() });
    await ward.addPhoto('AFTER.JPG');
    const watching = ward.device.start('sync', '--watch');
    const diagnosis = async (): Promise<WithDiagnosis['diagnosis']> => ((await ward.status()) as WithDiagnosis).diagnosis;
    let found = await diagnosis();
    while (found === null && watching.exitCode === null) found = await diagnosis();
    expect(found?.results.map(({ reason }) => reason)).toContain('server_maintenance');
    expect((await ward.device.run('status')).stdout).toContain('The server is being maintained or has an error.');

    ward.line.switchTo({ kind: 'none' });
    let status = await ward.status();
    while (status.items.verified < 2 && watching.exitCode === null) status = await ward.status();
    expect((await ward.device.run('status')).stdout).not.toContain('Nothing moved');
    await stopped(watching);
  });

  test('restart-sync in one process begins the work of another anew, and sends nothing twice', async () => {
    const watching = ward.device.start('sync', '--watch');
    await ward.addPhoto('AFTER.JPG');
    let status = await ward.status();
    while (status.items.verified < 2 && watching.exitCode === null) status = await ward.status();
    const restarted = await ward.device.ask<{ inAnotherProcess: boolean; items: Status['items'] }>(['restart-sync']);
    expect(restarted).toMatchObject({ inAnotherProcess: true, items: { found: 2, verified: 2 } });
    const ended = once(watching, 'exit');
    watching.kill('SIGTERM');
    await ended;
    const bundle = JSON.parse((await ward.device.run('support-bundle', '--json')).stdout) as { bundle: { events: { what: string; how: string }[] } };
    const events = bundle.bundle.events.map(({ what, how }) => `${what} ${how}`);
    expect(events).toContain('restart done');
    expect(events.slice(events.indexOf('restart done')).filter((event) => event.startsWith('upload'))).toEqual([]);
  });
});

describe('the support bundle', () => {
  test('is shown before it is saved, and saved only when the person agrees', async () => {
    const shown = await ward.device.run('support-bundle');
    expect([shown.exitCode, shown.stdout]).toEqual([2, expect.stringContaining('not in it')]);
    expect((await readdir(stage.path)).filter((name) => name.startsWith('everroll-support'))).toEqual([]);
  });

  test('holds checks, settings, versions, events and items by code, and no name, place, address or secret', async () => {
    // Whatever could be told of this device is told: faults of files, of the connection and of a source.
    await ward.addPhoto('SECRET-NAME.JPG');
    await ward.device.ask(['edit', 'BEFORE.JPG', '--caption', 'SECRET-CAPTION', '--place', '48.137154,11.576124']);
    await ward.device.ask(['doctor', '--outside', 'secret-outside.example:443']);
    await ward.device.ask(['album', 'create', 'SECRET-ALBUM']);
    ward.line.switchTo({ kind: 'answers', answer: (_request, response) => response.writeHead(302, { location: 'http://secret-portal.example/login' }).end() });
    await ward.device.run('sync', '--json');
    const path = join(stage.path, 'bundle.json');
    await ward.device.ask(['support-bundle', '--out', path, '--yes']);
    const text = await readFile(path, 'utf8');
    const bundle = JSON.parse(text) as Record<string, unknown> & { checks: CheckResult[] };
    expect(Object.keys(bundle)).toEqual(['madeAt', 'versions', 'checks', 'settings', 'conditions', 'state', 'items', 'sources', 'events']);
    expect(bundle.checks.map(({ reason }) => reason)).toContain('captive_portal');
    expect(bundle['events']).not.toEqual([]);

    const session = JSON.parse(await readFile(join(ward.device.home, 'session.json'), 'utf8')) as { server: string; token: string };
    const { account, library, device } = await ward.status();
    const secrets = ['SECRET', 'secret', 'BEFORE', '.JPG', stage.path, '/tmp', OWNER.email, OWNER.password, 'Ada', session.token, session.server, '127.0.0.1', account?.id ?? '', library?.id ?? '', library?.name ?? '', device?.id ?? '', device?.name ?? '', '48.13', '11.57'];
    for (const secret of secrets) {
      expect(secret).not.toBe('');
      expect(text).not.toContain(secret);
    }
  });
});

describe('why', () => {
  test('says where the bytes are, what waits since when, how often it was tried and what comes next', async () => {
    await ward.addPhoto('AFTER.JPG');
    ward.line.switchTo({ kind: 'answers', answer: (_request, response) => response.writeHead(503).end() });
    await ward.device.run('sync', '--json');
    const waiting = (await ward.device.run('why', join(ward.photos, 'AFTER.JPG'))).stdout;
    for (const part of ['Reason', 'The server is being maintained', 'Since', 'Next', 'on this device']) expect(waiting).toContain(part);
    const saved = await ward.device.ask<{ whereabouts: { onServer: boolean; here: { localId: string }[] }[] }>(['why', join(ward.photos, 'BEFORE.JPG')]);
    expect(saved.whereabouts).toMatchObject([{ onServer: true, here: [{ localId: 'BEFORE.JPG' }], wanted: null }]);
  });
});
