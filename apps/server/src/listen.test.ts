import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Health, SignedIn } from '@everroll/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { settingsFrom } from './environment.ts';
import { type RunningServer, startServer } from './listen.ts';

let folder = '';
let running: RunningServer | null = null;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const owner = { EVERROLL_OWNER_EMAIL: 'owner@example.com', EVERROLL_OWNER_PASSWORD: 'correct horse' };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-server-'));
});
afterEach(async () => {
  await running?.close();
  running = null;
  await rm(folder, { recursive: true });
});

const start = async (env: Record<string, string> = {}) => (running = await startServer(settingsFrom({ EVERROLL_DATA: folder, EVERROLL_PORT: '0', ...env }), { log: quiet }));
const signIn = async (url: string, password = 'correct horse') =>
  await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'owner@example.com', password, device: { name: 'x', kind: 'agent' } }),
  });

describe('the running server', () => {
  test('answers health, with the nonce', async () => {
    const { url } = await start();
    const health = (await (await fetch(`${url}/api/health?nonce=a1`)).json()) as Health;
    expect(health).toMatchObject({ name: 'everroll', nonce: 'a1', setup: 'needed', protocol: { min: 1, max: 1 } });
    expect(Math.abs(health.time - Date.now())).toBeLessThan(5_000);
  });

  test('prints a set-up code that the page takes', async () => {
    const { url, setupCode } = await start();
    expect(setupCode).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/);
    const page = await (await fetch(`${url}/?code=${setupCode}`)).text();
    expect(page).toContain(`value="${setupCode}"`);
    const form = new URLSearchParams({ name: 'Owner', email: 'owner@example.com', password: 'correct horse', code: setupCode! });
    const done = await fetch(`${url}/setup`, { method: 'POST', body: form, redirect: 'manual' });
    expect([done.status, done.headers.get('location')]).toEqual([303, '/']);
    expect(await (await fetch(url)).text()).toContain(`npx everroll sign-in ${url} <span>--email`);
    expect((await signIn(url)).status).toBe(201);
  });

  test('makes the owner from the environment once; a later start changes nothing', async () => {
    const first = await start(owner);
    expect(first.setupCode).toBeNull();
    const { token } = (await (await signIn(first.url)).json()) as SignedIn;
    await first.close();
    const second = await start({ ...owner, EVERROLL_OWNER_PASSWORD: 'another password' });
    expect((await signIn(second.url, 'another password')).status).toBe(401);
    const session = await fetch(`${second.url}/api/v1/session`, { headers: { authorization: `Bearer ${token}` } });
    expect(session.status).toBe(200);
  });

  test('closes although someone listens for events', async () => {
    const server = await start(owner);
    const { token } = (await (await signIn(server.url)).json()) as SignedIn;
    const events = await fetch(`${server.url}/api/v1/events`, { headers: { authorization: `Bearer ${token}` } });
    const reader = events.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toMatch(/^event: head\n/);
    const begun = Date.now();
    await server.close();
    running = null;
    expect(Date.now() - begun).toBeLessThan(2_000);
    expect((await reader.read()).done).toBe(true);
  });

  test('a client that leaves lets go of its events', async () => {
    const server = await start(owner);
    const { token } = (await (await signIn(server.url)).json()) as SignedIn;
    for (let n = 0; n < 120; n += 1) {
      const leaving = new AbortController();
      const response = await fetch(`${server.url}/api/v1/events`, { headers: { authorization: `Bearer ${token}` }, signal: leaving.signal });
      expect(response.status).toBe(200);
      leaving.abort();
    }
  });

  test('what is no HTTP does not end it', async () => {
    const { url } = await start();
    const { port } = new URL(url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.end('\u0016\u0003\u0001 hello\r\n\r\n'));
      socket.on('close', () => resolve());
      socket.on('error', () => resolve());
      socket.resume();
    });
    expect((await fetch(`${url}/api/health`)).status).toBe(200);
  });
});

describe('the settings', () => {
  test('have the defaults of the design', () => {
    expect(settingsFrom({})).toEqual({ dataFolder: './data', host: '127.0.0.1', port: 4600, databaseUrl: 'sqlite:data/everroll.db', owner: null, trustProxy: false, webFolder: null, renditions: { workers: Math.max(1, Math.floor(availableParallelism() / 2)), memoryBytes: null, milliseconds: null, videoPreviews: 'on_demand' } });
  });

  test.each([{ EVERROLL_PORT: 'x' }, { EVERROLL_PORT: '70000' }, { EVERROLL_OWNER_EMAIL: 'a@example.com' }, { EVERROLL_STORAGE_URL: 's3://bucket' }, { EVERROLL_RENDITION_WORKERS: '-1' }, { EVERROLL_RENDITION_MEMORY_MB: '1' }, { EVERROLL_VIDEO_PREVIEWS: 'x' }])('that are none are refused with a sentence: %o', (env) => {
    expect(() => settingsFrom(env)).toThrow(/EVERROLL_/);
  });

  test('a weak or malformed owner is refused', async () => {
    await expect(start({ EVERROLL_OWNER_EMAIL: 'x', EVERROLL_OWNER_PASSWORD: 'long enough' })).rejects.toThrow(/e-mail/);
    await expect(start({ EVERROLL_OWNER_EMAIL: 'a@example.com', EVERROLL_OWNER_PASSWORD: 'short' })).rejects.toThrow(/10 characters/);
  });
});
