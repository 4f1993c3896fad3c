import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestServer, testServer } from '../testing/test-server.ts';

const script = 'export const answer = 42;\n';
let server: TestServer;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'everroll-web-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Everroll</title>');
  await writeFile(join(folder, 'assets', 'index-abc.js'), script);
  await writeFile(join(folder, 'assets', 'index-abc.js.br'), brotliCompressSync(script));
  server = await testServer({ config: { webFolder: folder } });
});
afterEach(async () => {
  await server.closeSound();
  await rm(folder, { recursive: true });
});
const get = async (path: string, headers: Record<string, string> = {}) => await server.app.request(path, { headers });
const html = { accept: 'text/html,*/*' };

describe('the web app', () => {
  test('is the page of every address that is not the interface’s', async () => {
    for (const path of ['/', '/albums/1', '/join/abc']) {
      const answer = await get(path, html);
      expect([answer.status, await answer.text(), answer.headers.get('cache-control')]).toEqual([200, expect.stringContaining('<title>Everroll') as string, 'no-cache']);
    }
    expect((await get('/api/v1/nothing', html)).status).toBe(401);
    expect((await get('/api/nothing', html)).status).toBe(404);
    expect((await get('/assets/gone.js')).status).toBe(404);
  });

  test('runs no script that stands in a page, and loads from this server alone', async () => {
    for (const path of ['/', '/assets/index-abc.js']) {
      const { headers } = await get(path, html);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
      expect(policy).not.toContain('unsafe-inline');
      expect(policy).not.toMatch(/https?:/);
      expect([headers.get('x-content-type-options'), headers.get('referrer-policy')]).toEqual(['nosniff', 'no-referrer']);
    }
  });

  test('a file that is named by its content is kept for good, and comes packed to who takes it so', async () => {
    const plain = await get('/assets/index-abc.js');
    expect([plain.headers.get('cache-control'), plain.headers.get('content-type'), plain.headers.get('content-encoding')]).toEqual(['public, max-age=31536000, immutable', 'text/javascript; charset=utf-8', null]);
    expect(await plain.text()).toBe(script);
    const packed = await get('/assets/index-abc.js', { 'accept-encoding': 'gzip, br' });
    expect([packed.headers.get('content-encoding'), brotliDecompressSync(await packed.arrayBuffer()).toString()]).toEqual(['br', script]);
    expect((await get('/assets/index-abc.js', { 'accept-encoding': 'br;q=0' })).headers.get('content-encoding')).toBeNull();
  });

  test('who has a file is not sent it again', async () => {
    const etag = (await get('/', html)).headers.get('etag') ?? '';
    expect((await get('/', { ...html, 'if-none-match': etag })).status).toBe(304);
  });

  test('no address leads out of its folder', async () => {
    for (const path of ['/..%2f..%2fetc/passwd', '/assets/../../package.json', '/%2e%2e/package.json']) expect((await get(path)).status).toBe(404);
  });

  test('the page without script stays for who has none', async () => {
    expect(await (await get('/setup', html)).text()).toContain('Set-up code');
  });
});
